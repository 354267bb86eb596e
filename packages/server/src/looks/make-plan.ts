/**
 * Makes a plan of who looks, when a release that allocates its audits starts: from what is known of the tiers and of help by then,
 * for every episode of the question alike.
 *
 * A plan changes how labels err. So none is made where labels or known answers of before would be read beside those to come: then
 * what stands goes on, a plan of before or none.
 */
import { chooseWay, type DrawnWay } from '@leeway/core/gate/choose-way'
import { sql } from 'drizzle-orm'
import type { Transaction } from '../db/connect.ts'
import type { Effects } from '../http/environment.ts'
import { trustedAnswers } from '../releases/criterion-labels.ts'
import type { CriterionTruth } from '../releases/truth.ts'
import { isRetired } from '../vetting/retired.ts'
import { groupRecords, type Help, helpRecords } from './measured-ways.ts'
import { type LookPlan, type RaterGroup, standingPlan } from './standing-plan.ts'
import { lookPlans } from './tables.ts'

/** Share of the questions that go to the other ways, so that they stay measured. */
const FLOOR = 0.2

export type WhoLooks = {
  /** Null: anybody who is trusted. */
  readonly plan: string | null
  readonly made: boolean
  /** Why none was made; '' where one was. */
  readonly why: string
  readonly groups: readonly { readonly name: RaterGroup; readonly probability: number }[]
  readonly help: Help | null
  readonly helpShare: number | null
}

type Release = {
  readonly projectId: string
  readonly id: string
  readonly candidatePolicyId: string
  readonly baselinePolicyId: string
}

export async function planLooks(
  tx: Transaction,
  effects: Pick<Effects, 'newId' | 'now'>,
  release: Release,
  truth: CriterionTruth,
  units: readonly string[],
): Promise<WhoLooks> {
  const { projectId } = release
  const before = await standingPlan(tx, projectId, truth.criterionSha256)
  const keeps = (why: string) => shown(before, false, why)
  const obstacle = await whyNotNow(tx, release, truth, units)
  if (obstacle !== null) return keeps(obstacle)
  const question = { projectId, criterionSha256: truth.criterionSha256, good: truth.good }
  const failure = await failureOf(tx, release, truth)
  if (failure === null) return keeps('nobody who is trusted has answered the question yet')
  const tiers = await groupRecords(tx, question)
  const helped = await helpRecords(tx, question)
  const groups = chooseWay(tiers, failure, FLOOR)
  const helps = helped === null ? null : chooseWay(helped.records, failure, FLOOR)
  const helpDrawn =
    helps?.kind === 'ways' && helps.ways.some(({ cost, name }) => cost !== null && name !== 'none')
  if (groups.kind === 'insufficient' && !helpDrawn) return keeps(groups.reason)
  const plan = {
    projectId,
    id: effects.newId(),
    criterionSha256: truth.criterionSha256,
    releaseId: release.id,
    groups: groups.kind === 'ways' ? groups.ways : ANYONE,
    help: helpDrawn ? (helped?.help ?? null) : null,
    helpShare: helpDrawn ? (helps.ways.find(({ name }) => name !== 'none')?.probability ?? null) : null,
    evidence: { failure, tiers, help: helped?.records ?? [] },
    at: effects.now(),
  }
  await tx.insert(lookPlans).values(plan)
  return shown(plan as LookPlan, true, '')
}

const ANYONE: readonly DrawnWay<RaterGroup>[] = [{ name: 'anyone', probability: 1, cost: null }]

function shown(plan: LookPlan | undefined, made: boolean, why: string): WhoLooks {
  return {
    plan: plan?.id ?? null,
    made,
    why,
    groups: (plan?.groups ?? ANYONE).map(({ name, probability }) => ({ name, probability })),
    help: (plan?.help ?? null) as Help | null,
    helpShare: plan?.helpShare ?? null,
  }
}

/** What would be read beside the labels to come, and was answered in another way; null: nothing. */
async function whyNotNow(
  tx: Transaction,
  { projectId, id, candidatePolicyId, baselinePolicyId }: Release,
  { criterionSha256, labelError }: CriterionTruth,
  units: readonly string[],
): Promise<string | null> {
  const { rows } = await tx.execute<{
    open: boolean
    earlier: boolean
    asked: boolean
    met: number
    fresh: number
  }>(sql`
    select
      exists (select 1 from releases where project_id = ${projectId} and id <> ${id}
        and truth->>'criterionSha256' = ${criterionSha256}
        and not exists (select 1 from decisions where decisions.project_id = releases.project_id
          and decisions.release_id = releases.id and kind in ('complete', 'rollback', 'close'))) as open,
      exists (select 1 from releases where project_id = ${projectId} and id <> ${id}
        and candidate_policy_id = ${candidatePolicyId} and baseline_policy_id = ${baselinePolicyId}
        and truth->>'criterionSha256' = ${criterionSha256}) as earlier,
      exists (select 1 from episodes where project_id = ${projectId}
        and policy_id in (${candidatePolicyId}, ${baselinePolicyId})
        and unit_key in (select value from json_array_elements_text(${JSON.stringify(units)}::json))
        and (exists (select 1 from assignments where assignments.project_id = episodes.project_id
            and assignments.episode_id = episodes.id and assignments.criterion_sha256 = ${criterionSha256}
            and answers_wanted > 0)
          or exists (select 1 from ratings join raters on raters.project_id = ratings.project_id
            and raters.id = ratings.rater_id and raters.kind = 'human'
            where ratings.project_id = episodes.project_id and ratings.episode_id = episodes.id
            and ratings.criterion_sha256 = ${criterionSha256}))) as asked,
      (count(*) filter (where is_met))::int as met, (count(*) filter (where not is_met))::int as fresh
    from (
      select exists (select 1 from ratings join raters on raters.project_id = ratings.project_id
          and raters.id = ratings.rater_id and raters.kind = 'human'
        where ratings.project_id = ${projectId} and ratings.episode_id = gold_answers.episode_id
          and ratings.criterion_sha256 = ${criterionSha256} and ratings.kind = 'answered' and ratings.form = 'find')
        or exists (select 1 from assignments where assignments.project_id = ${projectId} and answers_wanted > 0
          and assignments.episode_id = gold_answers.episode_id and assignments.criterion_sha256 = ${criterionSha256})
        as is_met
      from gold_answers where project_id = ${projectId} and criterion_sha256 = ${criterionSha256} and part = 'measure'
        and not ${isRetired(projectId, { episodeId: sql`gold_answers.episode_id`, sha256: criterionSha256 })}
    ) known`)
  const { open = false, earlier = false, asked = false, met = 0, fresh = 0 } = rows[0] ?? {}
  if (open) return 'another release by this question is open'
  if (earlier) return 'the evidence of an earlier release of this pair goes on'
  if (asked) return 'episodes of this release were asked about before'
  if (labelError === 'shared' && fresh < met)
    return `of the known answers that measure, ${met} were met before and ${fresh} are left`
  return null
}

/** How often trusted people call an episode of the question a failure, but for gold that measures; null where nobody did. */
async function failureOf(
  tx: Transaction,
  { projectId }: Release,
  truth: CriterionTruth,
): Promise<number | null> {
  const { rows } = await tx.execute<{ failure: number | null }>(sql`
    with answers as materialized (${trustedAnswers(projectId, truth.criterionSha256)})
    select avg(case when answers.value = ${truth.good} then 0 else 1 end)::float8 as failure from answers
    where not exists (select 1 from gold_answers where gold_answers.project_id = ${projectId} and part = 'measure'
      and gold_answers.episode_id = answers.episode_id and gold_answers.criterion_sha256 = ${truth.criterionSha256})`)
  return rows[0]?.failure ?? null
}
