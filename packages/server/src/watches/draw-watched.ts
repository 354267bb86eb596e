/**
 * Draws which units of a promoted policy are audited, each once, after it has ended. The draw takes what was not there before,
 * the hash of the unit's first episode, and the seed of the watch: nobody can foresee it.
 */
import { sql } from 'drizzle-orm'
import type { Transaction } from '../db/connect.ts'
import { isNotPaired } from '../episodes/not-paired.ts'
import { LABEL_DAYS } from '../releases/assign-units.ts'
import { draw } from '../releases/draw.ts'
import type { releases } from '../releases/tables.ts'
import type { WatchRow } from './start-watch.ts'
import { watchedUnits } from './tables.ts'

/** Units of one round; the next goes on. Keeps a statement under PostgreSQL's 65,535 parameters. */
const UNITS_MAX = 5_000
/** An import may be committed so long after its ids were made. */
const LATE_MS = 3_600_000

/**
 * Whom the policy served before its promotion is left out: what became of that unit then is no news about now. Safe to repeat.
 */
export async function drawWatched(
  tx: Transaction,
  now: Date,
  release: typeof releases.$inferSelect,
  watch: WatchRow,
): Promise<void> {
  const { projectId, id: releaseId, candidatePolicyId: policyId } = release
  const last = await tx.execute<{ sequence: number | null; at: string | null }>(sql`
    select max(sequence) as sequence, max(drawn_at) as at from watched_units
    where project_id = ${projectId} and release_id = ${releaseId}`)
  const before = last.rows[0]
  const since = before?.at == null ? watch.startedAt : new Date(before.at)
  const started = watch.startedAt.toISOString()
  const fresh = await tx.execute<{ unit_key: string; content_hash: string }>(sql`
    select unit_key, content_hash from (
      select distinct on (unit_key) unit_key, content_hash, id from episodes
      where project_id = ${projectId} and policy_id = ${policyId} and unit_key is not null and ${isNotPaired(sql`unit_key`)}
        and id >= ${firstIdAt(Math.max(since.getTime() - LATE_MS, 0))} and imported_at > ${started}::timestamptz
        and not exists (select 1 from watched_units where watched_units.project_id = ${projectId}
          and release_id = ${releaseId} and watched_units.unit_key = episodes.unit_key)
        and not exists (select 1 from episodes earlier where earlier.project_id = ${projectId}
          and earlier.policy_id = ${policyId} and earlier.unit_key = episodes.unit_key
          and earlier.imported_at <= ${started}::timestamptz)
      order by unit_key, id
    ) units order by id limit ${UNITS_MAX}`)
  if (fresh.rows.length === 0) return
  const seed = Buffer.from(watch.seedHex, 'hex')
  const probability = watch.auditProbability
  const labelDueAt = new Date(now.getTime() + LABEL_DAYS * 86_400_000)
  await tx.insert(watchedUnits).values(
    fresh.rows.map(({ unit_key: unitKey, content_hash: endedBy }, index) => ({
      projectId,
      releaseId,
      sequence: (before?.sequence ?? 0) + index + 1,
      unitKey,
      endedBy,
      probability,
      drawn: draw(seed, 'watch', unitKey, endedBy) < probability,
      drawnAt: now,
      labelDueAt,
    })),
  )
}

/** The smallest UUIDv7 of a millisecond. */
function firstIdAt(ms: number): string {
  const hex = ms.toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`
}
