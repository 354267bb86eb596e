/**
 * Whether to split one question into parts that must all hold.
 *
 * Estimates   the probability that all parts are answered rightly against that of the one question, and the break-even:
 *             the accuracy a single rater needs on a part for the split to be no worse.
 * Model       the whole is right when every part is (errors do not cancel): accuracy of the parts to the power of how
 *             many there are. Raters and shared bias as in leaf-error.ts. With one rater, break-even is
 *             whole^(1/parts). With shared bias more raters help less: the majority cannot exceed
 *             shared * accuracy + (1 - shared).
 * Advice      `split` only where the gain is above 0; `missing` is the chance that the parts do not cover the question,
 *             in which case they are taken to be wrong.
 * Degenerate  accuracies outside [0, 1], fewer than 1 part: throws. Where even perfect parts would not do,
 *             `breakEven` is null.
 * Source      Wu et al. 2021 (arXiv 2109.10862) for the practice; Condorcet for the majority.
 * Evidence    oversight.test.ts
 */
import { leafAccuracy, requireShare } from './leaf-error.ts'

export type SplitQuestion = {
  /** Accuracy of one rater on the whole question, and on one part. */
  readonly whole: number
  readonly part: number
  readonly parts: number
  /** Raters for each question asked. */
  readonly raters: number
  readonly shared: number
  readonly missing: number
}

export type SplitAdvice = {
  readonly wholeAccuracy: number
  readonly splitAccuracy: number
  /** splitAccuracy - wholeAccuracy. */
  readonly gain: number
  readonly split: boolean
  /** Least accuracy of one rater on one part for which splitting is no loss, or null where none is enough. */
  readonly breakEven: number | null
}

export function adviseSplit(question: SplitQuestion): SplitAdvice {
  const { whole, part, parts, raters, shared, missing } = question
  requireShare('missing', missing)
  if (!(Number.isInteger(parts) && parts >= 1))
    throw new RangeError(`parts is ${parts}; expected a whole number from 1`)
  const splitAt = (accuracy: number): number =>
    (1 - missing) * leafAccuracy({ accuracy, raters, shared }) ** parts
  const wholeAccuracy = leafAccuracy({ accuracy: whole, raters, shared })
  const splitAccuracy = splitAt(part)
  return {
    wholeAccuracy,
    splitAccuracy,
    gain: splitAccuracy - wholeAccuracy,
    split: splitAccuracy > wholeAccuracy,
    breakEven: splitAt(1) < wholeAccuracy ? null : lowest((accuracy) => splitAt(accuracy) >= wholeAccuracy),
  }
}

/** The accuracy of a majority rises with that of a rater, so bisection finds the edge. */
function lowest(enough: (accuracy: number) => boolean): number {
  let low = 0
  let high = 1
  if (enough(0)) return 0
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2
    if (enough(middle)) high = middle
    else low = middle
  }
  return high
}
