/**
 * How many questions are to come, told so that it tells nothing of what came. Counted from the queue, the number would fall at an
 * answer to work and not at one that stands on the sheet of a known question. So where questions are hidden among others it is
 * counted now and then, and falls by one with each answer or skip between, whatever that was to.
 *
 * In the memory of a process: what another one counts differs by what happened since, and not by one answer.
 */
import type { Effects } from '../http/environment.ts'

export type SteadyCount = (rater: string, now: { readonly said: number; readonly counted: number }) => number

/** After that long it is counted anew; others answer meanwhile, and are asked more. */
const KEPT_MS = 10 * 60_000
/** Bounds memory. */
const RATERS_MAX = 10_000

export function createSteadyCount({ now }: Pick<Effects, 'now'>): SteadyCount {
  const kept = new Map<string, { readonly atMs: number; readonly sum: number }>()
  return (rater, { said, counted }) => {
    const atMs = now().getTime()
    const before = kept.get(rater)
    const left = before === undefined || atMs - before.atMs > KEPT_MS ? 0 : before.sum - said
    // Between none and one everybody sees the difference.
    if (left > 0 && counted > 0) return left
    if (kept.size >= RATERS_MAX) kept.clear()
    kept.set(rater, { atMs, sum: said + counted })
    return counted
  }
}
