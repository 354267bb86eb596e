/** Answers that models gave through the gateway at a stage of a release, in conversations that have ended. */
import type { Stage } from '@leeway/core/ladder/ladder'
import { type SQL, sql } from 'drizzle-orm'
import type { ReleaseRow } from './release-store.ts'

/**
 * A query of `conversation`, `ended_at`, `turn_id`, `round` (of the turn, from 0) and `answer` (`decisionFacts`), for a `with`.
 *
 * Up to the end of each conversation: what came after it is another part. Answers of MCP servers are nobody's words. Earlier releases
 * of the same pair count, so that a retry cannot start the evidence anew.
 */
export function endedAnswers(
  { projectId, agentId, candidatePolicyId, baselinePolicyId }: ReleaseRow,
  stage: Pick<Stage, 'name'>,
): SQL {
  return sql`
    select turns.conversation, ended.at as ended_at, turns.id as turn_id, given.number - 1 as round, given.answer
    from autonomy_contracts held
    join gateway_turns turns on turns.project_id = held.project_id and turns.agent_id = held.agent_id
      and turns.contract_version = held.version
    join gateway_episodes ended on ended.project_id = turns.project_id and ended.agent_id = turns.agent_id
      and ended.conversation = turns.conversation and ended.part = 1 and turns.id <= ended.last_turn_id
    cross join lateral jsonb_array_elements(turns.decisions) with ordinality given(answer, number)
    where held.project_id = ${projectId} and held.agent_id = ${agentId}
      and held.document->'evidence'->>'stage' = ${stage.name}
      and held.document->'candidate'->>'policyId' = ${candidatePolicyId}
      and held.document->'baseline'->>'policyId' = ${baselinePolicyId}
      and given.answer->>'status' is not null and given.answer->>'outcome' is not null`
}
