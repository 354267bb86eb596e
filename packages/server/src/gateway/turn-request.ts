/** A request of an agent's program, whichever of OpenAI's two protocols it speaks: what a turn needs of it, and of its answers. */
import type { Json } from '@leeway/core/episodes/episode'
import type { Serving } from './bundle.ts'
import { type ChatAnswer, fieldsOf } from './chat-answer.ts'
import type { History } from './conversations.ts'
import { GatewayRefusal } from './openai-error.ts'
import type { SseEvent } from './sse-events.ts'

export type Protocol = {
  /** Below an upstream's base address. */
  readonly path: '/chat/completions' | '/responses'
  /** Throws GatewayRefusal. `header`: what the client calls the conversation, in a header. */
  readonly read: (text: string, header: string | undefined) => TurnRequest
  /** What a client reads as an error in the middle of a stream. */
  readonly streamError: (error: Readonly<Record<string, unknown>>) => Buffer
}

export type TurnRequest = {
  /** The client's word for it is model. */
  readonly agent: string
  /** As chat messages, in both protocols. */
  readonly history: History
  /** What was said before is kept by the provider, and `history` holds only what is new. */
  readonly continues: boolean
  readonly stream: boolean
  /** Alternatives that the client wants of one answer. */
  readonly choices: number
  readonly user: string | null
  readonly conversation: string | null
  /** Tools that run where the model runs, so that no call of them can be held. */
  readonly hosted: (serving: Serving) => readonly HostedTool[]
  /** The body for a model. `told`: messages behind those of the request, about calls that were refused. */
  readonly forModel: (serving: Serving, told: readonly Json[]) => string
  /** Reads the answers of this turn, one after the other, for the conversation's client. */
  readonly answers: (conversation: string) => AnswerReader
}

export type HostedTool = {
  readonly tool: string
  /** Its settings in the request: what a contract's schema of arguments is about. */
  readonly argumentsText: string
}

export type AnswerReader = {
  /** Throws SyntaxError for what is no answer. */
  readonly whole: (body: string, serving: Serving) => ReadAnswer
  readonly stream: (serving: Serving) => AnswerStream
}

export type AnswerStream = {
  /** What the client may have now; empty when nothing. Throws SyntaxError for what is not understood. */
  readonly push: (event: SseEvent) => Buffer
  /** The upstream said that it is done. */
  readonly isWhole: () => boolean
  readonly read: () => ReadAnswer
}

export type ReadAnswer = { readonly answer: ChatAnswer; readonly end: AnswerEnd }

/** What the client has not seen yet, the whole body or the end of a stream, in the shape that it expects. */
export type AnswerEnd = {
  readonly asItCame: () => Buffer | string
  /** Arguments by place in `answer.calls`; null leaves them. */
  readonly changed: (argumentsTexts: readonly (string | null)[]) => Buffer | string
  /** Says this, and calls nothing. */
  readonly spoken: (text: string) => Buffer | string
}

type Fields = Readonly<Record<string, unknown>>

/** Throws GatewayRefusal. */
export function requestFields(text: string): { readonly fields: Fields; readonly agent: string } {
  let fields: Fields | null
  try {
    fields = fieldsOf(JSON.parse(text))
  } catch (error) {
    throw new GatewayRefusal(400, 'invalid_json', `The body is not JSON: ${(error as Error).message}`, {
      cause: error,
    })
  }
  if (fields === null) throw new GatewayRefusal(400, 'invalid_json', 'The body is not a JSON object.')
  const { model } = fields
  if (typeof model !== 'string' || model === '' || model.length > NAME_MAX)
    throw new GatewayRefusal(400, 'invalid_model', 'model must name an agent.', { param: 'model' })
  return { fields, agent: model }
}

const NAME_MAX = 200
/** Names are kept in columns; what is no text for a database is no name. */
const PRINTABLE = /^[^\p{C}]+$/u

export function nameIn(value: unknown): string | null {
  return typeof value === 'string' && value.length <= NAME_MAX && PRINTABLE.test(value) ? value : null
}
