import { sql } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'

/** Whether somebody has said what the answers of a policy cost. */
export async function hasServedPrice(
  executor: Executor,
  projectId: string,
  policyId: string,
): Promise<boolean> {
  const found = await executor.execute<{ known: boolean }>(sql`
    select usd_per_million is not null as known from policy_servings
    where project_id = ${projectId} and policy_id = ${policyId} order by ledger_seq desc, id desc limit 1`)
  return found.rows[0]?.known ?? false
}
