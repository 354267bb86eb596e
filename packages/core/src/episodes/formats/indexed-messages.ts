import type { Json } from '../episode.ts'
import { asArray, asObject } from '../json-field.ts'
import type { Turn } from './chat-turn.ts'
import type { Attributes } from './otlp-span.ts'
import { readMessages } from './span-messages.ts'

/** Messages of one span, parts of one message: more can only be an attack on memory. */
const INDEX_MAX = 10_000

/**
 * Messages written as one attribute per leaf: `gen_ai.prompt.0.role`, `gen_ai.completion.0.tool_calls.0.name`
 * (OpenLLMetry) and `llm.input_messages.0.message.contents.0.message_content.text` (OpenInference).
 * The levels OpenInference adds (`message`, `message_content`, `tool_call`) are left out.
 */
export function indexedMessages(attributes: Attributes, prefixes: readonly string[]): readonly Turn[] {
  for (const prefix of prefixes) {
    const root: Branch = new Map()
    for (const key in attributes) {
      if (key.startsWith(prefix)) plant(root, key.slice(prefix.length).split('.'), attributes[key] as Json)
    }
    if (root.size === 0) continue
    const speaker = /completion|output/.test(prefix) ? 'assistant' : 'user'
    return readMessages(grown(root), speaker) ?? []
  }
  return []
}

type Branch = Map<string, Branch | { readonly leaf: Json }>

const LEVELS: ReadonlySet<string> = new Set(['message', 'message_content', 'tool_call'])

function plant(root: Branch, path: readonly string[], value: Json): void {
  const steps = path.filter((step) => !LEVELS.has(step)).slice(0, 20)
  let branch = root
  for (const [at, step] of steps.entries()) {
    if (at === steps.length - 1) {
      branch.set(step === 'contents' ? 'content' : step, { leaf: value })
      return
    }
    const name = step === 'contents' ? 'content' : step
    const next = branch.get(name)
    if (next instanceof Map) branch = next
    else {
      const fresh: Branch = new Map()
      branch.set(name, fresh)
      branch = fresh
    }
  }
}

function grown(branch: Branch): Json {
  const keys = [...branch.keys()]
  const members = (key: string): Json => {
    const next = branch.get(key)
    return next instanceof Map ? grown(next) : (next?.leaf ?? null)
  }
  if (keys.every((key) => /^\d{1,5}$/.test(key))) {
    return keys
      .sort((a, b) => Number(a) - Number(b))
      .slice(0, INDEX_MAX)
      .map(members)
  }
  return Object.fromEntries(keys.map((key) => [key, asArray(asObject(members(key))) ?? members(key)]))
}
