/** How far a rater is with pairs. Pairs with known answers are counted like all others. */
import type { ReviewProgress } from '@leeway/contract/review'
import { sql } from 'drizzle-orm'
import type { z } from 'zod'
import type { Reviewer } from '../assignments/rater-of.ts'
import type { Effects } from '../http/environment.ts'
import { countOpen } from './next-pair.ts'
import { isStanding } from './standing-answers.ts'

/** Answers that the time of an answer is taken from, newest first. */
const TIMED = 100
const TIMED_MIN = 5
/** Longer than this, and the rater was away. */
const IDLE_SECONDS = 600

export async function comparisonProgress(
  { db, now }: Pick<Effects, 'db' | 'now'>,
  reviewer: Reviewer,
): Promise<z.infer<typeof ReviewProgress>> {
  const { projectId, raterId } = reviewer
  const { rows } = await db.execute<{ answered: number; seconds: number | null }>(sql`
    with own as materialized (
      select said.id, said.kind, said.started_at, said.committed_at from comparison_answers said
      where said.project_id = ${projectId} and said.rater_id = ${raterId} and ${isStanding} and said.kind = 'answered'
    ),
    timed as (
      select least(greatest(extract(epoch from committed_at - started_at), 0), ${IDLE_SECONDS}) as seconds from own
      where started_at is not null order by id desc limit ${TIMED}
    )
    select (select count(*) from own)::int as answered, (select percentile_cont(0.5) within group (order by seconds)
      from timed having count(*) >= ${TIMED_MIN})::float8 as seconds`)
  const answered = rows[0]?.answered ?? 0
  const open = await countOpen(db, reviewer, now())
  return { answered, total: answered + open, secondsAnAnswer: rows[0]?.seconds ?? null }
}
