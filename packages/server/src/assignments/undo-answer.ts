/** Takes back the rater's newest answer, by a row that says so: what was said and unsaid stays on record. */
import { sql } from 'drizzle-orm'
import { AppError } from '../http/app-error.ts'
import type { Effects } from '../http/environment.ts'
import { insertRatings } from '../ratings/stored-ratings.ts'
import { answersReadUntil } from '../releases/answers-read.ts'
import { locked, ratingOfCommit } from './commit-answer.ts'
import type { OpenQueue } from './open-queue.ts'
import type { Reviewer } from './rater-of.ts'
import { holdAgain } from './reserve.ts'

/** The assignment that is open again. The same commit sent again takes back nothing more. */
export async function undoAnswer(
  effects: Effects,
  queue: OpenQueue,
  reviewer: Reviewer,
  commitKey: string,
): Promise<string> {
  const before = await ratingOfCommit(effects.db, reviewer, commitKey)
  if (before !== undefined) {
    if (before.kind === 'withdrawn' && before.assignmentId !== null) return before.assignmentId
    throw new AppError(
      'idempotency_mismatch',
      'This commit key was used for an answer.',
      'Make a new key for each commit.',
      { field: 'body.commitKey' },
    )
  }
  const { projectId, raterId } = reviewer
  const assignmentId = await effects.db.transaction(async (tx) => {
    const found = await tx.execute<{
      id: string
      assignment_id: string
      episode_id: string
      criterion_sha256: string
      committed_at: Date | string
    }>(sql`
      select id, assignment_id, episode_id, criterion_sha256, committed_at from ratings
      where project_id = ${projectId} and rater_id = ${raterId} and assignment_id is not null
        and kind <> 'withdrawn' and not exists (select 1 from ratings later
          where later.project_id = ratings.project_id and later.supersedes = ratings.id)
      order by id desc limit 1`)
    const [newest] = found.rows
    if (newest === undefined)
      throw new AppError('conflict', 'You have no answer to take back.', 'Nothing needs to be done.')
    const read = await answersReadUntil(tx, projectId, newest.criterion_sha256)
    if (read !== null && new Date(newest.committed_at) <= read) throw locked()
    const added = await insertRatings(tx, [
      {
        projectId,
        id: effects.newId(),
        episodeId: newest.episode_id,
        criterionSha256: newest.criterion_sha256,
        raterId,
        assignmentId: newest.assignment_id,
        kind: 'withdrawn',
        comment: '',
        evidence: [],
        flagged: false,
        assistance: 'none',
        supersedes: newest.id,
        commitKey,
        committedAt: effects.now(),
      },
    ])
    if (added.length === 0)
      throw new AppError('conflict', 'Another window changed this answer.', 'Read the question again.')
    await holdAgain(tx, reviewer, newest.assignment_id, effects.now())
    return newest.assignment_id
  })
  queue.reopened(reviewer)
  return assignmentId
}
