/**
 * Natural logs of the regularised incomplete gamma functions P(a, x) and Q(a, x) = 1 - P(a, x).
 *
 * Input   a > 0, x >= 0. Output at most 0; minus infinity where the function is 0.
 * Method  power series for x < a + 1, continued fraction (modified Lentz) above: Abramowitz and Stegun 6.5.29, 6.5.31.
 *         The prefactor stays a log, so tails far below 1e-308 keep their digits.
 * Cost    O(sqrt(a)) terms near x = a.
 */
import gammaln from '@stdlib/math-base-special-gammaln'

const TERMS_MAX = 100_000

export function logGammaLower(a: number, x: number): number {
  if (x <= 0) return Number.NEGATIVE_INFINITY
  return x < a + 1 ? logSeries(a, x) : logOneMinusExp(logFraction(a, x))
}

export function logGammaUpper(a: number, x: number): number {
  if (x <= 0) return 0
  return x < a + 1 ? logOneMinusExp(logSeries(a, x)) : logFraction(a, x)
}

/** log(1 - exp(value)) for value <= 0 without losing digits at either end. */
export function logOneMinusExp(value: number): number {
  return value > -Math.LN2 ? Math.log(-Math.expm1(value)) : Math.log1p(-Math.exp(value))
}

function logSeries(a: number, x: number): number {
  let term = 1 / a
  let sum = term
  for (let n = 1; n < TERMS_MAX; n++) {
    term *= x / (a + n)
    sum += term
    if (term < sum * 1e-17) break
  }
  return Math.min(0, a * Math.log(x) - x - gammaln(a) + Math.log(sum))
}

function logFraction(a: number, x: number): number {
  let b = x + 1 - a
  let c = 1e300
  let d = 1 / b
  let h = d
  for (let n = 1; n < TERMS_MAX; n++) {
    const an = -n * (n - a)
    b += 2
    d = 1 / awayFromZero(an * d + b)
    c = awayFromZero(b + an / c)
    const step = d * c
    h *= step
    if (Math.abs(step - 1) < 1e-16) break
  }
  return Math.min(0, a * Math.log(x) - x - gammaln(a) + Math.log(h))
}

function awayFromZero(value: number): number {
  return Math.abs(value) < 1e-300 ? 1e-300 : value
}
