/** What a server answered, as text: for the record, bounded. Hostile text. */

const CHARACTERS_MAX = 200_000

type Fields = Readonly<Record<string, unknown>>

/** Of a result of a tool its texts, and of all else what it is; of other results their JSON. */
export function resultText(result: Fields): string {
  const { content, structuredContent, isError } = result
  if (!Array.isArray(content)) return bounded(JSON.stringify(result))
  const parts = content.map(blockText)
  if (structuredContent !== undefined && parts.join('').trim() === '')
    parts.push(JSON.stringify(structuredContent))
  const text = parts.join('\n')
  return bounded(isError === true ? `Error: ${text}` : text)
}

function blockText(block: unknown): string {
  const { type, text, mimeType, data, uri, resource } = (block ?? {}) as Fields
  if (type === 'text') return String(text ?? '')
  if (type === 'resource') {
    const held = (resource ?? {}) as Fields
    return typeof held.text === 'string' ? held.text : `[resource ${String(held.uri ?? '')}]`
  }
  if (type === 'resource_link') return `[resource ${String(uri ?? '')}]`
  const size = typeof data === 'string' ? `, ${data.length} characters` : ''
  return `[${String(type ?? 'block')} ${String(mimeType ?? '')}${size}]`
}

function bounded(text: string): string {
  const left = text.length - CHARACTERS_MAX
  return left <= 0 ? text : `${text.slice(0, CHARACTERS_MAX)}… (${left} characters more)`
}
