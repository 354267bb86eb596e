import type { Json, Step } from '@leeway/core/episodes/episode'

export type Spoken = { readonly role: 'system' | 'user' | 'assistant'; readonly text: string }

/** The words of a request that an admin wrote. */
export type WrittenText = {
  readonly arguments: Json
  /** Oldest first; empty: it stands where a recorded call of the same tool stood. */
  readonly before: readonly Spoken[]
}

/** As an episode would have them. */
export function writtenSteps(spoken: readonly Spoken[]): readonly Step[] {
  return spoken.map(({ role, text }, ordinal) => ({
    ordinal,
    parent: null,
    kind: role,
    name: null,
    content: text,
    callId: null,
    startedAt: null,
    durationMs: null,
    inputTokens: null,
    outputTokens: null,
    error: null,
    logprobs: null,
  }))
}
