/**
 * Second looks that wait for an expert: questions that a release drew among those answered, for experts who said nothing
 * about them yet. They come before other questions, since experts are few. An expert may guess that one is a second look;
 * as each label is drawn with the same probability whatever it says, that tells neither the first answer nor the arm.
 *
 * This reads the secret purposes, by itself, and gives no more than which question is next and how many wait.
 */

import { sql } from 'drizzle-orm'
import type { Database } from '../db/connect.ts'
import { executePrepared } from '../db/execute-prepared.ts'
import { inConflict } from '../raters/conflicts.ts'
import { mayAnswer } from '../raters/may-answer.ts'
import { hasMetElsewhere } from './met-elsewhere.ts'
import type { Reviewer } from './rater-of.ts'

export type WaitingLooks = {
  /** The assignment to serve now; null when none waits. */
  readonly now: string | null
  readonly waiting: number
}

const NONE: WaitingLooks = { now: null, waiting: 0 }

export async function waitingLooks(
  db: Database,
  { projectId, raterId, expert }: Reviewer,
  now: Date,
): Promise<WaitingLooks> {
  if (!expert) return NONE
  const [row] = await executePrepared<{ id: string; waiting: number }>(
    db,
    'waiting_looks',
    sql`
    select assignments.id, (count(*) over ())::int as waiting from assignments
    where assignments.project_id = ${projectId} and answers_wanted = 0
      and exists (select 1 from assignment_purposes purposes where purposes.project_id = assignments.project_id
        and purposes.assignment_id = assignments.id and purposes.purpose = 'second-look')
      and not exists (select 1 from ratings where ratings.project_id = assignments.project_id
        and ratings.assignment_id = assignments.id and ratings.kind = 'answered' and ratings.form = 'find'
        and not exists (select 1 from ratings later where later.project_id = ratings.project_id
          and later.supersedes = ratings.id))
      and not exists (select 1 from ratings own where own.project_id = assignments.project_id
        and own.rater_id = ${raterId} and own.episode_id = assignments.episode_id
        and own.criterion_sha256 = assignments.criterion_sha256 and own.kind <> 'withdrawn')
      and not ${hasMetElsewhere(projectId, raterId)}
      and not ${inConflict(projectId, raterId, sql`assignments.episode_id`)}
      and not exists (select 1 from reservations held where held.project_id = assignments.project_id
        and held.assignment_id = assignments.id and held.rater_id <> ${raterId}
        and held.expires_at > ${now.toISOString()}::timestamptz and ${mayAnswer(projectId, sql`held.rater_id`)})
    order by position, assignments.id limit 1`,
  )
  return row === undefined ? NONE : { now: row.id, waiting: row.waiting }
}
