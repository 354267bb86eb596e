/** A message of chat completions as people read it. Whatever is no text stays JSON: nothing of it is left out. */
import type { Json } from '@leeway/core/episodes/episode'

export type ReadableMessage = {
  readonly role: string
  readonly text: string
  readonly calls: readonly { readonly tool: string; readonly argumentsText: string }[]
}

export function readMessage(message: Json): ReadableMessage {
  if (!isObject(message)) return { role: 'unknown', text: JSON.stringify(message), calls: [] }
  const { role, content, tool_calls: calls } = message
  return {
    role: typeof role === 'string' ? role : 'unknown',
    text: textOf(content ?? null),
    calls: Array.isArray(calls) ? calls.map(callOf) : [],
  }
}

const ROLE_WORDS: ReadonlyMap<string, string> = new Map([
  ['system', 'Instructions'],
  ['developer', 'Instructions'],
  ['user', 'User'],
  ['assistant', 'Agent'],
  ['tool', 'Result of a call'],
])

export function roleWords(role: string): string {
  return ROLE_WORDS.get(role) ?? role.slice(0, 40)
}

function textOf(content: Json): string {
  if (content === null) return ''
  if (typeof content === 'string') return content
  if (!Array.isArray(content)) return JSON.stringify(content)
  return content
    .map((part) => (isObject(part) && typeof part.text === 'string' ? part.text : JSON.stringify(part)))
    .join('\n')
}

function callOf(call: Json): ReadableMessage['calls'][number] {
  const asked = isObject(call) && isObject(call.function) ? call.function : {}
  return {
    tool: typeof asked.name === 'string' ? asked.name : 'unknown',
    argumentsText: typeof asked.arguments === 'string' ? asked.arguments : JSON.stringify(call),
  }
}

function isObject(value: Json | undefined): value is { readonly [name: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
