/** Advice to take a pause, as whoever decides about held calls is told it: that there is some. No count, and no call. */
import type { PauseNote } from '@leeway/contract/planted-faults'
import { sql } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'
import { AppError } from '../http/app-error.ts'
import type { Effects } from '../http/environment.ts'
import { approvalPauseNoteEnds } from './tables.ts'

type Who = { readonly projectId: string; readonly actor: string }

/** Null: there is none that was not read. */
export async function approvalPause(
  executor: Executor,
  { projectId, actor }: Who,
): Promise<PauseNote | null> {
  const { rows } = await executor.execute<{ id: string }>(sql`
    select id from approval_pause_notes note where project_id = ${projectId} and actor = ${actor}
      and not exists (select 1 from approval_pause_note_ends ended where ended.project_id = note.project_id
        and ended.actor = note.actor and ended.note_id = note.id)
    order by at limit 1`)
  const [note] = rows
  // How long a call takes to read depends on the call.
  return note === undefined ? null : { id: note.id, carefulSeconds: null }
}

/** The same again changes nothing. */
export async function readApprovalPause(
  effects: Effects,
  { projectId, actor }: Who,
  noteId: string,
): Promise<void> {
  const { rows } = await effects.db.execute(sql`
    select 1 from approval_pause_notes where project_id = ${projectId} and actor = ${actor} and id = ${noteId}`)
  if (rows.length === 0)
    throw new AppError(
      'not_found',
      'There is no such note for you.',
      'The held calls show it, if there is one.',
    )
  await effects.db
    .insert(approvalPauseNoteEnds)
    .values({ projectId, actor, noteId, at: effects.now() })
    .onConflictDoNothing()
}
