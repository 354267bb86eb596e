/** Statements on `adjudications`. */
import { and, desc, eq } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'
import type { Item } from './disagreements.ts'
import { adjudications } from './tables.ts'

export type AdjudicationRow = typeof adjudications.$inferSelect

/** Newest first; the first row stands. */
export async function adjudicationsOf(
  executor: Executor,
  projectId: string,
  item: Item,
): Promise<readonly AdjudicationRow[]> {
  return executor
    .select()
    .from(adjudications)
    .where(
      and(
        eq(adjudications.projectId, projectId),
        eq(adjudications.criterionSha256, item.criterionSha256),
        eq(adjudications.episodeId, item.episodeId),
      ),
    )
    .orderBy(desc(adjudications.id))
}

/** False when somebody else was faster. */
export async function insertAdjudication(
  executor: Executor,
  row: typeof adjudications.$inferInsert,
): Promise<boolean> {
  const added = await executor
    .insert(adjudications)
    .values(row)
    .onConflictDoNothing()
    .returning({ id: adjudications.id })
  return added.length > 0
}
