/**
 * What stands on sheets of work beside a question, so that a known one comes with as much. By itself it would show at a glance what
 * it is, as little else is asked about its episode, and nothing else about a copy.
 *
 * What people answer to the others is a rating like any other of an episode that is there, and nothing at all of a copy.
 */
import { type SQL, sql } from 'drizzle-orm'
import type { Reviewer } from '../assignments/rater-of.ts'
import { isOpen } from '../assignments/reserve.ts'
import type { Executor } from '../db/connect.ts'

/** From where people are in the queue, and so many from its beginning: bounds the work however long it is. */
const SHEETS_MAX = 50

/** Of each sheet that is open to the rater the hashes of the other questions; empty where the question stands alone. */
export async function openSheets(
  executor: Executor,
  reviewer: Reviewer,
  criterionSha256: string,
  now: Date,
): Promise<readonly (readonly string[])[]> {
  const { projectId } = reviewer
  const first = (from: SQL) => sql`(
    select episode_id from assignments where project_id = ${projectId} and criterion_sha256 = ${criterionSha256}
      and answers_wanted > 0 and position >= ${from} order by position, id limit ${SHEETS_MAX})`
  const newest = sql`coalesce((select last.position from reservations
    join assignments last on last.project_id = reservations.project_id and last.id = assignment_id
    where reservations.project_id = ${projectId} order by started_at desc limit 1), '-infinity')`
  const { rows } = await executor.execute<{ others: readonly string[] }>(sql`
    select array_agg(distinct criterion_sha256) filter (where criterion_sha256 <> ${criterionSha256}) as others
    from assignments
    where project_id = ${projectId} and answers_wanted > 0 and ${isOpen(reviewer, now)}
      and episode_id in (${first(newest)} union ${first(sql`'-infinity'`)})
    group by episode_id
    having bool_or(criterion_sha256 = ${criterionSha256}) order by episode_id`)
  return rows.map(({ others }) => others ?? [])
}
