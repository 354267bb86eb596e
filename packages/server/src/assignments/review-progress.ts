/** How far a rater is, and what it answered last. */
import type { InboxView, ReviewProgress } from '@leeway/contract/review'
import { sql } from 'drizzle-orm'
import type { z } from 'zod'
import type { Database, Executor } from '../db/connect.ts'
import { executePrepared } from '../db/execute-prepared.ts'
import { committedAnswer } from './question-view.ts'
import type { Reviewer } from './rater-of.ts'

/** Answers that the time of an answer is taken from, newest first. */
const TIMED = 100
const TIMED_MIN = 5
/** Longer than this, and the rater was away. */
const IDLE_SECONDS = 600
const RECENT = 50

/** `open`: questions open to the rater that it has not answered. */
export async function reviewProgress(
  db: Database,
  { projectId, raterId }: Reviewer,
  open: number,
): Promise<z.infer<typeof ReviewProgress>> {
  const [row] = await executePrepared<{ answered: number; seconds: number | null }>(
    db,
    'review_progress',
    sql`
    with own as materialized (
      select id, kind, supersedes, started_at, committed_at from ratings
      where project_id = ${projectId} and rater_id = ${raterId}
    ),
    timed as (
      select least(greatest(extract(epoch from committed_at - started_at), 0), ${IDLE_SECONDS}) as seconds from own
      where started_at is not null and kind in ('answered', 'not-applicable') order by id desc limit ${TIMED}
    )
    select (select count(*) from own where kind in ('answered', 'not-applicable')
        and id not in (select supersedes from own where supersedes is not null))::int as answered,
      (select percentile_cont(0.5) within group (order by seconds) from timed having count(*) >= ${TIMED_MIN})::float8 as seconds`,
  )
  const answered = row?.answered ?? 0
  return { answered, total: answered + open, secondsAnAnswer: row?.seconds ?? null }
}

/** Standing answers and skips of the rater, newest first. */
export async function recentAnswers(
  executor: Executor,
  { projectId, raterId }: Reviewer,
): Promise<InboxView['recent']> {
  const found = await executor.execute<{
    assignment_id: string
    episode_id: string
    question: string
    kind: string
    value: unknown
    reason: string | null
    flagged: boolean
    committed_at: Date | string
  }>(sql`
    select assignment_id, episode_id, criteria.definition->>'question' as question, kind, value, reason, flagged,
      committed_at
    from ratings
    join criteria on criteria.project_id = ratings.project_id and criteria.sha256 = ratings.criterion_sha256
    where ratings.project_id = ${projectId} and rater_id = ${raterId} and assignment_id is not null
      and kind <> 'withdrawn' and not exists (select 1 from ratings later
        where later.project_id = ratings.project_id and later.supersedes = ratings.id)
    order by ratings.id desc limit ${RECENT}`)
  return found.rows.map((row) => ({
    assignmentId: row.assignment_id,
    episodeId: row.episode_id,
    question: row.question,
    answer: committedAnswer(row),
    flagged: row.flagged,
    committedAt: new Date(row.committed_at).toISOString(),
  }))
}
