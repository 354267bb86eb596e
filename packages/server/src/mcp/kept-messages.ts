/** What was done in a conversation lately, in the form of messages, for people who decide about its next call. */
import type { Json } from '@leeway/core/episodes/episode'
import type { AnsweredCall } from '../gateway/chat-answer.ts'
import type { Conversation } from '../gateway/conversations.ts'
import { callMessage } from '../gateway/refused-calls.ts'

export type KeptMessages = {
  readonly of: (conversation: Conversation) => readonly Json[]
  /** `refusal`: what the client was told in place of a result. */
  readonly proposed: (conversation: Conversation, call: AnsweredCall, refusal: string | null) => void
  readonly answered: (conversation: Conversation, message: { readonly [member: string]: Json }) => void
}

export const MESSAGES_MAX = 12
export const CHARACTERS_MAX = 4_000

export function keptMessages(): KeptMessages {
  const kept = new WeakMap<Conversation, Json[]>()
  const keep = (conversation: Conversation, ...messages: readonly Json[]): void => {
    kept.set(conversation, [...(kept.get(conversation) ?? []), ...messages].slice(-MESSAGES_MAX))
  }
  return {
    of: (conversation) => kept.get(conversation) ?? [],
    proposed(conversation, call, refusal) {
      const argumentsText = call.argumentsText.slice(0, CHARACTERS_MAX)
      keep(
        conversation,
        { role: 'assistant', content: null, tool_calls: [callMessage({ ...call, argumentsText })] },
        ...(refusal === null ? [] : [{ role: 'tool', tool_call_id: call.id, content: refusal }]),
      )
    },
    answered(conversation, message) {
      keep(conversation, { ...message, content: String(message.content).slice(0, CHARACTERS_MAX) })
    },
  }
}
