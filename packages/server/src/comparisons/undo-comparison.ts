/** Takes back the rater's newest answer to a pair, by a row that says so. */
import { sql } from 'drizzle-orm'
import type { Reviewer } from '../assignments/rater-of.ts'
import { AppError } from '../http/app-error.ts'
import type { Effects } from '../http/environment.ts'
import { answerOfCommit } from './commit-comparison.ts'
import { type GivenPair, requireGiven } from './find-pair.ts'
import { holdPair } from './next-pair.ts'
import { isStanding } from './standing-answers.ts'
import { comparisonAnswers } from './tables.ts'

/** The pair that is open again. The same commit sent again takes back nothing more. */
export async function undoComparison(
  effects: Effects,
  reviewer: Reviewer,
  commitKey: string,
): Promise<GivenPair> {
  const { projectId, raterId } = reviewer
  const before = await answerOfCommit(effects.db, reviewer, commitKey)
  if (before?.kind === 'withdrawn') return requireGiven(effects.db, reviewer, before.pairId)
  if (before !== undefined)
    throw new AppError(
      'idempotency_mismatch',
      'This commit key was used for an answer.',
      'Make a new key for each commit.',
      { field: 'body.commitKey' },
    )
  return effects.db.transaction(async (tx) => {
    const { rows } = await tx.execute<{ id: string; pair_id: string; left_episode_id: string }>(sql`
      select said.id, said.pair_id, said.left_episode_id from comparison_answers said
      where said.project_id = ${projectId} and said.rater_id = ${raterId} and ${isStanding}
      order by said.id desc limit 1`)
    const [newest] = rows
    if (newest === undefined)
      throw new AppError('conflict', 'You have no answer to take back.', 'Nothing needs to be done.')
    const added = await tx
      .insert(comparisonAnswers)
      .values({
        projectId,
        id: effects.newId(),
        pairId: newest.pair_id,
        raterId,
        leftEpisodeId: newest.left_episode_id,
        kind: 'withdrawn',
        comment: '',
        leftEvidence: [],
        rightEvidence: [],
        flagged: false,
        supersedes: newest.id,
        commitKey,
        committedAt: effects.now(),
      })
      .onConflictDoNothing()
      .returning()
    if (added.length === 0)
      throw new AppError('conflict', 'Another window changed this answer.', 'Ask for the next pair.')
    await holdPair(tx, reviewer, newest.pair_id, effects.now())
    return requireGiven(tx, reviewer, newest.pair_id)
  })
}
