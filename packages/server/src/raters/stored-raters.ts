/** Statements on `raters` and `rater_tiers`. */
import { and, desc, eq, inArray } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'
import { raters, raterTiers } from './tables.ts'

export type RaterRow = typeof raters.$inferSelect
export type RaterTier = 'untrusted' | 'trusted' | 'suspended'

export async function findRater(
  executor: Executor,
  projectId: string,
  raterId: string,
): Promise<RaterRow | undefined> {
  const [row] = await executor
    .select()
    .from(raters)
    .where(and(eq(raters.projectId, projectId), eq(raters.id, raterId)))
  return row
}

/** Tier of each; a rater about whom nobody said anything is untrusted. */
export async function tierOf(
  executor: Executor,
  projectId: string,
  raterIds: readonly string[],
): Promise<ReadonlyMap<string, RaterTier>> {
  const tiers = new Map<string, RaterTier>(raterIds.map((id) => [id, 'untrusted']))
  if (raterIds.length === 0) return tiers
  const rows = await executor
    .selectDistinctOn([raterTiers.raterId])
    .from(raterTiers)
    .where(and(eq(raterTiers.projectId, projectId), inArray(raterTiers.raterId, [...raterIds])))
    .orderBy(raterTiers.raterId, desc(raterTiers.id))
  for (const row of rows) tiers.set(row.raterId, row.tier as RaterTier)
  return tiers
}
