/**
 * What a few more ratings change: the method, the tempering and the beliefs of before are kept as the start, the first
 * iteration moves the raters and the items that the new ratings are about, and at most ten move everything else.
 *
 * Input       `place` by item of `index`: which item of `before` it was, -1 where it is new. Raters may be numbered anew.
 * Returns     what `inferTruth` with the method of `before` would, nearly: the more the ratings have grown, the less near,
 *             so whoever refreshes should infer anew from time to time, and whenever gold has changed.
 * Degenerate  an index with no item of before starts from the votes.
 */
import { calibrated } from './calibrated.ts'
import { fitMethod } from './fit-method.ts'
import { heldClasses, type InferredTruth } from './infer-truth.ts'
import type { RatingIndex } from './rating-index.ts'
import { majority } from './vote-shares.ts'

const ITERATIONS_MAX = 10

export function refreshTruth(
  index: RatingIndex,
  before: { readonly truth: InferredTruth; readonly place: Int32Array },
  options: { readonly gold: Int32Array | null; readonly settled?: Int32Array | null; readonly seed: number },
): InferredTruth {
  const { classes } = index
  const { truth, place } = before
  const { gold, seed } = options
  const held = heldClasses(gold, options.settled ?? null)
  const start = majority(index, held).logBeliefs
  place.forEach((known, item) => {
    if (known >= 0) start.set(truth.fitted.subarray(known * classes, (known + 1) * classes), item * classes)
  })
  const fit = fitMethod(index, truth.method, { gold: held, iterations: ITERATIONS_MAX, start, seed }, 1)
  return { ...calibrated(index, fit, gold, truth.temper, held), chosenBecause: truth.chosenBecause }
}
