/**
 * Advises people to take a pause who approve planted requests faster than these can be read. In the background, while they are away and
 * long after the decisions it rests on: nobody can tell by the moment which call was planted (core/planted-faults/pause-advice.ts).
 */
import { adviceUpto } from '@leeway/core/planted-faults/pause-advice'
import { sql } from 'drizzle-orm'
import { v4 } from 'uuid'
import { keyedDraw } from '../assignments/keyed-draw.ts'
import type { Executor } from '../db/connect.ts'
import type { Effects } from '../http/environment.ts'
import { requestAnswers } from './request-answers.ts'
import { plantedRequestRulesOf } from './rules.ts'
import { approvalPauseNotes } from './tables.ts'

export async function adviseApprovers(effects: Effects): Promise<void> {
  const { rows } = await effects.db.execute<{ project_id: string }>(sql`
    select distinct project_id from planted_requests`)
  for (const { project_id: projectId } of rows) await adviseIn(effects, projectId)
}

async function adviseIn(effects: Effects, projectId: string): Promise<void> {
  const { db } = effects
  const seed = (await plantedRequestRulesOf(db, projectId))?.seed
  if (seed === undefined) return
  const planted = await requestAnswers(db, projectId, effects.now())
  const notes = await earlierNotes(db, projectId)
  for (const actor of new Set(planted.map((answer) => answer.actor))) {
    const before = notes.get(actor)
    if (before?.unread === true) continue
    // Nobody mends before the note is read: only what came after it counts for another one.
    const own = planted.filter(
      (answer) => answer.actor === actor && (before?.read_at == null || answer.at > new Date(before.read_at)),
    )
    const uniform = keyedDraw(seed, `pause ${actor} ${before?.notes ?? 0}`)
    const upto = adviceUpto(own, await decisionTimes(db, projectId, actor), uniform, effects.now())
    if (upto === null) continue
    await db
      .insert(approvalPauseNotes)
      .values({ projectId, actor, id: v4({ random: effects.randomBytes(16) }), upto, at: effects.now() })
  }
}

type Earlier = {
  actor: string
  notes: number
  read_at: string | null
  unread: boolean
}

async function earlierNotes(executor: Executor, projectId: string): Promise<ReadonlyMap<string, Earlier>> {
  const { rows } = await executor.execute<Earlier>(sql`
    select note.actor, count(*)::int as notes, max(ended.at) as read_at, bool_or(ended.note_id is null) as unread
    from approval_pause_notes note
    left join approval_pause_note_ends ended on ended.project_id = note.project_id and ended.actor = note.actor
      and ended.note_id = note.id
    where note.project_id = ${projectId} group by note.actor`)
  return new Map(rows.map((row) => [row.actor, row]))
}

/** Of everything the person decided, oldest first. */
async function decisionTimes(executor: Executor, projectId: string, actor: string): Promise<readonly Date[]> {
  const { rows } = await executor.execute<{ at: string }>(sql`
    select at from hold_answers where project_id = ${projectId} and actor = ${actor} order by at, hold_id`)
  return rows.map(({ at }) => new Date(at))
}
