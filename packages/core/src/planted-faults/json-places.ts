/** Single values inside the content of a step, and replacing one. Text that is JSON is read as such, and stays text. */
import type { Json } from '../episodes/episode.ts'

export type Place = {
  /** Keys and indexes from the top. */
  readonly path: readonly (string | number)[]
  /** The nearest key above the value; '' where there is none. */
  readonly key: string
  readonly value: string | number
}

/** Texts and numbers, in order. Plain text has none: only structured values have a place. */
export function placesOf(content: Json): readonly Place[] {
  const places: Place[] = []
  const walk = (value: Json, path: readonly (string | number)[], key: string) => {
    if (typeof value === 'string' || typeof value === 'number') places.push({ path, key, value })
    else if (isList(value)) for (const [at, one] of value.entries()) walk(one, [...path, at], key)
    else if (value !== null && typeof value === 'object')
      for (const [name, one] of Object.entries(value)) walk(one, [...path, name], name)
  }
  const structure = structureOf(content)
  if (structure !== null) walk(structure, [], '')
  return places
}

/** The content with another value at the place, and everything else as it was. */
export function replaceAt(content: Json, place: Place, value: string | number): Json {
  if (typeof content !== 'string') return setAt(content, place.path, value)
  const structure = structureOf(content)
  if (structure === null) return content
  // Written by another program with other spaces: the one literal is replaced where that is possible.
  const literal = JSON.stringify(place.value)
  const parts = content.split(literal)
  return parts.length === 2
    ? parts.join(JSON.stringify(value))
    : JSON.stringify(setAt(structure, place.path, value))
}

/** Every value that equals `before`, wherever in the content it stands by itself. */
export function replaceEverywhere(content: Json, before: string | number, after: string | number): Json {
  let replaced = content
  for (const place of placesOf(content))
    if (place.value === before) replaced = replaceAt(replaced, place, after)
  return replaced
}

function structureOf(content: Json): Json | null {
  if (typeof content !== 'string') return typeof content === 'object' ? content : null
  if (!/^\s*[[{]/.test(content)) return null
  try {
    return JSON.parse(content) as Json
  } catch {
    return null
  }
}

function setAt(within: Json, [first, ...rest]: readonly (string | number)[], value: string | number): Json {
  if (first === undefined) return value
  if (isList(within)) return within.map((one, at) => (at === first ? setAt(one, rest, value) : one))
  if (within === null || typeof within !== 'object') return within
  return Object.fromEntries(
    Object.entries(within).map(([key, one]) => [key, key === first ? setAt(one, rest, value) : one]),
  )
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value)
}
