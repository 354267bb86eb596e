/** Advice to take a pause as its rater is told it: that there is some, and how long careful answers take. No count, no question. */
import type { PauseNote } from '@leeway/contract/planted-faults'
import { CAREFUL_MIN } from '@leeway/core/planted-faults/rubber-stamp'
import { sql } from 'drizzle-orm'
import type { Reviewer } from '../assignments/rater-of.ts'
import type { Executor } from '../db/connect.ts'
import { AppError } from '../http/app-error.ts'
import type { Effects } from '../http/environment.ts'
import { carefulSeconds } from './careful-seconds.ts'
import { pauseNoteEnds } from './tables.ts'

/** Coarse, so that it does not move with single answers of others. */
const ROUNDED_TO = 10

type Who = Pick<Reviewer, 'projectId' | 'raterId'>

/** Null: there is none that was not read. */
export async function pauseNote(executor: Executor, { projectId, raterId }: Who): Promise<PauseNote | null> {
  const { rows } = await executor.execute<{ id: string }>(sql`
    select id from pause_notes note where project_id = ${projectId} and rater_id = ${raterId}
      and not exists (select 1 from pause_note_ends ended where ended.project_id = note.project_id
        and ended.rater_id = note.rater_id and ended.note_id = note.id)
    order by at limit 1`)
  const [note] = rows
  if (note === undefined) return null
  const seconds = [...(await carefulSeconds(executor, projectId)).values()]
    .flat()
    .filter(({ rater }) => rater !== raterId)
    .map((one) => one.seconds)
    .sort((a, b) => a - b)
  const middle = seconds[Math.floor(seconds.length / 2)]
  return {
    id: note.id,
    carefulSeconds:
      middle === undefined || seconds.length < CAREFUL_MIN
        ? null
        : Math.max(ROUNDED_TO, Math.round(middle / ROUNDED_TO) * ROUNDED_TO),
  }
}

/** The same again changes nothing. */
export async function readPauseNote(
  effects: Effects,
  { projectId, raterId }: Who,
  noteId: string,
): Promise<void> {
  const { rows } = await effects.db.execute(sql`
    select 1 from pause_notes where project_id = ${projectId} and rater_id = ${raterId} and id = ${noteId}`)
  if (rows.length === 0)
    throw new AppError('not_found', 'There is no such note for you.', 'The inbox shows it, if there is one.')
  await effects.db
    .insert(pauseNoteEnds)
    .values({ projectId, raterId, noteId, at: effects.now() })
    .onConflictDoNothing()
}
