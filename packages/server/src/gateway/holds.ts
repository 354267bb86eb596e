/** Asks people about calls that a contract does not let pass alone. */
import type { CallDecision, ResponseDecision } from '@leeway/core/autonomy/decide-calls'
import type { Json } from '@leeway/core/episodes/episode'
import type { AnsweredCall } from './chat-answer.ts'

export type HeldCalls = {
  readonly projectId: string
  readonly agentId: string
  readonly policyId: string
  /** Who carries the calls out: 'gateway', or 'mcp:' with the server and which declaration of it. */
  readonly place: string
  readonly turnId: string
  readonly conversation: string
  readonly contractVersion: number
  /** All calls of the response, held or not: they stand or fall together. */
  readonly calls: readonly {
    readonly call: AnsweredCall
    readonly decision: CallDecision
    /** What an MCP server says of its own tool: shown to people, bound to nothing. */
    readonly says?: string | null
  }[]
  /** What led there, oldest first. */
  readonly messages: readonly Json[]
  /** How long somebody may take. */
  readonly holdSeconds: number
  /** Calls of the agent that may wait at once. */
  readonly holdsMax: number
}

export type HoldAnswer =
  | { readonly kind: 'approved' }
  /** The arguments to carry out, one for each call; null leaves them as they are. */
  | { readonly kind: 'edited'; readonly argumentsTexts: readonly (string | null)[] }
  | { readonly kind: 'denied'; readonly reason: string }
  | { readonly kind: 'stopped'; readonly reason: string }
  /** Nobody answered in time. That is no decision, and approves nothing. */
  | { readonly kind: 'unanswered' }

export type Holds = {
  /** Rejects when nobody can be asked: the database is away, or too many calls wait already. */
  readonly ask: (held: HeldCalls, signal: AbortSignal) => Promise<HoldAnswer>
  /**
   * For whoever may come again with the same calls: finds the hold that stands for them, or opens one where `opens` says so,
   * and waits for its answer at most `waitMs`. The hold stays open until its own time is over, also when the caller leaves.
   * Null where none stands and none is to be opened. Rejects as `ask` does.
   */
  readonly comeBack: (
    held: HeldCalls,
    options: { readonly opens: boolean; readonly waitMs: number },
    signal: AbortSignal,
  ) => Promise<HoldAnswer | null>
}

/** What the model is told when a held call was not carried out. */
export function heldReason(hold: HoldAnswer): string {
  if (hold.kind === 'stopped') return `A person stopped this conversation: ${hold.reason}`
  if (hold.kind === 'approved' || hold.kind === 'edited')
    return 'It was approved, but the contract does not allow it any more.'
  return hold.kind === 'denied'
    ? `A person did not allow it: ${hold.reason}`
    : 'There was no decision in time, so it was not carried out. Nobody denied it; ask again later if it is still needed.'
}

/** The arguments that were carried out, by call: a person's words over the contract's; null where they are the model's own. */
export function carriedArguments(
  decisions: readonly CallDecision[],
  hold: HoldAnswer | null,
): readonly (string | null)[] {
  return decisions.map(({ argumentsText }, index) =>
    hold?.kind === 'edited' ? (hold.argumentsTexts[index] ?? argumentsText) : argumentsText,
  )
}

/**
 * What people approved, or wrote in its place, is held to the contract again at the moment of release: only whether to ask them
 * is settled. `decide` decides about other arguments with draws that ask nobody.
 */
export function afterHold(
  before: ResponseDecision,
  hold: HoldAnswer,
  argumentsTexts: readonly string[],
  decide: (argumentsTexts: readonly string[]) => ResponseDecision,
): ResponseDecision {
  const changed = carriedArguments(before.calls, hold)
  const carried = argumentsTexts.map((text, index) => changed[index] ?? text)
  const again = decide(carried)
  if (again.outcome !== 'release' && again.outcome !== 'hold') return again
  // What the contract sets by now is not what the person saw.
  const isOther = again.calls.some(
    ({ argumentsText }, index) => argumentsText !== null && argumentsText !== carried[index],
  )
  return isOther ? { ...again, outcome: 'deny' } : before
}
