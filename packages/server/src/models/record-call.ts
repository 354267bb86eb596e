/** Keeps what a model was asked and what it cost, in the transaction that records what came of it. */
import type { Json } from '@leeway/core/episodes/episode'
import type { Transaction } from '../db/connect.ts'
import type { Effects } from '../http/environment.ts'
import type { AskedJudge } from './ask-judge.ts'
import type { Judge } from './judge.ts'
import type { JudgeDefinition } from './judge-definition.ts'
import { insertCall } from './judge-store.ts'

export type MadeCall = {
  /** SHA-256 (hex) of all that was asked. A call that is recorded already stays as it is. */
  readonly requestSha256: string
  readonly promptVersion: string
  readonly status: AskedJudge['status']
  readonly response: Json
  readonly spent: Spent
  /** Counted when the provider does not say what it used: a limit is kept, not guessed. */
  readonly costUsdMax: number
  readonly durationMs: number
}
type Spent = Pick<AskedJudge, 'charged' | 'inputTokens' | 'outputTokens'>

/** What it cost, US dollars; null where no price is known. */
export async function recordCall(
  tx: Transaction,
  effects: Pick<Effects, 'newId' | 'now'>,
  { rater, definition }: Judge,
  { spent, costUsdMax, ...call }: MadeCall,
): Promise<number | null> {
  const costUsd = costOf(definition, spent, costUsdMax)
  const { inputTokens, outputTokens } = spent
  await insertCall(tx, {
    projectId: rater.projectId,
    id: effects.newId(),
    raterId: rater.id,
    ...call,
    inputTokens,
    outputTokens,
    costUsd,
    at: effects.now(),
  })
  return costUsd
}

function costOf({ usdPerMillion }: JudgeDefinition, spent: Spent, costUsdMax: number): number | null {
  if (usdPerMillion === null) return null
  if (!spent.charged) return 0
  const { inputTokens, outputTokens } = spent
  if (inputTokens === null || outputTokens === null) return costUsdMax
  return (inputTokens * usdPerMillion.input + outputTokens * usdPerMillion.output) / 1e6
}
