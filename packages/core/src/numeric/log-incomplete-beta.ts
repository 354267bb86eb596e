/**
 * Natural log of the regularised incomplete beta function I_x(a, b), the distribution function of Beta(a, b).
 *
 * Input   a, b > 0, x in [0, 1]. Output at most 0; minus infinity at x = 0.
 * Method  continued fraction 26.5.8 of Abramowitz and Stegun (modified Lentz), on the side where it converges fast.
 * Cost    O(sqrt(max(a, b))) terms.
 */
import gammaln from '@stdlib/math-base-special-gammaln'
import { logOneMinusExp } from './log-incomplete-gamma.ts'

const TERMS_MAX = 100_000

export function logIncompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return Number.NEGATIVE_INFINITY
  if (x >= 1) return 0
  return x < (a + 1) / (a + b + 2) ? logTail(x, a, b) : logOneMinusExp(logTail(1 - x, b, a))
}

export function logBeta(a: number, b: number): number {
  return gammaln(a) + gammaln(b) - gammaln(a + b)
}

function logTail(x: number, a: number, b: number): number {
  let c = 1
  let d = 1 / awayFromZero(1 - ((a + b) * x) / (a + 1))
  let h = d
  for (let m = 1; m < TERMS_MAX; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    d = 1 / awayFromZero(1 + even * d)
    c = awayFromZero(1 + even / c)
    h *= d * c
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 / awayFromZero(1 + odd * d)
    c = awayFromZero(1 + odd / c)
    const step = d * c
    h *= step
    if (Math.abs(step - 1) < 1e-16) break
  }
  return Math.min(0, a * Math.log(x) + b * Math.log1p(-x) - logBeta(a, b) - Math.log(a) + Math.log(h))
}

function awayFromZero(value: number): number {
  return Math.abs(value) < 1e-300 ? 1e-300 : value
}
