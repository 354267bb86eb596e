/** Records an answer: once for each commit key, on the scale, after the rater's own newest one. */
import type { CommitAnswer, RoundProgress } from '@leeway/contract/review'
import { and, eq } from 'drizzle-orm'
import type { z } from 'zod'
import { wasShown } from '../critiques/reveal.ts'
import type { Executor } from '../db/connect.ts'
import { AppError } from '../http/app-error.ts'
import type { Effects } from '../http/environment.ts'
import { answerProblem } from '../ratings/check-answer.ts'
import { insertRatings, type NewRating, type RatingRow } from '../ratings/stored-ratings.ts'
import { ratings } from '../ratings/tables.ts'
import { answersReadUntil } from '../releases/answers-read.ts'
import { sawParts } from '../splits/reveal-parts.ts'
import { type Asked, findAsked, type OwnRating, wasGiven } from './find-asked.ts'
import type { OpenQueue } from './open-queue.ts'
import type { Reviewer } from './rater-of.ts'

export type Commit = z.output<typeof CommitAnswer>

export type CommittedAnswer = {
  readonly assignmentId: string
  readonly episodeId: string
  readonly criterionSha256: string
  readonly ratingId: string
  readonly form: 'find' | 'verify'
}

/** The rating; the one that is there already when the same commit came before. */
export async function commitAnswer(
  effects: Effects,
  queue: OpenQueue,
  reviewer: Reviewer,
  assignmentId: string,
  commit: Commit,
): Promise<CommittedAnswer> {
  const asked = await requireAsked(effects, reviewer, assignmentId)
  const { episodeId, criterionSha256 } = asked
  const ratingId = await store(effects, queue, reviewer, asked, commit)
  return { assignmentId, episodeId, criterionSha256, ratingId, form: formOf(asked) }
}

const formOf = ({ proposed }: Asked) => (proposed === null ? 'find' : 'verify')

async function store(
  effects: Effects,
  queue: OpenQueue,
  reviewer: Reviewer,
  asked: Asked,
  commit: Commit,
): Promise<string> {
  const { assignmentId } = asked
  if (asked.own !== null) {
    const before = await ratingOfCommit(effects.db, reviewer, commit.commitKey)
    if (before !== undefined) return sameCommit(before, asked, commit)
  }
  refuseMalformed(asked, commit)
  const { own } = asked
  refuseOutOfTurn(own, commit.supersedes)
  const at = effects.now()
  const startedAt = new Date(commit.startedAt)
  const { answer } = commit
  const row: NewRating = {
    projectId: reviewer.projectId,
    id: effects.newId(),
    episodeId: asked.episodeId,
    criterionSha256: asked.criterionSha256,
    raterId: reviewer.raterId,
    assignmentId,
    kind: answer.kind,
    value: answer.kind === 'answered' ? answer.value : null,
    reason: answer.kind === 'abstained' ? answer.reason : null,
    // A skip is no answer to be sure of.
    probability: answer.kind === 'abstained' ? null : (commit.probability ?? null),
    comment: commit.comment,
    evidence: [...new Set(commit.evidence)],
    flagged: commit.flagged,
    assistance: own === null ? 'none' : await helpBefore(effects, reviewer, asked),
    form: formOf(asked),
    // What was taken back stays in the history: the next answer comes after it.
    supersedes: own?.id ?? null,
    commitKey: commit.commitKey,
    // The clock of a browser may be ahead.
    startedAt: startedAt > at ? at : startedAt,
    committedAt: at,
  }
  const added =
    own === null || own.kind === 'withdrawn'
      ? await insertRatings(effects.db, [row])
      : await effects.db.transaction(async (tx) => {
          const read = await answersReadUntil(tx, reviewer.projectId, asked.criterionSha256)
          if (read !== null && own.committedAt <= read) throw locked()
          return insertRatings(tx, [row])
        })
  if (added.length === 0) {
    // The same commit sent twice at once, or two tabs: the first to arrive is the answer.
    const before = await ratingOfCommit(effects.db, reviewer, commit.commitKey)
    if (before !== undefined) return sameCommit(before, asked, commit)
    throw new AppError(
      'conflict',
      'You answered this question a moment ago, in another window.',
      'Read the question again.',
    )
  }
  queue.answered(reviewer, assignmentId, answer.kind !== 'abstained' && row.form === 'find')
  return row.id
}

/** What the rater was shown since the first answer. */
async function helpBefore({ db }: Pick<Effects, 'db'>, reviewer: Reviewer, asked: Asked) {
  if (await sawParts(db, reviewer, asked)) return 'decomposition'
  return (await wasShown(db, reviewer, asked.assignmentId)) ? 'critique' : 'none'
}

/** A trainee answers the round of known questions first. */
export function refuseBeforeRound(round: RoundProgress | null): void {
  if (round === null || round.done) return
  throw new AppError(
    'conflict',
    `Your qualification round is not over: ${round.answered} of at most ${round.total} questions are answered.`,
    'Answer the round first; it is on the inbox page.',
  )
}

/**
 * A question that was given to this rater, at whatever time. Nobody picks what to judge; and whose question another id is,
 * whether it is answered, known or planted, is told to nobody: it is as if there were none.
 */
export async function requireAsked(
  effects: Pick<Effects, 'db' | 'now'>,
  reviewer: Reviewer,
  assignmentId: string,
): Promise<Asked> {
  const asked = await findAsked(effects, reviewer, assignmentId)
  if (asked === undefined || !wasGiven(asked))
    throw new AppError('not_found', 'No such question was given to you.', 'Ask for the next question.')
  return asked
}

export async function ratingOfCommit(
  executor: Executor,
  { projectId, raterId }: Reviewer,
  commitKey: string,
): Promise<RatingRow | undefined> {
  const [row] = await executor
    .select()
    .from(ratings)
    .where(
      and(eq(ratings.projectId, projectId), eq(ratings.raterId, raterId), eq(ratings.commitKey, commitKey)),
    )
  return row
}

export function locked(): AppError {
  return new AppError(
    'conflict',
    'Answers to this question that were given before a release was checked are locked.',
    'Leave it as it is; write to an admin of the project if it was a mistake.',
  )
}

/** A key is one commit: with another answer it is a mistake of the sender, who would believe it was stored. */
function sameCommit(before: RatingRow, asked: Asked, commit: Commit): string {
  const { answer } = commit
  const same =
    before.assignmentId === asked.assignmentId &&
    before.kind === answer.kind &&
    (answer.kind !== 'answered' || before.value === answer.value) &&
    (answer.kind !== 'abstained' || before.reason === answer.reason)
  if (same) return before.id
  throw new AppError(
    'idempotency_mismatch',
    'This commit key was used for another answer.',
    'Make a new key for each commit.',
    { field: 'body.commitKey' },
  )
}

function refuseMalformed({ criterion, stepCount }: Asked, { answer, evidence }: Commit): void {
  if (stepCount === null)
    throw new AppError('gone', 'The episode of this question was erased.', 'Ask for the next question.')
  const problem = answerProblem(criterion.scale, answer)
  if (problem !== null)
    throw new AppError('unprocessable', `${problem.reason}.`, problem.fix, { field: 'body.answer.value' })
  const beyond = evidence.find((ordinal) => ordinal >= stepCount)
  if (beyond !== undefined)
    throw new AppError(
      'unprocessable',
      `The episode has no step ${beyond}.`,
      `Steps are numbered from 0 to ${stepCount - 1}.`,
      { field: 'body.evidence' },
    )
}

/** A correction names the answer it corrects, so that two windows cannot overwrite each other unseen. */
function refuseOutOfTurn(own: OwnRating | null, supersedes: string | undefined): void {
  const standing = own === null || own.kind === 'withdrawn' ? null : own.id
  if (supersedes === undefined && standing !== null)
    throw new AppError(
      'conflict',
      'You have answered this question already.',
      'To correct it, name that answer in supersedes.',
      { field: 'body.supersedes' },
    )
  if (supersedes !== undefined && supersedes !== standing)
    throw new AppError(
      'conflict',
      'What you correct is not your newest answer to this question.',
      'Read the question again, and correct what stands there.',
      { field: 'body.supersedes' },
    )
}
