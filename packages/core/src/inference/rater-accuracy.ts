/**
 * Accuracy of each rater against the beliefs, shrunk towards the prior of MAP Dawid-Skene (strength 3).
 *
 * Range       (0, 1); a rater without ratings has the prior's accuracy, 0.7 + 0.3 / K.
 */
import { priorCounts } from './confusion-tables.ts'
import type { RatingIndex } from './rating-index.ts'

export type RaterAccuracy = { readonly ratings: Int32Array; readonly accuracy: Float64Array }

export function raterAccuracy(
  { items, raters, classes, start, cells }: RatingIndex,
  logBeliefs: Float64Array,
): RaterAccuracy {
  const ratings = new Int32Array(raters)
  const accuracy = new Float64Array(raters)
  for (let i = 0; i < items; i++)
    for (let at = start[i] as number; at < (start[i + 1] as number); at++) {
      const cell = cells[at] as number
      const rater = (cell / classes) | 0
      ratings[rater] = (ratings[rater] as number) + 1
      accuracy[rater] =
        (accuracy[rater] as number) + Math.exp(logBeliefs[i * classes + (cell % classes)] as number)
    }
  const [right, wrong] = priorCounts('map-ds', classes)
  for (let w = 0; w < raters; w++)
    accuracy[w] = ((accuracy[w] as number) + right) / ((ratings[w] as number) + right + wrong * (classes - 1))
  return { ratings, accuracy }
}
