/**
 * Whether a rater's stated confidence can be believed, and what to make of it instead.
 *
 * Model       log-odds of being right = intercept + slope * log-odds of the stated confidence (clipped to
 *             [0.01, 0.99]); a perfectly honest rater has 0 and 1. Fitted by Newton with a weak normal prior around
 *             (0, 1), worth about one rating, so that nothing runs away under separation.
 * Estimates   `gap`: stated minus right, on average, in [-1, 1] (above 0: overconfident), with Student's interval over
 *             ratings; without one where no two ratings differ.
 * Input       ratings with a confidence; those without are passed over.
 * Degenerate  fewer than RATINGS_MIN stated confidences: insufficient.
 * Source      Platt (1999); Cox (1958) for intercept and slope as a test of calibration.
 */
import { type Insufficient, insufficient } from '../numeric/insufficient.ts'
import type { IntervalEstimate } from '../numeric/interval-estimate.ts'
import { correctness, type JudgedRating, type JudgedRatings } from './judged-ratings.ts'
import { meanWithInterval } from './rater-bias.ts'

const RATINGS_MIN = 20
const CLIP = 0.01

export type StatedConfidence = {
  readonly kind: 'stated-confidence'
  readonly ratings: number
  readonly gap: IntervalEstimate
  readonly intercept: number
  readonly slope: number
}

export function statedConfidence(
  judged: JudgedRatings,
  own: readonly JudgedRating[],
  level: number,
): StatedConfidence | Insufficient {
  const points = own.flatMap((rating) =>
    rating.confidence === null
      ? []
      : [{ stated: rating.confidence, right: correctness(judged, rating), x: logOdds(rating.confidence) }],
  )
  if (points.length < RATINGS_MIN)
    return insufficient(`calibration needs ${RATINGS_MIN} stated confidences, and there are ${points.length}`)
  let intercept = 0
  let slope = 1
  for (let step = 0; step < 100; step++) {
    // The prior: gradient and curvature of a standard normal around (0, 1).
    let g0 = -intercept
    let g1 = 1 - slope
    let h00 = 1
    let h01 = 0
    let h11 = 1
    for (const { x, right } of points) {
      const p = 1 / (1 + Math.exp(-(intercept + slope * x)))
      const weight = p * (1 - p)
      g0 += right - p
      g1 += (right - p) * x
      h00 += weight
      h01 += weight * x
      h11 += weight * x * x
    }
    const determinant = h00 * h11 - h01 * h01
    const d0 = capped((h11 * g0 - h01 * g1) / determinant)
    const d1 = capped((h00 * g1 - h01 * g0) / determinant)
    intercept += d0
    slope += d1
    if (Math.abs(d0) + Math.abs(d1) < 1e-10) break
  }
  const gap = meanWithInterval(
    points.map(({ stated, right }) => stated - right),
    level,
  )
  return { kind: 'stated-confidence', ratings: points.length, gap, intercept, slope }
}

/** What a stated confidence was worth: probability of being right. */
export function recalibrate(fit: StatedConfidence, confidence: number): number {
  return 1 / (1 + Math.exp(-(fit.intercept + fit.slope * logOdds(confidence))))
}

/** Newton on a logistic curve may shoot far over where it is flat. */
function capped(step: number): number {
  return Math.max(-1, Math.min(1, step))
}

function logOdds(confidence: number): number {
  const clipped = Math.min(1 - CLIP, Math.max(CLIP, confidence))
  return Math.log(clipped / (1 - clipped))
}
