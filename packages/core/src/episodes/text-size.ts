import type { Json } from './episode.ts'

/**
 * Bytes of a JSON value as UTF-8 text, without escapes and white space. Stops counting once over `enough`, so
 * measuring never costs more than the limit it is compared with. Recurses: only for values whose depth was checked.
 */
export function textBytes(value: Json, enough: number): number {
  if (typeof value === 'string') return stringBytes(value, enough)
  if (value === null || typeof value !== 'object') return 8
  let bytes = 2
  if (Array.isArray(value)) {
    for (const entry of value as readonly Json[]) {
      bytes += textBytes(entry, enough - bytes) + 1
      if (bytes > enough) return bytes
    }
    return bytes
  }
  for (const key in value) {
    bytes += key.length + 4
    bytes += textBytes((value as { [key: string]: Json })[key] as Json, enough - bytes)
    if (bytes > enough) return bytes
  }
  return bytes
}

function stringBytes(text: string, enough: number): number {
  // A UTF-16 unit is at most three bytes of UTF-8: most strings need no look at their characters.
  if (text.length * 3 <= enough || text.length > enough) return text.length + 2
  let bytes = 2
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code >= 0xd800 && code < 0xe000 ? 2 : 3
  }
  return bytes
}
