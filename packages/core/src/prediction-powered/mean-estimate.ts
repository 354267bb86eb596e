import type { Interval } from '../numeric/interval-estimate.ts'
import { normalQuantile, normalUpperTail } from '../numeric/normal.ts'
import { studentQuantile } from '../numeric/student-t.ts'

/** A mean in [0, 1] with its interval, and how it was come by. */
export type MeanEstimate = {
  readonly kind: 'estimate'
  readonly value: number
  readonly interval: Interval
  readonly method:
    | {
        /** `human`: labels alone; `prediction-powered` and `active`: corrected predictions. All asymptotic. */
        readonly name: 'human' | 'prediction-powered' | 'active'
        readonly standardError: number
        /** Degrees of freedom of the t interval, or null where the normal is close enough. */
        readonly degrees: number | null
        /** How far the judge was believed: 0 not at all, 1 fully. */
        readonly tuning: number
      }
    | {
        readonly name: 'betting'
        /** Why the asymptotic interval was not trusted, or null where an anytime one was asked for. */
        readonly because: string | null
      }
}

/** Fewer labels than this and the t distribution replaces the normal. */
const NORMAL_FROM = 60

/** value +- quantile * se, cut to [0, 1]. `labels` is how many labels the standard error rests on; at least 2. */
export function asymptoticInterval(
  value: number,
  standardError: number,
  labels: number,
  alpha: number,
): { readonly interval: Interval; readonly degrees: number | null } {
  const degrees = labels < NORMAL_FROM ? labels - 1 : null
  const quantile = degrees === null ? normalQuantile(1 - alpha / 2) : studentQuantile(1 - alpha / 2, degrees)
  const reach = quantile * standardError
  return {
    degrees,
    interval: {
      kind: 'interval',
      low: Math.max(0, value - reach),
      high: Math.min(1, value + reach),
      level: 1 - alpha,
    },
  }
}

/** Variance with the divisor that goes with the quantile: n beside the normal, n - 1 beside the t. */
export function varianceFor(labels: number, values: readonly number[]): number {
  const mean = meanOf(values)
  let squares = 0
  for (const value of values) squares += (value - mean) ** 2
  return squares / (labels < NORMAL_FROM ? values.length - 1 : values.length)
}

export function meanOf(values: readonly number[]): number {
  let sum = 0
  for (const value of values) sum += value
  return sum / values.length
}

/**
 * P-values of "the mean is `rate`" from an asymptotic estimate (normal). Null for a betting interval, which answers by
 * whether it holds `rate`, and for a standard error of 0.
 */
export function pValuesAt(
  estimate: MeanEstimate,
  rate: number,
): { readonly twoSided: number; readonly larger: number; readonly smaller: number } | null {
  if (estimate.method.name === 'betting' || estimate.method.standardError === 0) return null
  const z = (estimate.value - rate) / estimate.method.standardError
  return {
    twoSided: 2 * normalUpperTail(Math.abs(z)),
    larger: normalUpperTail(z),
    smaller: normalUpperTail(-z),
  }
}
