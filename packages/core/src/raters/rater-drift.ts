/**
 * Whether a rater has changed: accuracy on the newest quarter of the answers against the three before.
 *
 * Estimates   newest minus earlier, in [-1, 1], with Welch's interval.
 * Limits      looks back once, at the end: for an alarm that may be watched all the time use sequential/change-detector.
 * Degenerate  fewer than 40 answers: insufficient.
 */
import type { Insufficient } from '../numeric/insufficient.ts'
import { insufficient } from '../numeric/insufficient.ts'
import type { IntervalEstimate } from '../numeric/interval-estimate.ts'
import { correctness, type JudgedRating, type JudgedRatings } from './judged-ratings.ts'
import { differenceOfMeans } from './rater-bias.ts'

const RATINGS_MIN = 40

export function raterDrift(
  judged: JudgedRatings,
  own: readonly JudgedRating[],
  level: number,
): IntervalEstimate | Insufficient {
  if (own.length < RATINGS_MIN)
    return insufficient(`drift needs ${RATINGS_MIN} answers, and there are ${own.length}`)
  const right = own.map((rating) => correctness(judged, rating))
  const cut = Math.floor((right.length * 3) / 4)
  return differenceOfMeans(right.slice(cut), right.slice(0, cut), level)
}
