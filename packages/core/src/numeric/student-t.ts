import quantile from '@stdlib/stats-base-dists-t-quantile'

/** The t with P(T <= t) = probability. Throws outside (0, 1) and for less than one degree of freedom. */
export function studentQuantile(probability: number, degrees: number): number {
  if (!(probability > 0 && probability < 1) || !(degrees >= 1))
    throw new RangeError(`no t quantile at probability ${probability} with ${degrees} degrees of freedom`)
  return quantile(probability, degrees)
}
