import type { Json } from '../episode.ts'
import { asObject, member } from '../json-field.ts'
import { type Refused, refused } from '../record-problem.ts'
import { readMessage, type Turn } from './chat-turn.ts'
import { joinCalls } from './join-calls.ts'

/**
 * A list of chat messages as steps, in order, with calls and results joined.
 * Something in the list that is no message refuses the whole record: leaving it out would show another episode.
 */
export function readConversation(messages: readonly Json[], path: string): Conversation | Refused {
  const turns: Turn[] = []
  const messageOf: number[] = []
  for (const [at, message] of messages.entries()) {
    const read = readMessage(message)
    if (read === null) {
      const role = member(asObject(message), 'role')
      return refused({
        field: asObject(message) === null ? `${path}[${at}]` : `${path}[${at}].role`,
        reason:
          asObject(message) === null
            ? 'This entry is not a message.'
            : role === undefined
              ? 'The message has no role.'
              : `The role ${JSON.stringify(role).slice(0, 40)} is not known.`,
        expected: 'A message with role system, developer, user, assistant or tool.',
        fix: 'Correct the role, or leave out what is not part of the conversation.',
      })
    }
    for (const turn of read) {
      turns.push(turn)
      messageOf.push(at)
    }
  }
  return { ok: true, turns: joinCalls(turns), stepPath: (ordinal) => `${path}[${messageOf[ordinal]}]` }
}

type Conversation = {
  readonly ok: true
  readonly turns: readonly Turn[]
  readonly stepPath: (ordinal: number) => string
}
