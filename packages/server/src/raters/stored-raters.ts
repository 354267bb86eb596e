/** Statements on `raters` and `rater_tiers`. */
import { and, desc, eq, inArray, type SQL, sql } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'
import { raters, raterTiers } from './tables.ts'

export type RaterRow = typeof raters.$inferSelect
export type RaterTier = 'trainee' | 'vetted' | 'expert' | 'suspended'

/** SQL: `tier` is one whose answers are the gate's truth. */
export const isTrustedTier = (tier: SQL) => sql`${tier} in ('vetted', 'expert')`
export const isTrusted = (tier: string | null) => tier === 'vetted' || tier === 'expert'

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

/** Tier of each; a rater about whom nobody said anything is a trainee. */
export async function tierOf(
  executor: Executor,
  projectId: string,
  raterIds: readonly string[],
): Promise<ReadonlyMap<string, RaterTier>> {
  const tiers = new Map<string, RaterTier>(raterIds.map((id) => [id, 'trainee']))
  if (raterIds.length === 0) return tiers
  const rows = await executor
    .selectDistinctOn([raterTiers.raterId])
    .from(raterTiers)
    .where(and(eq(raterTiers.projectId, projectId), inArray(raterTiers.raterId, [...raterIds])))
    .orderBy(raterTiers.raterId, desc(raterTiers.id))
  for (const row of rows) tiers.set(row.raterId, row.tier as RaterTier)
  return tiers
}
