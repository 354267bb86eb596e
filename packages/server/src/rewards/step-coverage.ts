/** Which steps of an episode its answers under a rubric rest on. */
import type { EpisodeCoverageView } from '@leeway/contract/rewards'
import { episodeCoverage } from '@leeway/core/instruction-coverage/episode-coverage'
import { leavesOf } from '@leeway/core/rubrics/rubric'
import type { Executor } from '../db/connect.ts'
import { storedEpisodes } from '../episodes/stored-episode.ts'
import { listRatings } from '../ratings/list-ratings.ts'
import { criterionSha256 } from '../rubrics/criterion-hash.ts'
import { rubricOf } from '../rubrics/stored-rubrics.ts'
import { ANSWERS_MAX } from './episode-reward.ts'
import { rubricOfEpisode } from './rubric-of-episode.ts'

/** Null without a rubric, and where the text is gone. Throws AppError not_found. */
export async function stepCoverage(
  executor: Executor,
  projectId: string,
  episodeId: string,
  rubricId?: string,
): Promise<EpisodeCoverageView | null> {
  const row = await rubricOfEpisode(executor, projectId, episodeId, rubricId)
  const [stored] = await storedEpisodes(executor, projectId, [episodeId])
  if (row === undefined || stored === undefined) return null
  const said = await listRatings(
    executor,
    projectId,
    { episode: episodeId, rubric: row.id },
    { limit: ANSWERS_MAX, before: null },
  )
  const answers = said.filter(({ answer }) => answer.kind !== 'abstained')
  const byProgram = new Set(
    answers.filter(({ raterKind }) => raterKind === 'program').map((one) => one.criterionSha256),
  )
  const checks = leavesOf(rubricOf(row)).flatMap(({ check, criterion }) =>
    check !== null && byProgram.has(criterionSha256(criterion)) ? [check] : [],
  )
  const evidence = new Set(answers.flatMap((one) => one.evidence))
  const { steps, acted, pointed, read, share } = episodeCoverage(stored.episode.steps, evidence, checks)
  return {
    rubric: { id: row.id, name: row.name, version: row.version },
    acted,
    pointed,
    read,
    share,
    unread: steps.filter(({ state }) => state === 'unread').map(({ ordinal }) => ordinal),
  }
}
