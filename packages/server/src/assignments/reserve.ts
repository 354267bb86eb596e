/** Statements on `reservations`: who is at which question now. */
import { and, eq, gt, sql } from 'drizzle-orm'
import type { Executor, Transaction } from '../db/connect.ts'
import { CHUNK_KIND } from '../episodes/tables.ts'
import type { Effects } from '../http/environment.ts'
import type { Reviewer } from './rater-of.ts'
import { assignments, reservations } from './tables.ts'

/** Long enough for a long episode; short enough that a closed laptop holds nothing up for long. */
export const RESERVED_MS = 15 * 60_000

/**
 * Reserves the question for the rater, or says no: answered by this rater, wanted no more, taken by others, or its
 * episode has no text any more.
 */
export async function reserve(
  { db, now }: Pick<Effects, 'db' | 'now'>,
  reviewer: Reviewer,
  assignmentId: string,
): Promise<boolean> {
  return db.transaction(async (tx) => {
    // Two statements, because the second must see what the holder of the lock before has written.
    const locked = await tx
      .select({ id: assignments.id })
      .from(assignments)
      .where(and(eq(assignments.projectId, reviewer.projectId), eq(assignments.id, assignmentId)))
      .for('update', { skipLocked: true })
    if (locked.length === 0) return false
    const at = now()
    const made = await tx.execute(sql`
      insert into reservations (project_id, assignment_id, rater_id, started_at, expires_at)
      select project_id, id, ${reviewer.raterId}, ${at.toISOString()}::timestamptz,
        ${new Date(at.getTime() + RESERVED_MS).toISOString()}::timestamptz
      from assignments where project_id = ${reviewer.projectId} and id = ${assignmentId}
        and ${isOpen(reviewer, at)}
        and exists (select 1 from episode_chunks where episode_chunks.project_id = assignments.project_id
          and episode_chunks.episode_id = assignments.episode_id and episode_chunks.kind = ${CHUNK_KIND.detail})
      on conflict (project_id, assignment_id, rater_id)
        do update set started_at = excluded.started_at, expires_at = excluded.expires_at
      returning 1`)
    return made.rows.length > 0
  })
}

/** Holds over `assignments`: not yet answered by the rater, and answers of its class are wanted that nobody is at. */
function isOpen({ raterId, trusted }: Reviewer, now: Date) {
  const isTrusted = (rater: ReturnType<typeof sql>) => sql`coalesce((select tier = 'trusted' from rater_tiers
    where rater_tiers.project_id = assignments.project_id and rater_tiers.rater_id = ${rater}
    order by rater_tiers.id desc limit 1), false)`
  return sql`not exists (select 1 from ${standing} and one.rater_id = ${raterId})
    and answers_wanted > (
      select count(*) from ${standing} and one.kind <> 'abstained' and ${isTrusted(sql`one.rater_id`)} = ${trusted}
        and exists (select 1 from raters where raters.project_id = one.project_id and raters.id = one.rater_id
          and raters.kind = 'human')
    ) + (
      select count(*) from reservations held where held.project_id = assignments.project_id
        and held.assignment_id = assignments.id and held.rater_id <> ${raterId}
        and held.expires_at > ${now.toISOString()}::timestamptz and ${isTrusted(sql`held.rater_id`)} = ${trusted}
    )`
}

const standing = sql`ratings one where one.project_id = assignments.project_id
  and one.episode_id = assignments.episode_id and one.criterion_sha256 = assignments.criterion_sha256
  and one.kind <> 'withdrawn' and not exists (
    select 1 from ratings later where later.project_id = one.project_id and later.supersedes = one.id)`

/** The question that the rater is at; the one reserved first when it is at several. */
export async function reservedNow(
  executor: Executor,
  { projectId, raterId }: Reviewer,
  now: Date,
): Promise<string | null> {
  const [row] = await executor
    .select({ id: reservations.assignmentId })
    .from(reservations)
    .where(
      and(
        eq(reservations.projectId, projectId),
        eq(reservations.raterId, raterId),
        gt(reservations.expiresAt, now),
        sql`exists (select 1 from assignments join episode_chunks using (project_id, episode_id)
          where assignments.project_id = ${reservations.projectId} and assignments.id = ${reservations.assignmentId}
            and episode_chunks.kind = ${CHUNK_KIND.detail})`,
      ),
    )
    .orderBy(reservations.startedAt, reservations.assignmentId)
    .limit(1)
  return row?.id ?? null
}

export async function dropReservation(
  tx: Transaction,
  { projectId, raterId }: Reviewer,
  assignmentId: string,
): Promise<void> {
  await tx
    .delete(reservations)
    .where(
      and(
        eq(reservations.projectId, projectId),
        eq(reservations.assignmentId, assignmentId),
        eq(reservations.raterId, raterId),
      ),
    )
}

/** Whether one more answer of the rater's class is wanted: for answers that came without a reservation. */
export async function stillWanted(
  { db, now }: Pick<Effects, 'db' | 'now'>,
  reviewer: Reviewer,
  assignmentId: string,
): Promise<boolean> {
  const found = await db.execute(sql`select 1 from assignments
    where project_id = ${reviewer.projectId} and id = ${assignmentId} and ${isOpen(reviewer, now())}`)
  return found.rows.length > 0
}

/** After an undo the rater is at the question again, whoever else has taken it meanwhile. */
export async function holdAgain(
  tx: Transaction,
  { projectId, raterId }: Reviewer,
  assignmentId: string,
  now: Date,
): Promise<void> {
  const held = { startedAt: now, expiresAt: new Date(now.getTime() + RESERVED_MS) }
  await tx
    .insert(reservations)
    .values({ projectId, assignmentId, raterId, ...held })
    .onConflictDoUpdate({
      target: [reservations.projectId, reservations.assignmentId, reservations.raterId],
      set: held,
    })
}
