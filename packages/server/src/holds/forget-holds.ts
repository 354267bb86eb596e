import { sql } from 'drizzle-orm'
import type { Transaction } from '../db/connect.ts'

/** The words of holds go with those of their turns. `turnIds`: an array of PostgreSQL. */
export async function forgetHolds(tx: Transaction, projectId: string, turnIds: string): Promise<void> {
  const own = sql`project_id = ${projectId} and hold_id in (
    select id from holds where project_id = ${projectId} and turn_id = any(${turnIds}::uuid[]))`
  await tx.execute(sql`delete from hold_texts where ${own}`)
  await tx.execute(sql`delete from hold_edits where ${own}`)
}
