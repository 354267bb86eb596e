/** Records an answer to a pair: once for each commit key, and once for each rater. */
import type { CommitComparison } from '@leeway/contract/comparisons'
import { and, eq } from 'drizzle-orm'
import type { z } from 'zod'
import type { Reviewer } from '../assignments/rater-of.ts'
import type { Executor } from '../db/connect.ts'
import { AppError } from '../http/app-error.ts'
import type { Effects } from '../http/environment.ts'
import { type GivenPair, requireGiven } from './find-pair.ts'
import { comparisonAnswers } from './tables.ts'

type Commit = z.output<typeof CommitComparison>
type AnswerRow = typeof comparisonAnswers.$inferSelect

/** Id of the answer; of the one that is there already when the same commit came before. */
export async function commitComparison(
  effects: Effects,
  reviewer: Reviewer,
  pairId: string,
  commit: Commit,
): Promise<string> {
  const { db } = effects
  const given = await requireGiven(db, reviewer, pairId)
  const before = await answerOfCommit(db, reviewer, commit.commitKey)
  if (before !== undefined) return sameCommit(before, pairId, commit)
  if (given.own !== null && given.own.kind !== 'withdrawn')
    throw new AppError(
      'conflict',
      'You have answered this pair already.',
      'To answer it again, undo first what you said last.',
    )
  refuseUnfit(given, commit)
  const at = effects.now()
  const startedAt = new Date(commit.startedAt)
  const { answer } = commit
  const row = {
    projectId: reviewer.projectId,
    id: effects.newId(),
    pairId,
    raterId: reviewer.raterId,
    leftEpisodeId: given.left.episodeId,
    kind: answer.kind,
    value: answer.kind === 'answered' ? answer.value : null,
    reason: answer.kind === 'abstained' ? answer.reason : null,
    probability: commit.probability ?? null,
    comment: commit.comment,
    leftEvidence: [...new Set(commit.leftEvidence)],
    rightEvidence: [...new Set(commit.rightEvidence)],
    flagged: commit.flagged,
    // What was taken back stays in the history: the next answer comes after it.
    supersedes: given.own?.id ?? null,
    commitKey: commit.commitKey,
    // The clock of a browser may be ahead.
    startedAt: startedAt > at ? at : startedAt,
    committedAt: at,
  }
  const added = await db.insert(comparisonAnswers).values(row).onConflictDoNothing().returning()
  if (added.length > 0) return row.id
  // The same commit sent twice at once, or two windows: the first to arrive is the answer.
  const first = await answerOfCommit(db, reviewer, commit.commitKey)
  if (first !== undefined) return sameCommit(first, pairId, commit)
  throw new AppError(
    'conflict',
    'You answered this pair a moment ago, in another window.',
    'Ask for the next pair.',
  )
}

export async function answerOfCommit(
  executor: Executor,
  { projectId, raterId }: Reviewer,
  commitKey: string,
): Promise<AnswerRow | undefined> {
  const [row] = await executor
    .select()
    .from(comparisonAnswers)
    .where(
      and(
        eq(comparisonAnswers.projectId, projectId),
        eq(comparisonAnswers.raterId, raterId),
        eq(comparisonAnswers.commitKey, commitKey),
      ),
    )
  return row
}

/** A key is one commit: with another answer it is a mistake of the sender, who would believe it was stored. */
function sameCommit(before: AnswerRow, pairId: string, { answer }: Commit): string {
  const same =
    before.pairId === pairId &&
    before.kind === answer.kind &&
    (answer.kind === 'answered' ? before.value === answer.value : before.reason === answer.reason)
  if (same) return before.id
  throw new AppError(
    'idempotency_mismatch',
    'This commit key was used for another answer.',
    'Make a new key for each commit.',
    { field: 'body.commitKey' },
  )
}

function refuseUnfit({ left, right, fit }: GivenPair, { leftEvidence, rightEvidence }: Commit): void {
  if (!fit)
    throw new AppError(
      'gone',
      'This pair is not asked about any more: a text was erased, or you may not judge it.',
      'Ask for the next pair.',
    )
  for (const [field, side, evidence] of [
    ['body.leftEvidence', left, leftEvidence],
    ['body.rightEvidence', right, rightEvidence],
  ] as const) {
    const count = side.stepCount ?? 0
    const beyond = evidence.find((ordinal) => ordinal >= count)
    if (beyond !== undefined)
      throw new AppError(
        'unprocessable',
        `The run has no step ${beyond}.`,
        `Steps are numbered from 0 to ${count - 1}.`,
        { field },
      )
  }
}
