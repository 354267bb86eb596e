/** What led to a call in a recorded episode, as the messages that a client would have sent: what people read who decide about it. */
import type { Json, Step } from '@leeway/core/episodes/episode'

type Message = { readonly [member: string]: Json }

export function messagesBefore(steps: readonly Step[], ordinal: number): readonly Json[] {
  const messages: Message[] = []
  let speaks = false
  for (const step of steps.slice(0, ordinal)) {
    if (step.kind === 'system' || step.kind === 'user')
      messages.push({ role: step.kind, content: step.content })
    else if (step.kind === 'assistant') messages.push({ role: 'assistant', content: step.content })
    else if (step.kind === 'tool_result')
      messages.push({ role: 'tool', tool_call_id: step.callId ?? '', content: textOf(step.content) })
    else if (step.kind === 'tool_call') {
      const last = speaks ? messages.pop() : undefined
      const calls = Array.isArray(last?.tool_calls) ? (last.tool_calls as readonly Json[]) : []
      messages.push({
        role: 'assistant',
        content: last?.content ?? null,
        tool_calls: [
          ...calls,
          {
            id: step.callId ?? '',
            type: 'function',
            function: { name: step.name ?? '', arguments: textOf(step.content) },
          },
        ],
      })
    }
    speaks = step.kind === 'assistant' || step.kind === 'tool_call'
  }
  // The model speaks with its call, if only to say nothing.
  return steps[ordinal - 1]?.kind === 'assistant'
    ? messages
    : [...messages, { role: 'assistant', content: '' }]
}

/** What was asked last before the call; '' where nobody asked. */
export function lastAsked(steps: readonly Step[], ordinal: number): string {
  const asked = steps.slice(0, ordinal).findLast(({ kind }) => kind === 'user')
  return asked === undefined ? '' : textOf(asked.content)
}

const textOf = (content: Json) => (typeof content === 'string' ? content : JSON.stringify(content))
