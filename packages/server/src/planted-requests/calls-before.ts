import type { Json, Step } from '@leeway/core/episodes/episode'
import { CHARACTERS_MAX, MESSAGES_MAX } from '../mcp/kept-messages.ts'

/** What was done before a call of an MCP server, as people read it who decide: calls and what came of them, the newest alone. */
export function callsBefore(steps: readonly Step[], ordinal: number): readonly Json[] {
  return steps
    .slice(0, ordinal)
    .map(({ kind, name, callId, content }): Json => {
      const text = (typeof content === 'string' ? content : JSON.stringify(content)).slice(0, CHARACTERS_MAX)
      if (kind !== 'tool_call') return { role: 'tool', tool_call_id: callId ?? '', content: text }
      const call = { id: callId ?? '', type: 'function', function: { name: name ?? '', arguments: text } }
      return { role: 'assistant', content: null, tool_calls: [call] }
    })
    .slice(-MESSAGES_MAX)
}
