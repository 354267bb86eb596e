import { sql } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'

/** Which policy a unit of a release was drawn for at last; null where nobody drew it. Draws nothing. */
export async function servedArm(
  executor: Executor,
  projectId: string,
  releaseId: string,
  unitKey: string,
): Promise<'baseline' | 'candidate' | null> {
  const found = await executor.execute<{ arm: string }>(sql`
    select arm from selections where project_id = ${projectId} and release_id = ${releaseId} and unit_key = ${unitKey}
    order by sequence desc limit 1`)
  const [row] = found.rows
  if (row === undefined) return null
  return row.arm === 'candidate' ? 'candidate' : 'baseline'
}
