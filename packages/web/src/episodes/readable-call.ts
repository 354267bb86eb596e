/** A tool call's arguments as aligned name and value pairs: what happened, without the braces. */
import type { Json } from '@leeway/core/episodes/episode'

export type CallArgument = {
  /** "order.id", "items[2].sku", '["odd.name"]'; '' when the content is no object. */
  readonly path: string
  /** Text as it is, everything else as JSON. */
  readonly value: string
  readonly kind: 'text' | 'number' | 'boolean' | 'null' | 'empty'
}

/** Arguments flattened to leaves, in their own order; at most `countMax`, with the number left out. */
export function readableArguments(
  content: Json,
  countMax = 200,
): { readonly shown: readonly CallArgument[]; readonly hidden: number } {
  const all: CallArgument[] = []
  let hidden = 0
  const waiting: { path: string; value: Json }[] = [{ path: '', value: parseIfJson(content) }]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { path, value } = next
    const inner = entriesOf(value, path)
    if (inner === undefined || inner.length === 0) {
      if (all.length < countMax) all.push(leaf(path, value))
      else hidden += 1
    } else {
      waiting.push(...inner.reverse())
    }
  }
  return { shown: all, hidden }
}

/** OpenAI sends arguments as a string of JSON; people want to read what is inside. */
function parseIfJson(content: Json): Json {
  if (typeof content !== 'string' || !/^\s*[[{]/.test(content)) return content
  try {
    return JSON.parse(content) as Json
  } catch {
    return content
  }
}

function entriesOf(value: Json, path: string): { path: string; value: Json }[] | undefined {
  if (Array.isArray(value)) {
    return value.map((item: Json, index) => ({ path: `${path}[${index}]`, value: item }))
  }
  if (typeof value !== 'object' || value === null) return undefined
  return Object.entries(value).map(([name, item]) => ({ path: pathOf(path, name), value: item }))
}

/** A name that could be read as a path, or as no name, stands in quotes: no two members share a path. */
function pathOf(path: string, name: string): string {
  if (name === '' || /[.[\]"]/.test(name)) return `${path}[${JSON.stringify(name)}]`
  return path === '' ? name : `${path}.${name}`
}

function leaf(path: string, value: Json): CallArgument {
  if (typeof value === 'string') return { path, value, kind: value === '' ? 'empty' : 'text' }
  const kind =
    value === null
      ? 'null'
      : typeof value === 'number'
        ? 'number'
        : typeof value === 'boolean'
          ? 'boolean'
          : 'empty'
  return { path, value: JSON.stringify(value), kind }
}
