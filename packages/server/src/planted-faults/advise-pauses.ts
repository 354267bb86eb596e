/**
 * Advises raters to take a pause who answer planted faults wrongly and faster than anybody reads. In the background, while they are away
 * and long after the answers it rests on: nobody can tell by the moment which question was planted (core/planted-faults/pause-advice.ts).
 */
import { adviceUpto } from '@leeway/core/planted-faults/pause-advice'
import { sql } from 'drizzle-orm'
import { v4 } from 'uuid'
import { keyedDraw } from '../assignments/keyed-draw.ts'
import type { Executor } from '../db/connect.ts'
import type { Effects } from '../http/environment.ts'
import { carefulSeconds } from './careful-seconds.ts'
import { faultAnswers } from './fault-answers.ts'
import { pauseNotes } from './tables.ts'
import { timedAnswers } from './timed-answers.ts'

type Earlier = {
  readonly rater_id: string
  readonly notes: number
  readonly read_at: string | null
  readonly unread: boolean
}

/** Where nobody is vetted nothing is planted among questions. */
export async function advisePauses(effects: Effects): Promise<void> {
  const { rows } = await effects.db.execute<{ project_id: string; seed: string }>(sql`
    select distinct on (project_id) project_id, seed from vetting_rules order by project_id, id desc`)
  for (const { project_id: projectId, seed } of rows) await adviseIn(effects, projectId, seed)
}

async function adviseIn(effects: Effects, projectId: string, seed: string): Promise<void> {
  const { db } = effects
  const planted = (await faultAnswers(db, projectId)).filter(({ operator }) => operator !== null)
  if (planted.length === 0) return
  const careful = await carefulSeconds(db, projectId)
  const earlier = new Map((await earlierNotes(db, projectId)).map((row) => [row.rater_id, row]))
  for (const raterId of new Set(planted.map(({ rater }) => rater))) {
    const before = earlier.get(raterId)
    if (before?.unread === true) continue
    // Nobody mends before the note is read: only what came after it counts for another one.
    const own = planted.filter(
      ({ rater, at }) => rater === raterId && (before?.read_at == null || at > new Date(before.read_at)),
    )
    const uniform = keyedDraw(seed, `pause ${raterId} ${before?.notes ?? 0}`)
    const until = adviceUpto(
      timedAnswers(raterId, own, careful),
      await answerTimes(db, projectId, raterId),
      uniform,
      effects.now(),
    )
    if (until === null) continue
    await db.insert(pauseNotes).values({
      projectId,
      raterId,
      id: v4({ random: effects.randomBytes(16) }),
      upto: until,
      at: effects.now(),
    })
  }
}

async function earlierNotes(executor: Executor, projectId: string): Promise<readonly Earlier[]> {
  const { rows } = await executor.execute<Earlier>(sql`
    select note.rater_id, count(*)::int as notes, max(ended.at) as read_at, bool_or(ended.note_id is null) as unread
    from pause_notes note
    left join pause_note_ends ended on ended.project_id = note.project_id and ended.rater_id = note.rater_id
      and ended.note_id = note.id
    where note.project_id = ${projectId} group by note.rater_id`)
  return rows
}

/** Of everything the rater said at work, oldest first. */
async function answerTimes(executor: Executor, projectId: string, raterId: string): Promise<readonly Date[]> {
  const { rows } = await executor.execute<{ at: string }>(sql`
    select committed_at as at from ratings where project_id = ${projectId} and rater_id = ${raterId}
      and kind <> 'withdrawn' order by committed_at, id`)
  return rows.map(({ at }) => new Date(at))
}
