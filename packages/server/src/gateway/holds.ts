/** Asks people about calls that a contract does not let pass alone. */
import type { CallDecision } from '@leeway/core/autonomy/decide-calls'
import type { Json } from '@leeway/core/episodes/episode'
import type { AnsweredCall } from './chat-answer.ts'

export type HeldCalls = {
  readonly projectId: string
  readonly agentId: string
  readonly policyId: string
  /** Who carries the calls out: 'gateway', or 'mcp:' and the name of the server. */
  readonly place: string
  readonly turnId: string
  readonly conversation: string
  readonly contractVersion: number
  /** All calls of the response, held or not: they stand or fall together. */
  readonly calls: readonly { readonly call: AnsweredCall; readonly decision: CallDecision }[]
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
