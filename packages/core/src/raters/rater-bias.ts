/**
 * Systematic errors of one rater: does a feature move the answers away from the panel's?
 *
 * Estimates   for one class (say "pass"): among ratings with the feature, how much more often the rater answers it than
 *             the panel believes it, minus the same among ratings without the feature. In [-2, 2], shown in points.
 * Input       `hasFeature` a yes or no per rating: of the item ("over 300 words") or of how it was shown ("shown second").
 * Intervals   Welch's, over items; several answers of one rater to one item count as their mean. `level` is per question:
 *             the caller divides by the number of questions asked (Bonferroni).
 * Degenerate  fewer than ITEMS_MIN items on either side: insufficient.
 */
import { type Insufficient, insufficient } from '../numeric/insufficient.ts'
import type { IntervalEstimate } from '../numeric/interval-estimate.ts'
import { studentQuantile } from '../numeric/student-t.ts'
import { beliefIn, type JudgedRating, type JudgedRatings } from './judged-ratings.ts'

const ITEMS_MIN = 10

export function raterBias(
  judged: JudgedRatings,
  own: readonly JudgedRating[],
  question: { readonly label: number; readonly hasFeature: (rating: JudgedRating) => boolean },
  level: number,
): IntervalEstimate | Insufficient {
  const gaps = (having: boolean) =>
    itemGaps(
      judged,
      own.filter((rating) => question.hasFeature(rating) === having),
      question.label,
    )
  return differenceOfMeans(gaps(true), gaps(false), level)
}

/**
 * The same for all raters at once, against gold: a bias they share does not show against the panel, because the panel
 * has it. Items without gold are passed over.
 */
export function sharedBias(
  judged: JudgedRatings,
  question: { readonly label: number; readonly hasFeature: (rating: JudgedRating) => boolean },
  level: number,
): IntervalEstimate | Insufficient {
  const known = judged.ratings.filter(({ item }) => (judged.gold[item] ?? -1) >= 0)
  return raterBias(judged, known, question, level)
}

/** Mean over the ratings of an item of "answered the class" minus the belief that it is of the class. */
function itemGaps(judged: JudgedRatings, ratings: readonly JudgedRating[], label: number): readonly number[] {
  const sums = new Map<number, { answered: number; ratings: number }>()
  for (const rating of ratings) {
    const before = sums.get(rating.item) ?? { answered: 0, ratings: 0 }
    sums.set(rating.item, {
      answered: before.answered + (rating.label === label ? 1 : 0),
      ratings: before.ratings + 1,
    })
  }
  return [...sums].map(
    ([item, { answered, ratings: many }]) => answered / many - beliefIn(judged, item, label),
  )
}

/** Welch's interval; insufficient when either side is small or nothing varies. */
export function differenceOfMeans(
  one: readonly number[],
  other: readonly number[],
  level: number,
): IntervalEstimate | Insufficient {
  if (one.length < ITEMS_MIN || other.length < ITEMS_MIN)
    return insufficient(
      `it needs ${ITEMS_MIN} items on either side, and has ${one.length} and ${other.length}`,
    )
  const a = meanAndError(one)
  const b = meanAndError(other)
  const variance = a.error + b.error
  const value = a.mean - b.mean
  if (!(variance > 0)) return { kind: 'estimate', value, interval: insufficient('no two items differ') }
  const degrees = variance ** 2 / (a.error ** 2 / (one.length - 1) + b.error ** 2 / (other.length - 1))
  const reach = studentQuantile(1 - (1 - level) / 2, Math.max(1, degrees)) * Math.sqrt(variance)
  return {
    kind: 'estimate',
    value,
    interval: { kind: 'interval', low: value - reach, high: value + reach, level },
  }
}

/** Student's interval; of at least two values. */
export function meanWithInterval(values: readonly number[], level: number): IntervalEstimate {
  const { mean, error } = meanAndError(values)
  if (!(error > 0)) return { kind: 'estimate', value: mean, interval: insufficient('no two values differ') }
  const reach = studentQuantile(1 - (1 - level) / 2, values.length - 1) * Math.sqrt(error)
  return {
    kind: 'estimate',
    value: mean,
    interval: { kind: 'interval', low: mean - reach, high: mean + reach, level },
  }
}

function meanAndError(values: readonly number[]): { readonly mean: number; readonly error: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return { mean, error: squares / (values.length - 1) / values.length }
}
