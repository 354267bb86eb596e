/** Gives an agent of the demo its rubric: programs have answered, and some questions wait for people. */
import { readFile } from 'node:fs/promises'
import { asc, eq } from 'drizzle-orm'
import { askQuestions } from '../assignments/ask-questions.ts'
import { episodes } from '../episodes/tables.ts'
import type { Effects } from '../http/environment.ts'
import { applyPrograms } from '../rubrics/apply-programs.ts'
import { saveRubric } from '../rubrics/save-rubric.ts'
import { findRubric } from '../rubrics/stored-rubrics.ts'

/** The file that people are pointed to, so that the demo shows what they would get. */
const RUBRIC = new URL('../../../../rubrics/help-desk.yaml', import.meta.url)
/** Enough to see the page work, few enough to finish. */
const EPISODES_ASKED = 10
/** The rest is done in the background, within minutes of the start. */
const EPISODES_APPLIED = 100

export async function askPeople(
  effects: Effects,
  projectId: string,
  agent: string,
  actor: string,
): Promise<void> {
  const source = await readFile(RUBRIC, 'utf8')
  const { id } = await saveRubric(effects, { projectId, agent, source, actor })
  const rubric = await findRubric(effects.db, projectId, id)
  if (rubric === undefined) throw new Error('the rubric of the demo was not saved')
  await applyPrograms(effects, rubric, EPISODES_APPLIED)
  const some = await effects.db
    .select({ id: episodes.id })
    .from(episodes)
    .where(eq(episodes.agentId, rubric.agentId))
    .orderBy(asc(episodes.id))
    .limit(EPISODES_ASKED)
  await askQuestions(effects, projectId, actor, {
    rubric: id,
    episodes: some.map((episode) => episode.id),
    answersWanted: 2,
  })
}
