/** What the gateway needs to know of a chat completion that is asked for. All else is passed on unread. */
import type { Json } from '@leeway/core/episodes/episode'
import { fieldsOf } from './chat-answer.ts'
import { type History, historyOf } from './conversations.ts'
import { GatewayRefusal } from './openai-error.ts'

export type ChatRequest = {
  /** As it came. */
  readonly text: string
  /** The client's word for it is model. */
  readonly agent: string
  readonly history: History
  readonly stream: boolean
  readonly includesUsage: boolean
  readonly user: string | null
  readonly conversation: string | null
}

const NAME_MAX = 200
/** Names are kept in columns; what is no text for a database is no name. */
const PRINTABLE = /^[^\p{C}]+$/u

/** Throws GatewayRefusal. `header`: what the client calls the conversation, in a header. */
export function readChatRequest(text: string, header: string | undefined): ChatRequest {
  let body: Readonly<Record<string, unknown>> | null
  try {
    body = fieldsOf(JSON.parse(text))
  } catch (error) {
    throw new GatewayRefusal(400, 'invalid_json', `The body is not JSON: ${(error as Error).message}`, {
      cause: error,
    })
  }
  if (body === null) throw new GatewayRefusal(400, 'invalid_json', 'The body is not a JSON object.')
  const { model, messages, stream, user } = body
  if (typeof model !== 'string' || model === '' || model.length > NAME_MAX)
    throw new GatewayRefusal(400, 'invalid_model', 'model must name an agent.', { param: 'model' })
  if (!Array.isArray(messages) || messages.some((message) => fieldsOf(message) === null))
    throw new GatewayRefusal(400, 'invalid_messages', 'messages must be a list of messages.', {
      param: 'messages',
    })
  return {
    text,
    agent: model,
    history: historyOf(messages as readonly Json[]),
    stream: stream === true,
    includesUsage: fieldsOf(body.stream_options)?.include_usage === true,
    user: nameIn(user),
    conversation: nameIn(header) ?? nameIn(fieldsOf(body.metadata)?.conversation_id),
  }
}

/** Null for what is no name that can be kept. */
export function nameIn(value: unknown): string | null {
  return typeof value === 'string' && value.length <= NAME_MAX && PRINTABLE.test(value) ? value : null
}

/** Steps of an episode that the messages make: each says or calls something. */
export function stepsIn(messages: readonly Json[]): number {
  let steps = 0
  for (const message of messages) {
    const calls = fieldsOf(message)?.tool_calls
    steps += 1 + (Array.isArray(calls) ? calls.length : 0)
  }
  return steps
}
