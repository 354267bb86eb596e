/** Simulated people of the demo say which of two runs is better; some pairs wait for real ones. */
import { readFile } from 'node:fs/promises'
import { AskComparisons } from '@leeway/contract/comparisons'
import { and, eq, inArray } from 'drizzle-orm'
import { askComparisons } from '../comparisons/ask-comparisons.ts'
import { commitComparison } from '../comparisons/commit-comparison.ts'
import { nextPair } from '../comparisons/next-pair.ts'
import { episodes } from '../episodes/tables.ts'
import type { Effects } from '../http/environment.ts'
import { ensureRater } from '../raters/ensure-rater.ts'
import { saveRubric } from '../rubrics/save-rubric.ts'
import { createRng } from './world/rng.ts'

const RUBRIC = new URL('../../../../rubrics/help-desk-pairs.yaml', import.meta.url)
const PAIRS = 60
/** Of each person: a third of the pairs is left for whoever looks at the demo. */
const ANSWERS_EACH = 40
const ANSWERS_WANTED = 3
/** Simulated people: how often each prefers the run that succeeded, and takes the left one where both or none did. */
const PEOPLE = [
  { name: 'Rosa (simulated)', finds: 0.9, left: 0.5 },
  { name: 'Tariq (simulated)', finds: 0.8, left: 0.6 },
  { name: 'Mina (simulated)', finds: 0.65, left: 0.7 },
] as const
const MINUTE_MS = 60_000

export async function compareRuns(
  effects: Effects,
  projectId: string,
  agent: string,
  policies: readonly string[],
  actor: string,
): Promise<void> {
  const source = await readFile(RUBRIC, 'utf8')
  const { id: rubric } = await saveRubric(effects, { projectId, agent, source, actor })
  await askComparisons(
    effects,
    projectId,
    actor,
    AskComparisons.parse({
      rubric,
      criterion: 'root',
      policies,
      pairs: PAIRS,
      answersWanted: ANSWERS_WANTED,
    }),
  )
  for (const person of PEOPLE) {
    const { id: raterId } = await ensureRater(effects.db, effects, projectId, {
      kind: 'human',
      name: person.name,
      family: 'people',
    })
    const reviewer = { projectId, raterId, trusted: false, expert: false, newestConflict: null }
    const chance = createRng(`comparing ${person.name}`)
    for (let at = 0; at < ANSWERS_EACH; at++) {
      const given = await nextPair(effects, reviewer)
      if (given === null) break
      const { left, right } = given
      const success = await successOf(effects, projectId, [left.episodeId, right.episodeId])
      const [onLeft, onRight] = [success.get(left.episodeId) ?? 0, success.get(right.episodeId) ?? 0]
      const better = onLeft === onRight ? null : onLeft > onRight ? 'left' : 'right'
      const takesLeft = chance.chance(person.left)
      const value =
        better !== null && chance.chance(person.finds)
          ? better
          : chance.chance(0.3)
            ? 'equal'
            : takesLeft
              ? 'left'
              : 'right'
      await commitComparison(effects, reviewer, given.pairId, {
        commitKey: effects.newId(),
        answer: { kind: 'answered', value },
        comment: '',
        leftEvidence: [],
        rightEvidence: [],
        flagged: false,
        startedAt: new Date(effects.now().getTime() - MINUTE_MS).toISOString(),
      })
    }
  }
}

async function successOf(
  { db }: Pick<Effects, 'db'>,
  projectId: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, number | null>> {
  const rows = await db
    .select({ id: episodes.id, success: episodes.success })
    .from(episodes)
    .where(and(eq(episodes.projectId, projectId), inArray(episodes.id, [...ids])))
  return new Map(rows.map(({ id, success }) => [id, success]))
}
