/**
 * Whether somebody passes planted faults without having read: missed, and answered faster than the fastest careful answers.
 *
 * Estimates   an interval of the chance of a fast miss on a planted fault, valid at every look at once
 *             (`sequential/rate-bound.ts`).
 * Verdict     'rubber-stamping' once the lower end is above `TOLERATED`. Whoever misses and is fast with a chance of at most
 *             that on each planted fault, given what came before, is ever called so with probability at most
 *             `RUBBER_STAMP_ALPHA`. A miss alone is no rubber-stamping, nor is speed alone: the skill test judges misses.
 * Fast        below `readingTime`: the 5 % order statistic of the seconds of careful answers to the same question, that is of
 *             other people's right answers to known ones. Right after long thought and right after a pause both count as
 *             careful, so only the low end is used, where pauses do not reach; one in twenty careful answers is below it.
 * Degenerate  fewer than CAREFUL_MIN careful answers: no reading time, and nobody is fast. No answers: undecided, 0 to 1.
 * Throws      RangeError when seconds are negative or not finite.
 * Evidence    planted-faults/planted-statistics.test.ts; no simulation study yet
 */
import { type Insufficient, insufficient } from '../numeric/insufficient.ts'
import { rateUpperBound } from '../sequential/rate-bound.ts'

export type TimedAnswer = {
  readonly caught: boolean
  /** From reading the question to the answer; null when not known, and then not fast. */
  readonly seconds: number | null
  /** Of its question; null when not known. */
  readonly readingSeconds: number | null
}
export type RubberStampTest = {
  readonly verdict: 'rubber-stamping' | 'undecided'
  readonly fastMisses: number
  readonly answers: number
  /** Of the chance of a fast miss. */
  readonly low: number
  readonly high: number
}

export const RUBBER_STAMP_ALPHA = 0.01
export const TOLERATED = 0.2
export const CAREFUL_MIN = 20
const FASTEST_SHARE = 0.05

/** Seconds; of at least CAREFUL_MIN careful answers. */
export function readingTime(carefulSeconds: readonly number[]): number | Insufficient {
  if (carefulSeconds.some((seconds) => !(seconds >= 0 && Number.isFinite(seconds))))
    throw new RangeError('seconds must be finite and not negative')
  if (carefulSeconds.length < CAREFUL_MIN)
    return insufficient(
      `others gave ${carefulSeconds.length} right answers to known questions, and ${CAREFUL_MIN} are needed`,
    )
  const sorted = [...carefulSeconds].sort((a, b) => a - b)
  return sorted[Math.floor(FASTEST_SHARE * sorted.length)] as number
}

export function testRubberStamp(answers: readonly TimedAnswer[]): RubberStampTest {
  const total = answers.length
  const fastMisses = answers.filter(
    ({ caught, seconds, readingSeconds }) =>
      !caught && seconds !== null && readingSeconds !== null && seconds < readingSeconds,
  ).length
  const low = 1 - rateUpperBound(total - fastMisses, total, RUBBER_STAMP_ALPHA)
  return {
    verdict: low > TOLERATED ? 'rubber-stamping' : 'undecided',
    fastMisses,
    answers: total,
    low,
    high: rateUpperBound(fastMisses, total, RUBBER_STAMP_ALPHA),
  }
}
