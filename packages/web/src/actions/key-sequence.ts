/** Matches typed keys against actions with sequences such as g then o. Pure: time comes in with each key. */
import type { Action } from './action.ts'

export type KeyState = { readonly typed: readonly string[]; readonly at: number }

export const NO_KEYS: KeyState = { typed: [], at: 0 }

/** A second key counts as part of a sequence for this long. */
export const SEQUENCE_MS = 1200

/**
 * What one more key means: an action to perform, or a state to wait in. A key that continues nothing starts anew.
 * Earlier actions win over later ones with the same keys, so pages put theirs first.
 */
export function pressKey(
  state: KeyState,
  key: string,
  now: number,
  actions: readonly Action[],
): { readonly state: KeyState; readonly action: Action | undefined } {
  const fresh = now - state.at > SEQUENCE_MS ? [] : state.typed
  for (const typed of fresh.length === 0 ? [[key]] : [[...fresh, key], [key]]) {
    const action = actions.find((candidate) => same(candidate.keys, typed))
    if (action !== undefined) return { state: NO_KEYS, action }
    if (actions.some((candidate) => startsWith(candidate.keys, typed))) {
      return { state: { typed, at: now }, action: undefined }
    }
  }
  return { state: NO_KEYS, action: undefined }
}

function same(keys: readonly string[] | undefined, typed: readonly string[]): boolean {
  return keys !== undefined && keys.length === typed.length && startsWith(keys, typed)
}

function startsWith(keys: readonly string[] | undefined, typed: readonly string[]): boolean {
  return keys !== undefined && typed.every((key, index) => keys[index] === key)
}
