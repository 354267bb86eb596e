import { sql } from 'drizzle-orm'
import type { Transaction } from '../db/connect.ts'

/**
 * An approval of a planted request is used up as it is given: nobody can use it afterwards, and it looks like one that an agent used.
 * For any other hold it does nothing.
 */
export async function useUpPlanted(
  tx: Transaction,
  { projectId, holdId, at }: { readonly projectId: string; readonly holdId: string; readonly at: Date },
): Promise<void> {
  await tx.execute(sql`
    insert into hold_uses (project_id, hold_id, at)
    select project_id, hold_id, ${at.toISOString()}::timestamptz from planted_requests
    where project_id = ${projectId} and hold_id = ${holdId}`)
}
