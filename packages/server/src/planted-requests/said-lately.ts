import { sql } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'
import type { HoldText } from '../holds/hold-text.ts'

/**
 * What an MCP server said of its tool with the newest call of it that was held and whose words are still there: people see it with every
 * call. Null where there is none, so that nobody knows what should stand there.
 */
export async function saidLately(
  executor: Executor,
  {
    projectId,
    agentId,
    place,
    tool,
  }: { readonly projectId: string; readonly agentId: string; readonly place: string; readonly tool: string },
): Promise<Pick<HoldText['calls'][number], 'says'> | null> {
  const { rows } = await executor.execute<{ body: string }>(sql`
    select body from holds
    join hold_texts texts on texts.project_id = holds.project_id and texts.hold_id = holds.id
    where holds.project_id = ${projectId} and agent_id = ${agentId} and place = ${place} and tools = array[${tool}]
    order by asked_at desc limit 1`)
  const [newest] = rows
  if (newest === undefined) return null
  const [call] = (JSON.parse(newest.body) as HoldText).calls
  return call?.says === undefined ? {} : { says: call.says }
}
