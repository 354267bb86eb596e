/** The standard normal distribution. */
import erfcinv from '@stdlib/math-base-special-erfcinv'
import cdf from '@stdlib/stats-base-dists-normal-cdf'

/** P(Z > x), with full relative precision far out. */
export function normalUpperTail(x: number): number {
  return cdf(-x, 0, 1)
}

/** The z with P(Z <= z) = probability. Throws outside (0, 1): there is no finite answer. */
export function normalQuantile(probability: number): number {
  if (!(probability > 0 && probability < 1))
    throw new RangeError(`a quantile needs a probability between 0 and 1, not ${probability}`)
  // The library's own quantile is minus infinity below 1e-16.
  return -Math.SQRT2 * erfcinv(2 * probability)
}
