import { sql } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'
import type { Effects } from '../http/environment.ts'
import { isPlantedRequest } from '../planted-requests/is-planted.ts'

/** How many holds of the agent an agent waits for. A planted one takes nobody's place. */
export async function callsWaiting(
  executor: Executor,
  { now }: Pick<Effects, 'now'>,
  { projectId, agentId }: { readonly projectId: string; readonly agentId: string },
): Promise<number> {
  const { rows } = await executor.execute<{ count: number }>(sql`
    select count(*)::int as count from holds where project_id = ${projectId} and agent_id = ${agentId}
      and expires_at > ${now().toISOString()}::timestamptz
      and not exists (select 1 from hold_answers where hold_answers.project_id = holds.project_id
        and hold_answers.hold_id = holds.id)
      and not ${isPlantedRequest(sql`holds.project_id`, sql`holds.id`)}`)
  return rows[0]?.count ?? 0
}
