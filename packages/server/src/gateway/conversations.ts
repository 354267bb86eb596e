/**
 * Which conversation a request belongs to, and what this process remembers of it.
 *
 * A client that names its conversations is believed. Of others the whole history comes with every request: it is the same
 * conversation when it begins with what was said up to the last answer of ours. Memory is bounded; a conversation that
 * was forgotten, or that another process served, begins anew under another name where the client gave none.
 */
import { createHash } from 'node:crypto'
import type { Json } from '@leeway/core/episodes/episode'
import { fieldsOf, textIn } from './chat-answer.ts'

export type Conversation = {
  readonly id: string
  /** Whose grants hold; null until it is drawn. */
  role: { readonly kind: 'baseline' | 'candidate'; readonly policyId: string } | null
  /** Responses that were refused. */
  denials: number
  /** Most steps seen: a history that gets shorter does not make a conversation young. */
  steps: number
  stopped: boolean
  /** Turns of it that are under way, one after the other. */
  readonly recorded: { messages: number; digest: string }
}

export type Conversations = {
  readonly find: (place: ConversationPlace) => Conversation
  /** What the client will send as history next time. */
  readonly answered: (place: ConversationPlace, conversation: Conversation, answer: Json) => void
}

export type ConversationPlace = {
  /** Of the agent, across projects. */
  readonly agentKey: string
  /** As the client calls it. */
  readonly named: string | null
  readonly messages: readonly Json[]
}

const REMEMBERED_MAX = 100_000

export function conversations(newId: () => string): Conversations {
  const byName = new Map<string, Conversation>()
  const byHistory = new Map<string, string>()
  const remember = (key: string, conversation: Conversation): Conversation => {
    byName.delete(key)
    byName.set(key, conversation)
    forgetOldest(byName)
    return conversation
  }
  const nameOf = ({ agentKey, named, messages }: ConversationPlace): string => {
    if (named !== null) return named
    const last = messages.findLastIndex((message) => fieldsOf(message)?.role === 'assistant')
    if (last === -1) return newId()
    return byHistory.get(`${agentKey} ${historyDigest(messages.slice(0, last + 1))}`) ?? newId()
  }
  return {
    find(place) {
      const id = nameOf(place)
      const key = `${place.agentKey} ${id}`
      const known = byName.get(key)
      return remember(
        key,
        known ?? {
          id,
          role: null,
          denials: 0,
          steps: 0,
          stopped: false,
          recorded: { messages: 0, digest: historyDigest([]) },
        },
      )
    },
    answered({ agentKey, messages }, conversation, answer) {
      byHistory.set(`${agentKey} ${historyDigest([...messages, answer])}`, conversation.id)
      forgetOldest(byHistory)
    },
  }
}

/** Messages that this process has not recorded of the conversation, and from which place on: 0 where history was rewritten. */
export function newMessages(
  { recorded }: Conversation,
  messages: readonly Json[],
): { readonly from: number; readonly messages: readonly Json[] } {
  const same =
    recorded.messages <= messages.length &&
    historyDigest(messages.slice(0, recorded.messages)) === recorded.digest
  const from = same ? recorded.messages : 0
  return { from, messages: messages.slice(from) }
}

export function markRecorded({ recorded }: Conversation, messages: readonly Json[]): void {
  recorded.messages = messages.length
  recorded.digest = historyDigest(messages)
}

/** Of what messages say, not of how: clients leave out members that are null and add some of their own. */
function historyDigest(messages: readonly Json[]): string {
  const hash = createHash('sha256')
  for (const message of messages) {
    const fields = fieldsOf(message) ?? {}
    const calls = (Array.isArray(fields.tool_calls) ? fields.tool_calls : []).map((call) => {
      const { id, function: fn, custom } = fieldsOf(call) ?? {}
      return [id ?? null, fn ?? null, custom ?? null]
    })
    hash.update(JSON.stringify([fields.role, textIn(fields.content), calls, fields.tool_call_id ?? null]))
  }
  return hash.digest('base64url')
}

function forgetOldest(remembered: Map<string, unknown>): void {
  if (remembered.size <= REMEMBERED_MAX) return
  const oldest = remembered.keys().next()
  if (!oldest.done) remembered.delete(oldest.value)
}
