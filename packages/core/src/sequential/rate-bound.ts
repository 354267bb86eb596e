/**
 * Anytime-valid upper bound of a failure rate, made for rates near zero.
 *
 * Estimates   the largest rate r not refuted by evidence against "rate >= r" from 0/1 observations.
 * Method      wealth = 1/2 (product of (1 - X)/(1 - r)) + 1/2 (Beta(1/2, 1/2) mixture likelihood / r^k (1-r)^(n-k)).
 *             The first bets everything on "none will be seen" and gives 1 - (alpha/2)^(1/n), about 3.7/n at
 *             alpha = 0.05; the second takes over once one is seen. At rate r exactly both are martingales, so Ville
 *             holds. At rates above r the second is NOT a supermartingale (it may well grow); the bound is valid there
 *             all the same, because it refutes only r above k/n, where more failures always mean less evidence: failures
 *             at rates above r, drifting or not, can be coupled to fewer failures at r, which refute no less often.
 * Input       failures k, trials n, alpha in (0, 1).
 * Degenerate  n = 0: 1.
 * Cost        O(1) per bound (60 bisections).
 * Source      Robbins 1970 (mixture); the "rule of three" made valid at every look.
 */
import gammaln from '@stdlib/math-base-special-gammaln'

export function rateUpperBound(failures: number, trials: number, alpha: number): number {
  if (trials === 0) return 1
  const threshold = Math.log(1 / alpha)
  const observed = failures / trials
  const logMixtureLikelihood = logBeta(failures + 0.5, trials - failures + 0.5) - logBeta(0.5, 0.5)
  let low = observed
  let high = 1
  for (let step = 0; step < 60; step++) {
    const rate = (low + high) / 2
    if (logEvidenceBelow(rate, failures, trials, logMixtureLikelihood) >= threshold) high = rate
    else low = rate
  }
  return high
}

/** Log wealth against "rate >= r" when k of n failed; grows in r for r above k/n. */
function logEvidenceBelow(
  rate: number,
  failures: number,
  trials: number,
  logMixtureLikelihood: number,
): number {
  const logNull = failures * Math.log(rate) + (trials - failures) * Math.log1p(-rate)
  const logMixture = logMixtureLikelihood - logNull
  const logNone = failures > 0 ? Number.NEGATIVE_INFINITY : -trials * Math.log1p(-rate)
  const top = Math.max(logMixture, logNone)
  return top + Math.log(0.5 * Math.exp(logMixture - top) + 0.5 * Math.exp(logNone - top))
}

function logBeta(a: number, b: number): number {
  return gammaln(a) + gammaln(b) - gammaln(a + b)
}
