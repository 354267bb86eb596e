/**
 * How far raters err together, and how many independent raters they amount to.
 *
 * Estimates   correlation of the errors of each two raters over the items both rated, with each rater's own error rate
 *             and each item's difficulty for nobody in particular left in: two raters fooled by the same items are
 *             dependent, whatever the reason. Pulled towards 0 by PRIOR_ITEMS items, and never below 0: raters who
 *             balance each other are no more than independent.
 *             independentRaters = R^2 / sum of all correlations: the number of independent raters whose plain mean
 *             is as exact as that of these R. redundantRaters = R - that; adding a copy of a rater never lowers it.
 * Input       ratings judged by gold or by a belief; a rater may answer an item more than once: the mean counts.
 * Degenerate  fewer than two raters: every rater is its own. Two who share fewer than SHARED_ITEMS_MIN items:
 *             correlation null, counted as 0.
 * Cost        O(pairs of raters who share an item, per item).
 * Source      design effect of a mean (Kish 1965).
 */
import { correctness, type JudgedRatings } from './judged-ratings.ts'

const PRIOR_ITEMS = 5
const SHARED_ITEMS_MIN = 10

export type RaterDependence = {
  /** raters x raters; the diagonal is 1; null where too few items are shared. */
  readonly correlations: readonly (readonly (number | null)[])[]
  readonly independentRaters: number
  readonly redundantRaters: number
}

export function raterDependence(judged: JudgedRatings): RaterDependence {
  const raters = judged.raters.length
  const errors = errorsByRater(judged)
  const correlations = Array.from({ length: raters }, (_, one) =>
    Array.from({ length: raters }, (__, other): number | null =>
      one === other ? 1 : other < one ? null : correlationOf(errors[one], errors[other]),
    ),
  )
  let total = raters
  for (let one = 0; one < raters; one++)
    for (let other = one + 1; other < raters; other++) {
      const correlation = correlations[one]?.[other] ?? null
      const mirrored = correlations[other] as (number | null)[]
      mirrored[one] = correlation
      total += 2 * (correlation ?? 0)
    }
  const independentRaters = raters === 0 ? 0 : raters ** 2 / total
  return { correlations, independentRaters, redundantRaters: raters - independentRaters }
}

/**
 * How much the word of each rater weighs in a mean of all: 1 over the sum of its correlations with all, itself included. Raters who
 * copy one another share one voice; one who errs apart keeps a whole one. They add up to `independentRaters` where all
 * correlations are alike, and to 1 where all are 1.
 */
export function voicesOf({ correlations }: RaterDependence): readonly number[] {
  return correlations.map((own) => 1 / own.reduce<number>((sum, one) => sum + (one ?? 0), 0))
}

/** Mean error of a rater on an item. */
type Errors = ReadonlyMap<number, number>

function errorsByRater(judged: JudgedRatings): readonly Errors[] {
  const sums = judged.raters.map(() => new Map<number, { error: number; ratings: number }>())
  for (const rating of judged.ratings) {
    const own = sums[rating.rater]
    const before = own?.get(rating.item) ?? { error: 0, ratings: 0 }
    own?.set(rating.item, {
      error: before.error + 1 - correctness(judged, rating),
      ratings: before.ratings + 1,
    })
  }
  return sums.map((own) => new Map([...own].map(([item, { error, ratings }]) => [item, error / ratings])))
}

function correlationOf(one: Errors | undefined, other: Errors | undefined): number | null {
  if (one === undefined || other === undefined) return null
  const [few, many] = one.size <= other.size ? [one, other] : [other, one]
  const pairs: [number, number][] = []
  for (const [item, error] of few) {
    const matching = many.get(item)
    if (matching !== undefined) pairs.push([error, matching])
  }
  if (pairs.length < SHARED_ITEMS_MIN) return null
  const meanOne = pairs.reduce((sum, [error]) => sum + error, 0) / pairs.length
  const meanOther = pairs.reduce((sum, [, error]) => sum + error, 0) / pairs.length
  let cross = 0
  let squaresOne = 0
  let squaresOther = 0
  for (const [a, b] of pairs) {
    cross += (a - meanOne) * (b - meanOther)
    squaresOne += (a - meanOne) ** 2
    squaresOther += (b - meanOther) ** 2
  }
  const scale = Math.sqrt(squaresOne * squaresOther)
  // Somebody who is always right, or always wrong, errs together with nobody.
  if (!(scale > 1e-12)) return 0
  return Math.max(0, (cross / scale) * (pairs.length / (pairs.length + PRIOR_ITEMS)))
}
