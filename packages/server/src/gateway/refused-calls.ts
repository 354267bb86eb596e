/** What a model is told of calls that were not carried out, in the form of their results. */
import type { CallDecision } from '@leeway/core/autonomy/decide-calls'
import { isRefused, refusalText } from '@leeway/core/autonomy/refusal-text'
import type { Json } from '@leeway/core/episodes/episode'
import type { AnsweredCall, ChatAnswer } from './chat-answer.ts'

/**
 * The model's own message and a result for each call. Of several choices a history holds one: the first with a call that was
 * not allowed, so that the model reads why.
 */
export function refusedMessages(
  answer: ChatAnswer,
  decisions: readonly CallDecision[],
  why: string | null,
): readonly Json[] {
  const refused = decisions.findIndex(isRefused)
  const choice = answer.calls[Math.max(0, refused)]?.choice ?? 0
  const calls = answer.calls.flatMap((call, index) =>
    call.choice === choice ? [{ call, decision: decisions[index] }] : [],
  )
  const results = calls.map(({ call, decision }): Json => {
    const content = refusalText(decision, why)
    return call.form === 'function_call'
      ? { role: 'function', name: call.tool, content }
      : { role: 'tool', tool_call_id: call.id ?? '', content }
  })
  return [assistantMessage(answer, choice), ...results]
}

/** As a client keeps it in its history. */
export function assistantMessage(
  answer: ChatAnswer,
  choice: number,
  changed: readonly (string | null)[] = [],
): Json {
  const text = answer.choices.find(({ index }) => index === choice)?.text ?? ''
  const own = answer.calls
    .map((call, index) => withArguments(call, changed[index] ?? null))
    .filter((call) => call.choice === choice)
  const older = own.find(({ form }) => form === 'function_call')
  const listed = own.filter(({ form }) => form !== 'function_call').map(callMessage)
  return {
    role: 'assistant',
    content: text === '' && own.length > 0 ? null : text,
    ...(listed.length === 0 ? {} : { tool_calls: listed }),
    ...(older === undefined ? {} : { function_call: { name: older.tool, arguments: older.argumentsText } }),
  }
}

const withArguments = (call: AnsweredCall, argumentsText: string | null): AnsweredCall =>
  argumentsText === null ? call : { ...call, argumentsText }

export function callMessage({ id, form, tool, argumentsText }: AnsweredCall): {
  readonly [member: string]: Json
} {
  return form === 'custom'
    ? { id: id ?? '', type: 'custom', custom: { name: tool, input: argumentsText } }
    : { id: id ?? '', type: 'function', function: { name: tool, arguments: argumentsText } }
}
