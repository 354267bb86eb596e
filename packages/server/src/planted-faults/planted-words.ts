import { type SQL, sql } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'
import { plantedReport } from './planted-report.ts'

/** For a rater's card; nothing where the rater has met no planted fault. */
export async function plantedWords(
  executor: Executor,
  { projectId, id }: { readonly projectId: string; readonly id: string },
): Promise<readonly string[]> {
  const { raters } = await plantedReport(executor, projectId)
  const own = raters.find(({ raterId }) => raterId === id)
  if (own === undefined) return []
  const { caught, answers, low, high } = own.detection
  const percent = (share: number) => (100 * share).toFixed(0)
  const words = [
    `Caught ${caught} of ${answers} planted faults: between ${percent(low)} and ${percent(high)} % of such faults.`,
  ]
  if (own.rubberStamp.verdict === 'rubber-stamping')
    words.push(
      `Missed ${own.rubberStamp.fastMisses} of them faster than careful people read: answers may come without reading. A pause may be all it takes.`,
    )
  const advised = await newestNote(executor, projectId, id)
  if (advised !== null)
    words.push(
      `Advised to take a pause on ${advised.at}, ${advised.read === null ? 'not read yet' : `read on ${advised.read}`}.`,
    )
  return words
}

async function newestNote(
  executor: Executor,
  projectId: string,
  raterId: string,
): Promise<{ readonly at: string; readonly read: string | null } | null> {
  const day = (instant: SQL) => sql`to_char(${instant} at time zone 'UTC', 'YYYY-MM-DD')`
  const { rows } = await executor.execute<{ at: string; read: string | null }>(sql`
    select ${day(sql`note.at`)} as at, ${day(sql`ended.at`)} as read from pause_notes note
    left join pause_note_ends ended on ended.project_id = note.project_id and ended.rater_id = note.rater_id
      and ended.note_id = note.id
    where note.project_id = ${projectId} and note.rater_id = ${raterId} order by note.at desc limit 1`)
  return rows[0] ?? null
}
