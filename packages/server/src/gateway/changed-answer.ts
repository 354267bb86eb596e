/** An answer whose calls have other arguments than the model wrote, in the shape in which the client expects it. */
import { type ChatAnswer, fieldsOf } from './chat-answer.ts'
import { sseData } from './chat-stream.ts'
import { callMessage } from './refused-calls.ts'

/** `changed`: arguments by place in `answer.calls`; null leaves them. */
export function changedBody(body: string, answer: ChatAnswer, changed: readonly (string | null)[]): string {
  const whole = JSON.parse(body) as { choices: { index?: number; message: Record<string, unknown> }[] }
  for (const [position, choice] of whole.choices.entries()) {
    const own = answer.calls
      .map((call, index) => ({ ...call, argumentsText: changed[index] ?? call.argumentsText }))
      .filter((call) => call.choice === (choice.index ?? position))
    const older = own.find(({ form }) => form === 'function_call')
    if (older !== undefined)
      choice.message.function_call = { name: older.tool, arguments: older.argumentsText }
    const listed = own.filter(({ form }) => form !== 'function_call')
    if (listed.length > 0)
      choice.message.tool_calls = listed.map((call, index) => ({
        ...fieldsOf((choice.message.tool_calls as unknown[])[index]),
        ...callMessage(call),
      }))
  }
  return JSON.stringify(whole)
}

/** The end of a stream: each call whole in one chunk, then what ends the answer. */
export function changedEnd(
  envelope: Readonly<Record<string, unknown>>,
  answer: ChatAnswer,
  changed: readonly (string | null)[],
  includesUsage: boolean,
): Buffer {
  const chunk = (index: number, delta: unknown, finishReason: string | null) =>
    sseData({ ...envelope, choices: [{ index, delta, finish_reason: finishReason }] })
  const calls = answer.calls.map((call, place) => {
    const argumentsText = changed[place] ?? call.argumentsText
    return call.form === 'function_call'
      ? chunk(call.choice, { function_call: { name: call.tool, arguments: argumentsText } }, null)
      : chunk(
          call.choice,
          { tool_calls: [{ index: call.index, ...callMessage({ ...call, argumentsText }) }] },
          null,
        )
  })
  const ends = answer.choices.map(({ index, finishReason }) => chunk(index, {}, finishReason ?? 'stop'))
  return Buffer.concat([...calls, ...ends, ...usageChunk(envelope, answer, includesUsage), DONE])
}

/** The end of an answer that says `text` and calls nothing. */
export function spokenEnd(
  envelope: Readonly<Record<string, unknown>>,
  answer: ChatAnswer,
  text: string,
  includesUsage: boolean,
): Buffer {
  const choices = (delta: unknown, finish: string | null) =>
    sseData({ ...envelope, choices: [{ index: 0, delta, finish_reason: finish }] })
  return Buffer.concat([
    choices({ content: text }, null),
    choices({}, 'stop'),
    ...usageChunk(envelope, answer, includesUsage),
    DONE,
  ])
}

/** The same as a whole body. */
export function spokenBody(body: string, text: string): string {
  const { usage, id, created, model } = JSON.parse(body) as Record<string, unknown>
  const message = { role: 'assistant', content: text, refusal: null }
  return JSON.stringify({
    id,
    object: 'chat.completion',
    created,
    model,
    choices: [{ index: 0, message, finish_reason: 'stop', logprobs: null }],
    usage,
  })
}

const DONE = Buffer.from('data: [DONE]\n\n')

function usageChunk(
  envelope: Readonly<Record<string, unknown>>,
  { usage }: ChatAnswer,
  includesUsage: boolean,
): readonly Buffer[] {
  if (!includesUsage || usage === null) return []
  const { inputTokens, outputTokens } = usage
  const counts = {
    prompt_tokens: inputTokens,
    completion_tokens: outputTokens,
    total_tokens: inputTokens + outputTokens,
  }
  return [sseData({ ...envelope, choices: [], usage: counts })]
}
