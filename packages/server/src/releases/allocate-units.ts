/**
 * Audit probabilities of a release on recorded episodes where its audits are allocated: from what programs and models predict,
 * how that went with earlier answers to the same question, and how long people took. Settled at the start, before any label of
 * the release is asked for.
 *
 * Never looks at answers about the release's own units, nor at gold of the part that measures. Where fewer than `ANSWERS_MIN`
 * earlier answers say what a prediction is worth, every unit gets the share.
 */
import { learnFailure, startCalibration } from '@leeway/core/gate/judge-calibration'
import { allocatePairAudits } from '@leeway/core/gate/pair-audits'
import { sql } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'
import { trustedAnswers } from './criterion-labels.ts'
import { heardJudges } from './heard-judges.ts'
import { predictedByEpisode } from './predicted-failure.ts'
import type { ReleaseRow } from './release-store.ts'
import type { CriterionTruth } from './truth.ts'

/** With fewer, the rates by score are noise, and a uniform share wastes nothing. */
const ANSWERS_MIN = 40
/** Enough for eleven rates; the newest say most of the judge as it is now. */
const ANSWERS_READ = 2_000
/** Of the share: no unit is less likely, or one surprising label would weigh more than all others. */
const FLOOR_OF_SHARE = 1 / 3
const FLOOR_MIN = 0.05
/** Longer than this, and the rater was away. */
const IDLE_SECONDS = 600
/** Of short and of long episodes each, before their minutes are told apart. */
const TIMED_MIN = 20

type Place = Pick<ReleaseRow, 'projectId' | 'agentId' | 'candidatePolicyId' | 'baselinePolicyId'>
type Predicted = ReadonlyMap<string, number>

/** By unit key, of the `different` ones: those whose pairs did the same are drawn otherwise. Null: every one gets the share. */
export async function allocateUnits(
  executor: Executor,
  release: Place,
  truth: CriterionTruth,
  units: {
    readonly all: readonly string[]
    readonly different: readonly string[]
    readonly predicted: { readonly candidate: Predicted; readonly baseline: Predicted }
  },
): Promise<ReadonlyMap<string, number> | null> {
  const { different, predicted } = units
  if (different.length === 0) return null
  const earlier = await earlierAnswers(executor, release, units.all, truth)
  const { byEpisode } = await predictedByEpisode(
    executor,
    release.projectId,
    earlier.map(({ episodeId }) => episodeId),
    truth,
    await heardJudges(
      executor,
      {
        projectId: release.projectId,
        policyId: release.candidatePolicyId,
        criterionSha256: truth.criterionSha256,
      },
      units.all,
    ),
  )
  const scored = earlier.filter(({ episodeId }) => byEpisode.has(episodeId))
  if (scored.length < ANSWERS_MIN) return null
  const calibration = startCalibration()
  for (const { episodeId, failed } of scored)
    learnFailure(calibration, byEpisode.get(episodeId) ?? null, failed ? 1 : 0)
  const minutes = await minutesOfUnits(executor, release, different, truth)
  const { probabilities } = allocatePairAudits(
    different.map((unit) => ({
      candidate: predicted.candidate.get(unit) ?? null,
      baseline: predicted.baseline.get(unit) ?? null,
      minutes: minutes(unit),
    })),
    {
      calibration,
      share: truth.auditShare,
      floor: Math.max(FLOOR_MIN, FLOOR_OF_SHARE * truth.auditShare),
    },
  )
  return new Map(different.map((unit, at) => [unit, probabilities[at] as number]))
}

async function earlierAnswers(
  executor: Executor,
  { projectId, agentId, candidatePolicyId, baselinePolicyId }: Place,
  unitKeys: readonly string[],
  truth: CriterionTruth,
): Promise<readonly { readonly episodeId: string; readonly failed: boolean }[]> {
  const found = await executor.execute<{ episode_id: string; failed: boolean }>(sql`
    with answers as materialized (${trustedAnswers(projectId, truth.criterionSha256)})
    select answers.episode_id, answers.value <> ${truth.good} as failed
    from answers join episodes on episodes.project_id = ${projectId} and episodes.id = answers.episode_id
    where agent_id = ${agentId}
      and not (policy_id in (${candidatePolicyId}, ${baselinePolicyId}) and unit_key is not null
        and unit_key in (select value from json_array_elements_text(${JSON.stringify(unitKeys)}::json)))
      and not exists (select 1 from gold_answers where gold_answers.project_id = ${projectId}
        and gold_answers.episode_id = answers.episode_id and part = 'measure'
        and gold_answers.criterion_sha256 = ${truth.criterionSha256})
    order by answers.episode_id desc limit ${ANSWERS_READ}`)
  return found.rows.map((row) => ({ episodeId: row.episode_id, failed: row.failed }))
}

/** In minutes of short episodes, or real ones: what matters is how many times as long the others take. */
async function minutesOfUnits(
  executor: Executor,
  { projectId, candidatePolicyId, baselinePolicyId }: Place,
  unitKeys: readonly string[],
  truth: CriterionTruth,
): Promise<(unitKey: string) => number> {
  const timed = await executor.execute<{
    split: number | null
    short: number | null
    long: number | null
    least: number
  }>(sql`
    with timed as materialized (
      select step_count, least(extract(epoch from committed_at - ratings.started_at), ${IDLE_SECONDS})::float8 as seconds
      from ratings join raters on raters.project_id = ratings.project_id and raters.id = rater_id and raters.kind = 'human'
      join episodes on episodes.project_id = ratings.project_id and episodes.id = episode_id
      where ratings.project_id = ${projectId} and criterion_sha256 = ${truth.criterionSha256}
        and ratings.kind = 'answered' and ratings.form = 'find' and ratings.supersedes is null and committed_at > ratings.started_at
    ),
    middle as (select percentile_disc(0.5) within group (order by step_count) as split from timed)
    select split, percentile_cont(0.5) within group (order by seconds) filter (where step_count <= split) as short,
      percentile_cont(0.5) within group (order by seconds) filter (where step_count > split) as long,
      least(count(*) filter (where step_count <= split), count(*) filter (where step_count > split))::int as least
    from timed, middle group by split`)
  const { split = null, short = null, long = null, least = 0 } = timed.rows[0] ?? {}
  if (split === null || !short || !long || least < TIMED_MIN) return () => 1
  const found = await executor.execute<{ unit_key: string; short: number; long: number }>(sql`
    select unit_key, (count(*) filter (where step_count <= ${split}))::int as short,
      (count(*) filter (where step_count > ${split}))::int as long
    from episodes where project_id = ${projectId} and policy_id in (${candidatePolicyId}, ${baselinePolicyId})
      and unit_key in (select value from json_array_elements_text(${JSON.stringify(unitKeys)}::json))
    group by unit_key`)
  const minutes = new Map(found.rows.map((row) => [row.unit_key, (row.short * short + row.long * long) / 60]))
  return (unitKey) => minutes.get(unitKey) ?? 1
}
