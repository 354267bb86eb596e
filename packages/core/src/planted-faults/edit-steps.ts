/** Edits that keep an episode valid: ordinals from 0 without gaps, and every parent before its child. */
import type { Episode, Json, Step } from '../episodes/episode.ts'

/** Times of the other steps stay; what happened inside a removed step moves up to where that step was. */
export function removeSteps(episode: Episode, removed: ReadonlySet<number>): Episode {
  const moved = new Map<number, number>()
  const parentOf = (ordinal: number | null): number | null => {
    let at = ordinal
    while (at !== null && removed.has(at)) at = episode.steps[at]?.parent ?? null
    return at === null ? null : (moved.get(at) ?? null)
  }
  const steps: Step[] = []
  for (const step of episode.steps) {
    if (removed.has(step.ordinal)) continue
    moved.set(step.ordinal, steps.length)
    steps.push({ ...step, ordinal: steps.length, parent: parentOf(step.parent) })
  }
  return { ...episode, steps }
}

/** Probabilities of words that were not said are dropped with them. */
export function withContents(episode: Episode, contents: ReadonlyMap<number, Json>): Episode {
  return {
    ...episode,
    steps: episode.steps.map((step) => {
      const content = contents.get(step.ordinal)
      return content === undefined ? step : { ...step, content, logprobs: null }
    }),
  }
}

/** Where a removed step was: the ordinal, in the copy, of the first step behind it. */
export function placeAfter(episode: Episode, removed: ReadonlySet<number>): number {
  const first = Math.min(...removed)
  const kept = episode.steps.length - removed.size
  return Math.min(first, Math.max(0, kept - 1))
}
