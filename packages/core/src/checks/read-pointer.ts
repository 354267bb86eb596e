import type { Json } from '../episodes/episode.ts'

/** The value at a JSON pointer (RFC 6901); undefined where there is none. */
export function readPointer(value: Json, pointer: string): Json | undefined {
  let at: Json | undefined = value
  for (const part of pointer === '' ? [] : pointer.slice(1).split('/')) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~')
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return undefined
    at = (at as { readonly [key: string]: Json })[key]
  }
  return at
}
