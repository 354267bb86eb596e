/** What is kept for ever of an answer that is compared with another: which tools it chose, and hashes. No words. */
import { hash } from 'node:crypto'
import type { ChatAnswer } from '../gateway/chat-answer.ts'
import { argumentsSha256, toolName } from '../gateway/turn-record.ts'

export type AnswerMarks = {
  /** In the order in which they were called. */
  readonly calls: readonly { readonly tool: string; readonly argumentsSha256: string }[]
  /** Of what it says beside its calls; null where it says nothing. */
  readonly textSha256: string | null
}

export type Agreement = {
  /** As often each; their order is the provider's. None on both sides is the same. */
  readonly tools: boolean
  /** The same tools with the same arguments, byte for byte. */
  readonly calls: boolean
  /** The same text, byte for byte. */
  readonly text: boolean
}

/** Of its first choice: a client that asks for more takes one as a rule. */
export function answerMarks({ choices, calls }: Pick<ChatAnswer, 'choices' | 'calls'>): AnswerMarks {
  const index = choices[0]?.index ?? 0
  const text = choices[0]?.text ?? ''
  return {
    calls: calls
      .filter(({ choice }) => choice === index)
      .map((call) => ({ tool: toolName(call.tool), argumentsSha256: argumentsSha256(call) })),
    textSha256: text === '' ? null : hash('sha256', text),
  }
}

export function agreementOf(one: AnswerMarks, other: AnswerMarks): Agreement {
  const same = (read: (call: AnswerMarks['calls'][number]) => string) => {
    const [a, b] = [one, other].map(({ calls }) => JSON.stringify(calls.map(read).sort()))
    return a === b
  }
  return {
    tools: same(({ tool }) => tool),
    calls: same(({ tool, argumentsSha256 }) => `${tool} ${argumentsSha256}`),
    text: one.textSha256 === other.textSha256,
  }
}
