/**
 * Which conversation a request belongs to, and what this process remembers of it.
 *
 * A client that names its conversations is believed. Of others the whole history comes with every request: it is the same
 * conversation when it begins with what was said up to the last answer of ours. Memory is bounded, and another process may
 * have served it: what this one cannot know alone is asked of the database (`find-conversation.ts`).
 */
import { hash } from 'node:crypto'
import { type ConversationDivergence, NO_DIVERGENCE } from '@leeway/core/divergence/conversation-divergence'
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
  /** Steps that MCP servers made of it: calls and their results. In the client's history they are counted as well. */
  carried: number
  stopped: boolean
  /** When what is written down of it was read; of a clock that never goes back. */
  readMs: number
  /** How far the candidate went from the baseline in it, as far as it was scored. */
  divergence: ConversationDivergence
  /** Turns of it that are under way, one after the other. */
  readonly recorded: { messages: number; digest: string }
}

/** What is written down of a conversation, by whichever process. */
export type WrittenConversation = Pick<
  Conversation,
  'id' | 'role' | 'denials' | 'steps' | 'carried' | 'stopped' | 'divergence'
>

export type Conversations = {
  /** Null: this process alone cannot know. Ask what is written down, and `recall` it. */
  readonly find: (place: ConversationPlace) => Conversation | null
  /** `written`: null where nothing is. */
  readonly recall: (place: ConversationPlace, written: WrittenConversation | null) => Conversation
  /** `heard`: digest of what the client will send as history next time. */
  readonly answered: (place: ConversationPlace, conversation: Conversation, heard: string) => void
}

export type ConversationPlace = {
  /** Of the agent, across projects. */
  readonly agentKey: string
  /** As the client calls it. */
  readonly named: string | null
} & Heard

/** Messages as they came, and a digest of each beginning of them: `digests[n]` of the first n. */
export type History = { readonly messages: readonly Json[]; readonly digests: readonly string[] }

/** Of an MCP server: the call and its result. */
export const STEPS_A_CALL = 2

const REMEMBERED_MAX = 100_000
/** A history shows whether others served it. Where none comes, what they did is read again after this. */
const READ_EVERY_MS = 1_000

/** `nowMs`: of a clock that never goes back. */
export function conversations(newId: () => string, nowMs: () => number): Conversations {
  const byName = new Map<string, Conversation>()
  const byHistory = new Map<string, string>()
  const remember = (key: string, conversation: Conversation): Conversation => {
    byName.delete(key)
    byName.set(key, conversation)
    forgetOldest(byName)
    return conversation
  }
  const fresh = (id: string): Conversation => ({
    id,
    role: null,
    denials: 0,
    steps: 0,
    carried: 0,
    stopped: false,
    readMs: nowMs(),
    divergence: NO_DIVERGENCE,
    recorded: { messages: 0, digest: NOTHING_SAID },
  })
  return {
    find({ agentKey, named, history, continues }) {
      const heard = heardDigest(history)
      if (named === null && heard === null) {
        const id = newId()
        return remember(`${agentKey} ${id}`, fresh(id))
      }
      const id = named ?? byHistory.get(`${agentKey} ${heard}`)
      const known = id === undefined ? undefined : byName.get(`${agentKey} ${id}`)
      if (known === undefined) return null
      const comesWithout = continues || history.messages.length === 0
      const mayBeOld = comesWithout ? nowMs() - known.readMs > READ_EVERY_MS : othersSpoke(known, history)
      if (named !== null && mayBeOld) return null
      return remember(`${agentKey} ${known.id}`, known)
    },
    recall({ agentKey, named }, written) {
      const id = written?.id ?? named ?? newId()
      const known = byName.get(`${agentKey} ${id}`) ?? fresh(id)
      known.readMs = nowMs()
      if (written !== null) {
        // What this process did last may not be written down yet. Nothing of either is taken back.
        known.stopped ||= written.stopped
        known.denials = Math.max(known.denials, written.denials)
        known.steps = Math.max(known.steps, written.steps)
        known.carried = Math.max(known.carried, written.carried)
        if (answersIn(written.divergence) >= answersIn(known.divergence))
          known.divergence = written.divergence
        if (known.role?.kind !== 'baseline') known.role = written.role ?? known.role
      }
      return remember(`${agentKey} ${id}`, known)
    },
    answered({ agentKey }, conversation, heard) {
      byHistory.set(`${agentKey} ${heard}`, conversation.id)
      forgetOldest(byHistory)
    },
  }
}

const answersIn = ({ scored, notScored }: ConversationDivergence) => scored + notScored

/** Of the history up to the last answer; null where there is none. */
export function heardDigest({ messages, digests }: History): string | null {
  const last = messages.findLastIndex(isAnswer)
  return last === -1 ? null : (digests[last + 1] ?? null)
}

/** Of the history with this answer behind it. */
export function heardAfter(history: History, answer: Json): string {
  return goneOn(wholeDigest(history), answer)
}

const isAnswer = (message: Json) => fieldsOf(message)?.role === 'assistant'

/** The history is not the one we recorded with our own answer behind it. */
function othersSpoke({ recorded }: Conversation, { messages, digests }: History): boolean {
  if (recorded.messages === 0) return messages.some(isAnswer)
  if (digests[recorded.messages] !== recorded.digest) return true
  return messages.slice(recorded.messages).filter(isAnswer).length > 1
}

/** What came with a request. `continues`: only what is new. */
export type Heard = { readonly history: History; readonly continues: boolean }

/**
 * Messages that this process has not recorded of the conversation, and from which place on: 0 where history was rewritten,
 * null where it did not come and all of them are new.
 */
export function newMessages(
  { recorded }: Conversation,
  { history: { messages, digests }, continues }: Heard,
): { readonly from: number | null; readonly messages: readonly Json[] } {
  if (continues) return { from: null, messages }
  const from = digests[recorded.messages] === recorded.digest ? recorded.messages : 0
  return { from, messages: messages.slice(from) }
}

export function markRecorded({ recorded }: Conversation, { history, continues }: Heard): void {
  if (continues) return
  recorded.messages = history.messages.length
  recorded.digest = wholeDigest(history)
}

const NOTHING_SAID = ''

/** Each digest is of the one before and of the next message, so that a long history is read once for all its beginnings. */
export function historyOf(messages: readonly Json[]): History {
  const digests = [NOTHING_SAID]
  for (const [at, message] of messages.entries()) digests.push(goneOn(digests[at] as string, message))
  return { messages, digests }
}

const wholeDigest = ({ digests }: History) => digests.at(-1) as string

/** Of what messages say, not of how: clients leave out members that are null and add some of their own. */
function goneOn(before: string, message: Json): string {
  const fields = fieldsOf(message) ?? {}
  const calls = (Array.isArray(fields.tool_calls) ? fields.tool_calls : []).map((call) => {
    const { id, function: fn, custom } = fieldsOf(call) ?? {}
    return [id ?? null, fn ?? null, custom ?? null]
  })
  const said = [before, fields.role, textIn(fields.content), calls, fields.tool_call_id ?? null]
  return hash('sha256', JSON.stringify(said), 'base64url')
}

function forgetOldest(remembered: Map<string, unknown>): void {
  if (remembered.size <= REMEMBERED_MAX) return
  const oldest = remembered.keys().next()
  if (!oldest.done) remembered.delete(oldest.value)
}
