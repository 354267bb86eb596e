/** What conversations with a candidate spent of a stage's KL budget, and whether the baseline's upstream can say it. */
import { type KlStanding, klStanding } from '@leeway/core/divergence/kl-budget'
import type { Stage } from '@leeway/core/ladder/ladder'
import { sql } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'
import type { ReleaseRow } from './release-store.ts'

/**
 * Null where the stage has no budget, and where the candidate does not act in it: then there is no conversation of its.
 *
 * Read are conversations that have ended, by the turns of the candidate up to their end; answers of MCP servers are not its words.
 * Earlier releases of the same pair count, so that a retry cannot start the evidence anew. One whose answers were not all scored
 * counts as not scored.
 */
export async function klEvidence(
  executor: Executor,
  release: ReleaseRow,
  stage: Stage,
  alpha: number,
): Promise<KlStanding | null> {
  const { klNatsMax } = stage.region
  if (klNatsMax === null || stage.autonomy !== 'act') return null
  const { projectId, agentId, candidatePolicyId, baselinePolicyId } = release
  const found = await executor.execute<{ nats: number | null }>(sql`
    with answers as (
      select turns.conversation, turns.id, answer.number - 1 as round
      from autonomy_contracts held
      join gateway_turns turns on turns.project_id = held.project_id and turns.agent_id = held.agent_id
        and turns.contract_version = held.version
      cross join lateral jsonb_array_elements(turns.decisions) with ordinality answer(round, number)
      where held.project_id = ${projectId} and held.agent_id = ${agentId}
        and held.document->'evidence'->>'stage' = ${stage.name}
        and held.document->'baseline'->>'policyId' = ${baselinePolicyId}
        and answer.round->>'policyId' = ${candidatePolicyId} and answer.round->>'role' = 'candidate'
        and answer.round->>'status' is not null and answer.round->>'outcome' is not null)
    select case when count(scores.nats) = count(*) then sum(scores.nats) end as nats
    from answers
    join gateway_episodes ended on ended.project_id = ${projectId} and ended.agent_id = ${agentId}
      and ended.conversation = answers.conversation and ended.part = 1 and answers.id <= ended.last_turn_id
    left join gateway_scores scores on scores.project_id = ${projectId} and scores.turn_id = answers.id
      and scores.round = answers.round and scores.baseline_policy_id = ${baselinePolicyId}
    group by answers.conversation, ended.at order by ended.at, answers.conversation`)
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
