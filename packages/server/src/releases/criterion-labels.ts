/**
 * Labels of a release whose truth is a criterion: what trusted raters answered on each episode of a unit, and how good
 * their answers are on gold. Answers that were found: a check of somebody's answer leans on that answer, and is no label.
 */
import type { GoldCounts } from '@leeway/core/gate/label-error-plan'
import { type SQL, sql } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'
import type { UnitOutcome } from '../episodes/views.ts'
import { standingPlan } from '../looks/standing-plan.ts'
import { isNotPlanted } from '../planted-faults/not-planted.ts'
import { isTrustedTier } from '../raters/stored-raters.ts'
import type { CriterionTruth } from './truth.ts'

export type UnitEpisode = { readonly unitKey: string; readonly episodeId: string }

/** Episodes of the named units under a policy. */
export async function episodesOfUnits(
  executor: Executor,
  projectId: string,
  policyId: string,
  unitKeys: readonly string[],
): Promise<readonly UnitEpisode[]> {
  if (unitKeys.length === 0) return []
  const found = await executor.execute<{ unit_key: string; id: string }>(sql`
    select unit_key, id from episodes
    where project_id = ${projectId} and policy_id = ${policyId}
      and unit_key in (select value from json_array_elements_text(${JSON.stringify(unitKeys)}::json))
    order by unit_key, id`)
  return found.rows.map((row) => ({ unitKey: row.unit_key, episodeId: row.id }))
}

/**
 * Failure of each named unit: the mean over its episodes of what the first trusted answer says. Null while any of its
 * episodes lacks one: a unit must not speak through the episodes that happened to be reviewed first. An answer counts
 * when its rater is trusted now, and "not applicable" counts as no answer.
 */
export async function outcomesByCriterion(
  executor: Executor,
  projectId: string,
  policyId: string,
  unitKeys: readonly string[],
  truth: CriterionTruth,
): Promise<ReadonlyMap<string, UnitOutcome>> {
  if (unitKeys.length === 0) return new Map()
  const found = await executor.execute<{
    unit_key: string
    failure: number | null
    severe: number
    episodes: number
    step_count_max: number | null
  }>(sql`
    with answers as materialized (${trustedAnswers(projectId, truth.criterionSha256)})
    select unit_key,
      case when bool_and(answers.value is not null)
        then avg(case when answers.value = ${truth.good} then 0 else 1 end)::float8 end as failure,
      (count(*) filter (where severe))::int as severe, count(*)::int as episodes, max(step_count) as step_count_max
    from episodes left join answers on answers.episode_id = episodes.id
    where project_id = ${projectId} and policy_id = ${policyId}
      and unit_key in (select value from json_array_elements_text(${JSON.stringify(unitKeys)}::json))
    group by unit_key`)
  return new Map(
    found.rows.map((row) => [
      row.unit_key,
      { failure: row.failure, severe: row.severe, episodes: row.episodes, stepCountMax: row.step_count_max },
    ]),
  )
}

/**
 * The same as experts see it who did not give the first trusted answer to the episode: the first standing answer of one
 * of them. A unit all of whose episodes have one.
 */
export async function failuresAtSecondLook(
  executor: Executor,
  projectId: string,
  policyId: string,
  unitKeys: readonly string[],
  truth: CriterionTruth,
): Promise<ReadonlyMap<string, number>> {
  if (unitKeys.length === 0) return new Map()
  const found = await executor.execute<{ unit_key: string; failure: number }>(sql`
    with first as materialized (${trustedAnswers(projectId, truth.criterionSha256)}),
    again as materialized (
      select distinct on (ratings.episode_id) ratings.episode_id, ratings.value #>> '{}' as value
      from ratings join first on first.episode_id = ratings.episode_id and first.rater_id <> ratings.rater_id
      ${tierOfRater(sql`newest.tier = 'expert'`)}
      where ${standingAnswers(projectId, truth.criterionSha256)}
      order by ratings.episode_id, ratings.committed_at, ratings.id
    )
    select unit_key, avg(case when again.value = ${truth.good} then 0 else 1 end)::float8 as failure
    from episodes left join again on again.episode_id = episodes.id
    where project_id = ${projectId} and policy_id = ${policyId}
      and unit_key in (select value from json_array_elements_text(${JSON.stringify(unitKeys)}::json))
    group by unit_key having bool_and(again.value is not null)`)
  return new Map(found.rows.map((row) => [row.unit_key, row.failure]))
}

/**
 * What trusted raters first said of gold of the part that nothing else reads: one answer an item. Where a plan says who looks, only what
 * was said to a question that it drew: whoever answered before, or met the item in secret, is of another mixture of raters than the audits.
 */
export async function measureGold(
  executor: Executor,
  projectId: string,
  truth: CriterionTruth,
): Promise<GoldCounts> {
  const plan = await standingPlan(executor, projectId, truth.criterionSha256)
  const isDrawn =
    plan === undefined
      ? sql`true`
      : sql`exists (select 1 from look_draws where look_draws.project_id = ${projectId}
          and look_draws.assignment_id = answers.assignment_id and look_draws.plan_id = ${plan.id}
          and look_draws.at <= answers.committed_at)`
  const found = await executor.execute<{ truth: string; answer: string; items: number }>(sql`
    with answers as materialized (${trustedAnswers(projectId, truth.criterionSha256)})
    select gold_answers.value as truth, answers.value as answer, count(*)::int as items
    from gold_answers join answers using (episode_id)
    where project_id = ${projectId} and criterion_sha256 = ${truth.criterionSha256} and part = 'measure' and ${isDrawn}
      -- Who answers after it was retired may have heard of it. What was said before stays: nobody drops what speaks against them.
      and not exists (select 1 from gold_retirements retired where retired.project_id = ${projectId}
        and retired.episode_id = answers.episode_id and retired.criterion_sha256 = ${truth.criterionSha256}
        and retired.at <= answers.committed_at)
    group by 1, 2`)
  const count = (sound: boolean, passed: boolean) =>
    found.rows
      .filter((row) => (row.truth === truth.good) === sound && (row.answer === truth.good) === passed)
      .reduce((sum, row) => sum + row.items, 0)
  const caught = count(false, false)
  const passed = count(true, true)
  return { faults: caught + count(false, true), found: caught, sound: passed + count(true, false), passed }
}

/**
 * One answer an episode: the first standing one of a trusted rater, so that whoever answers first speaks, on gold and
 * on audits alike. Columns `episode_id`, `value`, `rater_id`, `assignment_id`, `committed_at`.
 */
export function trustedAnswers(projectId: string, criterionSha256: string): SQL {
  return sql`
    select distinct on (ratings.episode_id) ratings.episode_id, ratings.value #>> '{}' as value, ratings.rater_id,
      ratings.assignment_id, ratings.committed_at
    from ratings ${tierOfRater(isTrustedTier(sql`newest.tier`))}
    where ${standingAnswers(projectId, criterionSha256)}
    order by ratings.episode_id, ratings.committed_at, ratings.id`
}

/** Joins `ratings` with people whose tier now, `newest.tier`, is as wanted. */
export const tierOfRater = (wanted: SQL) => sql`
  join raters on raters.project_id = ratings.project_id and raters.id = ratings.rater_id and raters.kind = 'human'
  join lateral (
    select tier from rater_tiers where rater_tiers.project_id = ratings.project_id
      and rater_tiers.rater_id = ratings.rater_id order by rater_tiers.id desc limit 1
  ) newest on ${wanted}`

const standingAnswers = (projectId: string, criterionSha256: string) => sql`
  ratings.project_id = ${projectId} and ratings.criterion_sha256 = ${criterionSha256}
    and ratings.kind = 'answered' and ratings.form = 'find'
    and ${isNotPlanted(projectId, sql`ratings.episode_id`)}
    and not exists (select 1 from ratings later
      where later.project_id = ratings.project_id and later.supersedes = ratings.id)`
