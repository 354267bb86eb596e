/** What a turn is made of: one request of an agent's program, until its client has an answer. */
import type { Json } from '@leeway/core/episodes/episode'
import type { Effects } from '../http/environment.ts'
import { agentKey, type ServedAgent } from './bundle.ts'
import type { Upstreams } from './call-upstream.ts'
import type { ChatClient } from './chat-client.ts'
import type { Conversation, Conversations } from './conversations.ts'
import type { Enforced } from './enforced.ts'
import type { Holds } from './holds.ts'
import type { AnswerScoring, RoundToScore } from './score-answers.ts'
import type { Search } from './search.ts'
import type { Spend } from './spend.ts'
import type { Round, TurnRecord } from './turn-record.ts'
import type { AnswerReader, Protocol, TurnRequest } from './turn-request.ts'

export type TurnParts = {
  readonly effects: Effects
  readonly enforced: Enforced
  /** Draws who serves a unit of a release, and writes the draw down. */
  readonly drawRole: (projectId: string, releaseId: string, unit: string) => Promise<'baseline' | 'candidate'>
  readonly upstreams: Upstreams
  /** Resolves when it is on disk. */
  readonly record: (turn: TurnRecord) => Promise<void>
  readonly conversations: Conversations
  readonly spend: Pick<Spend, 'requireLeft'>
  readonly holds: Holds
  /** Has what a candidate answered scored, behind the turn. */
  readonly score: AnswerScoring['take']
  readonly search: Search
  /** Has a candidate that may not act answer the same, behind the turn. */
  readonly shadow: (turn: Turn, path: Protocol['path']) => void
}

/** What is known of one request while it is served. */
export type Turn = {
  readonly id: string
  readonly agent: ServedAgent
  readonly request: TurnRequest
  readonly answers: AnswerReader
  readonly client: ChatClient
  readonly conversation: Conversation
  readonly unitKey: string
  /** Nobody has answered in this conversation. */
  readonly isFirst: boolean
  /** How many answers are drawn where one is asked for. */
  readonly bestOf: number
  readonly startedAt: Date
  /** As the client sent it, where it did. */
  readonly traceparent: string | undefined
  /** After refusals: what the model is told, behind the messages of the request. */
  told: readonly Json[]
  readonly rounds: Round[]
  /** What the candidate answered, where the baseline's upstream scores. */
  readonly toScore: RoundToScore[]
  isRecorded: boolean
  /** US dollars so far; null where no price is known. */
  usd: number | null
  /** What the answer that is waited for costs at least. */
  underWayUsd: number | null
}

/** As it is enforced now; as it was when the turn began where it is not served any more. */
export function agentNow(parts: TurnParts, { agent }: Turn): ServedAgent {
  return (
    parts.enforced().bundle.agents.get(agentKey(agent.projectId, agent.name)) ?? { ...agent, candidate: null }
  )
}
