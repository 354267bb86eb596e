/** Statements on `reservations`: who is at which question now. */
import { and, eq, type SQL, sql } from 'drizzle-orm'
import type { Database, Executor, Transaction } from '../db/connect.ts'
import { executePrepared } from '../db/execute-prepared.ts'
import { CHUNK_KIND } from '../episodes/tables.ts'
import type { Effects } from '../http/environment.ts'
import { isKeptForOthers } from '../looks/draw-looks.ts'
import { inConflict } from '../raters/conflicts.ts'
import { mayAnswer } from '../raters/may-answer.ts'
import { isTrustedTier } from '../raters/stored-raters.ts'
import { hasMetElsewhere } from './met-elsewhere.ts'
import type { Reviewer } from './rater-of.ts'
import { reservations } from './tables.ts'

/** Long enough for a long episode; short enough that a closed laptop holds nothing up for long. */
export const RESERVED_MS = 15 * 60_000

/**
 * Reserves the question for the rater, or says no: answered by this rater, wanted no more, taken by others, or its
 * episode has no text any more. One statement: of two raters who do this at the same instant neither need see the
 * other, so whoever reserved must look afterwards whether the question
 * is still open to it (`findAsked`), and give it back when it is not. Drops the rater's reservations that are answered.
 */
export async function reserve(
  effects: Pick<Effects, 'db' | 'now'>,
  reviewer: Reviewer,
  assignmentId: string,
): Promise<boolean> {
  return hold(effects, reviewer, assignmentId, false)
}

/** The same for a question that was drawn for this rater, whoever else answered it. */
export async function reserveDrawn(
  effects: Pick<Effects, 'db' | 'now'>,
  reviewer: Reviewer,
  assignmentId: string,
): Promise<boolean> {
  return hold(effects, reviewer, assignmentId, true)
}

/**
 * Both conditions are computed for every question, so that what is drawn takes no other time than work does. Which of them holds
 * depends on the row: a flag alone would be known when the statement is planned, and the other condition left out.
 */
async function hold(
  { db, now }: Pick<Effects, 'db' | 'now'>,
  reviewer: Reviewer,
  assignmentId: string,
  drawn: boolean,
): Promise<boolean> {
  const { projectId, raterId } = reviewer
  const at = now()
  const made = await executePrepared(
    db,
    'reserve',
    sql`
    with answered as (
      delete from reservations using assignments
      where reservations.project_id = ${projectId} and reservations.rater_id = ${raterId}
        and assignments.project_id = reservations.project_id and assignments.id = reservations.assignment_id
        and exists (select 1 from ${standing} and one.rater_id = ${raterId})
    )
    insert into reservations (project_id, assignment_id, rater_id, started_at, expires_at)
    select project_id, id, ${raterId}, ${at.toISOString()}::timestamptz,
      ${new Date(at.getTime() + RESERVED_MS).toISOString()}::timestamptz
    from assignments
    cross join lateral (select (${isOpen(reviewer, at)}) as as_work, (${isFreeForDrawn(reviewer)}) as as_drawn offset 0) free
    where project_id = ${projectId} and id = ${assignmentId}
      and case when answers_wanted = 0 or ${drawn} then as_drawn else as_work end
      and ${hasText}
    on conflict (project_id, assignment_id, rater_id)
      do update set started_at = excluded.started_at, expires_at = excluded.expires_at
    returning 1`,
  )
  return made.length > 0
}

/** SQL over `assignments`: one that was drawn for the rater is put to it, if there is text (`hasText`). */
export const isFreeForDrawn = ({
  projectId,
  raterId,
}: {
  readonly projectId: SQL | string
  readonly raterId: SQL | string
}) => sql`
  not exists (select 1 from ${standing} and one.rater_id = ${raterId})
    and not ${hasMetElsewhere(projectId, raterId)} and not ${inConflict(projectId, raterId, sql`assignments.episode_id`)}`

/** SQL over `assignments`, a number: answers that count of people as trusted as that. A check is none: it was influenced. */
export const answersOfClass = (trusted: boolean) => sql`(
  select count(*) from ${standing} and one.kind <> 'abstained' and one.form = 'find'
    and ${isOfClass(sql`one.rater_id`, trusted)} and exists (select 1 from raters
      where raters.project_id = one.project_id and raters.id = one.rater_id and raters.kind = 'human'))`

const isOfClass = (rater: SQL, trusted: boolean) => sql`coalesce((
  select ${isTrustedTier(sql`tier`)} from rater_tiers
  where rater_tiers.project_id = assignments.project_id and rater_tiers.rater_id = ${rater}
  order by rater_tiers.id desc limit 1), false) = ${trusted}`

/**
 * Holds over `assignments`: neither answered by the rater nor met elsewhere, nor of an agent it may not judge, not kept for others, and
 * answers of its class are wanted that nobody is at.
 */
export function isOpen(reviewer: Reviewer, now: Date) {
  const { projectId, raterId, trusted } = reviewer
  return sql`not exists (select 1 from ${standing} and one.rater_id = ${raterId})
    and not ${hasMetElsewhere(projectId, raterId)}
    and not ${inConflict(projectId, raterId, sql`assignments.episode_id`)}
    and not ${isKeptForOthers(reviewer, now)}
    and answers_wanted > ${answersOfClass(trusted)} + (
      select count(*) from reservations held where held.project_id = assignments.project_id
        and held.assignment_id = assignments.id and held.rater_id <> ${raterId}
        and held.expires_at > ${now.toISOString()}::timestamptz and ${isOfClass(sql`held.rater_id`, trusted)}
        and ${mayAnswer(projectId, sql`held.rater_id`)}
        and not exists (select 1 from ${standing} and one.rater_id = held.rater_id)
    )`
}

/** SQL over `assignments`: of its episode there is something to read still. */
export const hasText = sql`exists (select 1 from episode_chunks where episode_chunks.project_id = assignments.project_id
  and episode_chunks.episode_id = assignments.episode_id and episode_chunks.kind = ${CHUNK_KIND.detail})`

const standing = sql`ratings one where one.project_id = assignments.project_id
  and one.episode_id = assignments.episode_id and one.criterion_sha256 = assignments.criterion_sha256
  and one.kind <> 'withdrawn' and not exists (
    select 1 from ratings later where later.project_id = one.project_id and later.supersedes = one.id)`

/** The question that the rater is at and has not answered; the one reserved first when it is at several. */
export async function reservedNow(
  db: Database,
  { projectId, raterId }: Reviewer,
  now: Date,
): Promise<string | null> {
  const [row] = await executePrepared<{ id: string }>(
    db,
    'reserved_now',
    sql`select assignments.id from reservations
      join assignments on assignments.project_id = reservations.project_id and assignments.id = assignment_id
      where reservations.project_id = ${projectId} and reservations.rater_id = ${raterId}
        and expires_at > ${now.toISOString()}::timestamptz
        and ${hasText}
        and not exists (select 1 from ${standing} and one.rater_id = ${raterId})
      order by started_at, assignments.id limit 1`,
  )
  return row?.id ?? null
}

/** Gives the question back to the others. */
export async function dropReservation(
  executor: Executor,
  { projectId, raterId }: Reviewer,
  assignmentId: string,
): Promise<void> {
  await executor
    .delete(reservations)
    .where(
      and(
        eq(reservations.projectId, projectId),
        eq(reservations.assignmentId, assignmentId),
        eq(reservations.raterId, raterId),
      ),
    )
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
