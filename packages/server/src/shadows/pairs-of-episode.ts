import { sql } from 'drizzle-orm'
import type { Transaction } from '../db/connect.ts'

type Place = { readonly projectId: string; readonly agentId: string; readonly sourceId: string | null }

/**
 * Ids of the episodes that hold answers given beside turns of the conversation of this episode: they repeat its words. What was not
 * drawn yet is forgotten.
 */
export async function pairsOfEpisode(
  tx: Transaction,
  { projectId, agentId, sourceId }: Place,
): Promise<readonly string[]> {
  if (sourceId === null) return []
  const turns = sql`(select turn_id from shadow_calls calls
    join gateway_episodes told on told.project_id = calls.project_id and told.agent_id = calls.agent_id
      and told.conversation = calls.conversation
    where told.project_id = ${projectId} and told.agent_id = ${agentId} and told.source_id = ${sourceId})`
  await tx.execute(sql`delete from shadow_texts where project_id = ${projectId} and turn_id in ${turns}`)
  const found = await tx.execute<{ id: string }>(sql`
    select id from episodes where project_id = ${projectId} and agent_id = ${agentId}
      and source_id in (select 'paired:' || turn_id from ${turns} beside)`)
  return found.rows.map(({ id }) => id)
}
