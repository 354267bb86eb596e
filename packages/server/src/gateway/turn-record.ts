/** What is written down of a request to the gateway, before its client sees the end of the answer. */
import { hash } from 'node:crypto'
import type { CallDecision } from '@leeway/core/autonomy/decide-calls'
import type { Choice } from '@leeway/core/divergence/choose-best'
import type { GivesWay } from '@leeway/core/divergence/conversation-divergence'
import type { Json } from '@leeway/core/episodes/episode'
import type { AnsweredCall, ChatAnswer } from './chat-answer.ts'
import type { HoldAnswer } from './holds.ts'

export type TurnOutcome = 'release' | 'deny' | 'stop' | 'failed' | 'aborted'

/** Of how many answers one was chosen, and how. */
export type BestOf = Omit<Choice, 'by'> & {
  /** 'judge': a model's answers made the rewards. */
  readonly by: Choice['by'] | 'judge'
  /** That were answered. */
  readonly drawn: number
  /** Of them: with a known reward. */
  readonly known: number
  /** Tokens of those that were not chosen, where the upstream counts. */
  readonly restUsage: ChatAnswer['usage']
}

/** One answer of a model within a turn: a refused one is followed by another. */
export type Round = {
  readonly policyId: string
  readonly role: 'baseline' | 'candidate'
  /** Of the upstream; null when it gave none. */
  readonly status: number | null
  /** Null where it failed. */
  readonly answer: ChatAnswer | null
  /** 'release', 'hold', 'deny', 'replace' or 'stop' by the contract; null where nothing was decided. */
  readonly outcome: string | null
  readonly decisions: readonly CallDecision[]
  readonly hold: HoldAnswer | null
  /** It counted against what the contract allows to be refused. */
  readonly denied: boolean
  /** Why the baseline answered what the candidate had begun, where the candidate had gone too far from it. */
  readonly gaveWay?: GivesWay
  readonly bestOf?: BestOf
}

export type TurnRecord = {
  readonly id: string
  readonly projectId: string
  readonly agentId: string
  readonly agent: string
  /** Whose answer the client got. */
  readonly policyId: string
  readonly role: 'baseline' | 'candidate'
  readonly conversation: string
  readonly unitKey: string
  readonly contractVersion: number
  readonly outcome: TurnOutcome
  readonly startedAt: string
  readonly endedAt: string
  /**
   * Messages from this place of the client's history on; those before are in earlier turns of the conversation. Null: they
   * stand beside that history, as what MCP servers answered does, or behind one that the provider keeps.
   */
  readonly from: number | null
  readonly messages: readonly Json[]
  readonly rounds: readonly Round[]
  /** Of all answers, in US dollars; null where no price is known. */
  readonly usd: number | null
  /** Of the conversation behind it, as its process counts them; null where it has no history of it. */
  readonly steps: number | null
  /** Digest of the history that the client goes on with; null where it got no answer. */
  readonly heard: string | null
  /** W3C `traceparent` as the client sent it, for telemetry alone: nobody vouches for it. Left out where it sent none. */
  readonly traceparent?: string
}

/** What of its rounds may be kept for ever: no words. */
export function decisionFacts({ rounds, steps }: Pick<TurnRecord, 'rounds' | 'steps'>): Json {
  return rounds.map(
    ({ policyId, role, status, outcome, answer, decisions, hold, denied, gaveWay, bestOf }) => ({
      policyId,
      role,
      status,
      outcome,
      hold: hold?.kind ?? null,
      denied,
      steps,
      ...(gaveWay === undefined ? {} : { gaveWay }),
      ...(bestOf === undefined ? {} : { bestOf }),
      calls: decisions.map(({ outcome, rule, stakes, holdProbability }, index) => ({
        tool: toolName(answer?.calls[index]?.tool ?? ''),
        outcome,
        rule,
        stakes,
        holdProbability,
        argumentsSha256: argumentsSha256(answer?.calls[index]),
      })),
    }),
  )
}

const TOOL_MAX = 200
/** A model may write anything here; a column may not hold it. */
export const toolName = (name: string) => name.slice(0, TOOL_MAX).replace(/\p{C}/gu, '?')

/** What was said in a turn, as it is kept until it is an episode. */
export type TurnText = Pick<TurnRecord, 'from' | 'messages' | 'rounds'>

export function argumentsSha256(call: AnsweredCall | undefined): string {
  return hash('sha256', call?.argumentsText ?? '')
}

export function tokensOf(rounds: readonly Round[]): {
  readonly input_tokens: number | null
  readonly output_tokens: number | null
} {
  const uses = rounds.flatMap(({ answer, bestOf }) => [answer?.usage ?? [], bestOf?.restUsage ?? []].flat())
  if (uses.length === 0) return { input_tokens: null, output_tokens: null }
  return {
    input_tokens: uses.reduce((sum, { inputTokens }) => sum + inputTokens, 0),
    output_tokens: uses.reduce((sum, { outputTokens }) => sum + outputTokens, 0),
  }
}
