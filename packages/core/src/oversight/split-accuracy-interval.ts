/**
 * How often every part of a split question is answered rightly, from gold of each part.
 *
 * Estimates   the product of the parts' accuracies, with a central interval of it.
 * Input       per part: how many of its gold answers were right. A part's answer is that of all its raters together, so
 *             shared bias among them is in the counts.
 * Assumes     parts err independently of one another, and the gold of one part is not that of another. Where the same
 *             items are gold of every part, count the items on which all parts are right: that needs no assumption.
 * Method      part i has posterior Beta(right + 1/2, wrong + 1/(2 parts)), so that the product, not each part, has about
 *             the prior Beta(1/2, 1/2): with 1/2 wrong answers assumed of every part, 32 parts of accuracy .97 with 100
 *             gold answers each would be believed 1.5 standard errors worse than they are. The product is taken for the
 *             Beta with its mean and variance, which are exact. Where no answer was wrong the interval goes up to 1, and
 *             down to 0 where a part was never right: Jeffreys' ends are too short there.
 * Degenerate  no parts, no gold of a part, more right than asked: RangeError. A product too small for a number: no interval.
 * Cost        O(parts).
 * Source      Springer & Thompson 1966 (Biometrika 53) for posteriors of products of binomial rates; Fan 1991 (Comm.
 *             Statist. Theory Meth. 20) for one Beta in the place of a product; Brown, Cai & DasGupta 2001 (Statist. Sci.
 *             16) for the ends.
 * Evidence    split-accuracy-interval.test.ts; the study `question-tree`
 */
import { insufficient } from '../numeric/insufficient.ts'
import type { IntervalEstimate } from '../numeric/interval-estimate.ts'
import { betaInterval } from '../raters/beta-interval.ts'

export type PartGold = { readonly right: number; readonly asked: number }

const HALF = 0.5

export function splitAccuracyInterval(parts: readonly PartGold[], level: number): IntervalEstimate {
  if (parts.length === 0) throw new RangeError('a split question has at least one part')
  let mean = 1
  let square = 1
  let value = 1
  for (const { right, asked } of parts) {
    if (!(asked >= 1 && right >= 0 && right <= asked))
      throw new RangeError(`${right} right of ${asked} is no count of gold answers`)
    const a = right + HALF
    const all = a + asked - right + HALF / parts.length
    mean *= a / all
    square *= (a * (a + 1)) / (all * (all + 1))
    value *= right / asked
  }
  const answers = (mean * (1 - mean)) / (square - mean * mean) - 1
  if (!Number.isFinite(answers))
    return {
      kind: 'estimate',
      value,
      interval: insufficient('the parts are hardly ever right together'),
    }
  const interval = betaInterval(mean * answers, (1 - mean) * answers, level)
  return {
    kind: 'estimate',
    value,
    interval: {
      ...interval,
      low: value === 0 ? 0 : interval.low,
      high: value === 1 ? 1 : interval.high,
    },
  }
}
