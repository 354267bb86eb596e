/**
 * Records one step of a debate: the first for its place stands. What made a step due stays true (facts only come), so
 * looking first and writing then is safe.
 */
import type { Side } from '@leeway/core/debates/protocol'
import { ownWords } from '@leeway/core/debates/speech'
import type { Executor } from '../db/connect.ts'
import { AppError } from '../http/app-error.ts'
import { type StoredDebate, seatsAwaited } from './stored-debate.ts'
import { debateJudgments, debateSpeeches } from './tables.ts'

type Recorded = {
  readonly costUsd: number | null
  readonly tokens: number | null
  readonly startedAt: Date
  readonly at: Date
}
export type SaidSpeech = Recorded & { readonly text: string; readonly silent: string | null }
export type SaidJudgment = Recorded & {
  readonly probabilityA: number | null
  readonly stop: boolean
  readonly comment: string
}

export async function recordSpeech(
  executor: Executor,
  { row }: StoredDebate,
  place: { readonly round: number; readonly side: Side },
  said: SaidSpeech,
): Promise<void> {
  await executor
    .insert(debateSpeeches)
    .values({ projectId: row.projectId, debateId: row.id, ...place, ...said })
    .onConflictDoNothing()
}

export async function recordJudgment(
  executor: Executor,
  { row }: StoredDebate,
  round: number,
  said: SaidJudgment,
): Promise<void> {
  await executor
    .insert(debateJudgments)
    .values({ projectId: row.projectId, debateId: row.id, round, ...said })
    .onConflictDoNothing()
}

/** Whether this side has spoken in that round already; throws when it may not speak now. */
export function refuseSpeech(debate: StoredDebate, side: Side, round: number, text: string): 'said' | 'due' {
  if (debate.speeches.some((one) => one.side === side && one.round === round)) return 'said'
  refuseOutOfTurn(debate, side, round)
  const words = ownWords(text)
  if (words > debate.row.words)
    throw new AppError(
      'unprocessable',
      `The speech has ${words} words of your own; ${debate.row.words} are allowed. Quotes do not count.`,
      `Leave out ${words - debate.row.words}.`,
      { field: 'body.text' },
    )
  return 'due'
}

export function refuseJudgment(debate: StoredDebate, round: number): 'said' | 'due' {
  if (debate.judgments.some((one) => one.round === round)) return 'said'
  refuseOutOfTurn(debate, 'judge', round)
  return 'due'
}

function refuseOutOfTurn(debate: StoredDebate, seat: Side | 'judge', round: number): void {
  const { next } = debate
  if (next.kind === 'over')
    throw new AppError('conflict', 'This debate is over.', 'It can be read, and replayed.')
  if (!seatsAwaited(debate).includes(seat) || next.round !== round)
    throw new AppError(
      'conflict',
      `It is not your turn in round ${round}.`,
      'Wait for the others; the page shows when it is your turn.',
    )
}
