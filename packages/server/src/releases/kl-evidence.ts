/** What conversations with a candidate spent of a stage's KL budget, and whether the baseline's upstream can say it. */
import { type KlStanding, klStanding } from '@leeway/core/divergence/kl-budget'
import type { Stage } from '@leeway/core/ladder/ladder'
import { sql } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'
import { endedAnswers } from './ended-answers.ts'
import type { ReleaseRow } from './release-store.ts'

/**
 * Null where the stage has no budget, and where the candidate does not act in it: then there is no conversation of its.
 *
 * Read is what the candidate answered in conversations that have ended. One whose answers were not all scored counts as not scored.
 */
export async function klEvidence(
  executor: Executor,
  release: ReleaseRow,
  stage: Stage,
  alpha: number,
): Promise<KlStanding | null> {
  const { klNatsMax } = stage.region
  if (klNatsMax === null || stage.autonomy !== 'act') return null
  const { projectId, candidatePolicyId, baselinePolicyId } = release
  const found = await executor.execute<{ nats: number | null }>(sql`
    with answers as (${endedAnswers(release, stage)})
    select case when count(scores.nats) = count(*) then sum(scores.nats) end as nats
    from answers
    left join gateway_scores scores on scores.project_id = ${projectId} and scores.turn_id = answers.turn_id
      and scores.round = answers.round and scores.baseline_policy_id = ${baselinePolicyId}
    where answer->>'role' = 'candidate' and answer->>'policyId' = ${candidatePolicyId}
    group by answers.conversation, ended_at order by ended_at, answers.conversation`)
  return klStanding(
    found.rows.map(({ nats }) => nats),
    { natsMax: klNatsMax, alpha, missingShareMax: stage.gate.missingShareMax },
  )
}

/** Whether candidates' words can be scored by the baseline's model, as it is served now. */
export async function hasReferenceScores(
  executor: Executor,
  { projectId, baselinePolicyId }: ReleaseRow,
): Promise<boolean> {
  const found = await executor.execute<{ scores: boolean }>(sql`
    select scores_with <> 'none' as scores from upstreams where project_id = ${projectId} and name = (
      select upstream from policy_servings where project_id = ${projectId} and policy_id = ${baselinePolicyId}
      order by ledger_seq desc, id desc limit 1)
    order by ledger_seq desc, id desc limit 1`)
  return found.rows[0]?.scores ?? false
}
