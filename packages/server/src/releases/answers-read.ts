/** What gates have read of the answers to a question. A narrow view for the features that take answers back. */
import { sql } from 'drizzle-orm'
import type { Transaction } from '../db/connect.ts'
import { lockRelease } from './release-store.ts'

/**
 * Until when answers to the criterion have been read by a gate; null when none has been. It depends on the question and
 * the time alone: if an answer were locked only where it was an audit, a refused undo would tell audits from gold.
 * Keeps the releases concerned from reading on until the transaction ends.
 */
export async function answersReadUntil(
  tx: Transaction,
  projectId: string,
  criterionSha256: string,
): Promise<Date | null> {
  const concerned = await tx.execute<{ id: string }>(sql`
    select id from releases where project_id = ${projectId} and truth->>'criterionSha256' = ${criterionSha256}
    order by id`)
  for (const { id } of concerned.rows) await lockRelease(tx, id)
  if (concerned.rows.length === 0) return null
  const found = await tx.execute<{ at: Date | string | null }>(sql`
    select max(at) as at from (
      select labelled_at as at from labels join releases on releases.project_id = labels.project_id
        and releases.id = labels.release_id
      where labels.project_id = ${projectId} and truth->>'criterionSha256' = ${criterionSha256} and failure is not null
      union all
      select labelled_at as at from second_look_labels again join releases on releases.project_id = again.project_id
        and releases.id = again.release_id
      where again.project_id = ${projectId} and truth->>'criterionSha256' = ${criterionSha256} and failure is not null
      union all
      select at from checks join releases on releases.project_id = checks.project_id
        and releases.id = checks.release_id
      where checks.project_id = ${projectId} and truth->>'criterionSha256' = ${criterionSha256}
    ) reads`)
  const at = found.rows[0]?.at ?? null
  return at === null ? null : new Date(at)
}
