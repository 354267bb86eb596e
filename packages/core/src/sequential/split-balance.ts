/**
 * Evidence that units were not split between two arms with the stated probability, valid at every look.
 *
 * Tests       H0: each unit went to the first arm with probability `propensity`.
 * Method      Beta(1/2, 1/2) mixture likelihood ratio; a nonnegative martingale under H0.
 * Output      natural log of the e-value. 0 for no units.
 * Source      Robbins 1970; used as a "sample ratio mismatch" alarm by Lindon & Malek 2022 (arXiv 2011.03567).
 */
import gammaln from '@stdlib/math-base-special-gammaln'

/** Log e-value at which a split is called unbalanced: one false alarm in a thousand. */
export const IMBALANCE_LIMIT = Math.log(1000)

export function splitImbalance(first: number, second: number, propensity: number): number {
  const logBeta = (a: number, b: number) => gammaln(a) + gammaln(b) - gammaln(a + b)
  return (
    logBeta(first + 0.5, second + 0.5) -
    logBeta(0.5, 0.5) -
    first * Math.log(propensity) -
    second * Math.log1p(-propensity)
  )
}
