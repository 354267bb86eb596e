import type { Json } from './episode.ts'

/**
 * Reads members of untrusted JSON: only own members count (a key `constructor` is not there unless the text has it),
 * and what has another type than asked for is absent, never converted.
 */
export type JsonObject = { readonly [key: string]: Json }

export function asObject(value: Json | undefined): JsonObject | null {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as JsonObject) : null
}

export function asArray(value: Json | undefined): readonly Json[] | null {
  return Array.isArray(value) ? (value as readonly Json[]) : null
}

/** Undefined when the key is missing, null when it is there and null. */
export function member(object: JsonObject | null, key: string): Json | undefined {
  return object !== null && Object.hasOwn(object, key) ? object[key] : undefined
}

/** The first of `keys` that is there and not null. */
export function firstMember(object: JsonObject | null, keys: readonly string[]): Json | undefined {
  for (const key of keys) {
    const value = member(object, key)
    if (value !== undefined && value !== null) return value
  }
  return undefined
}

export function textMember(object: JsonObject | null, ...keys: readonly string[]): string | null {
  for (const key of keys) {
    const value = member(object, key)
    if (typeof value === 'string' && value !== '') return value
  }
  return null
}

export function numberMember(object: JsonObject | null, ...keys: readonly string[]): number | null {
  for (const key of keys) {
    const value = member(object, key)
    if (typeof value === 'number') return value
  }
  return null
}
