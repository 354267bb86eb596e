/** One parameter of a solved fit as a value with its interval. */
import { insufficient } from '../numeric/insufficient.ts'
import type { IntervalEstimate } from '../numeric/interval-estimate.ts'
import type { Solved } from './solve-pairwise.ts'

/** Fewer comparisons than this, and the sandwich is too rough: the larger of it and the model's variance is taken. */
const COMPARISONS_FEW = 20

/** The largest number whose exponential is still a number. */
const LOG_MAX = 709

/** `comparisons`: how many the parameter rests on. */
export function estimateAt(solved: Solved, at: number, comparisons: number, alpha: number): IntervalEstimate {
  const value = solved.theta[at] as number
  const ofModel = solved.model[at] as number
  const clustered = solved.clustering.variances[at] as number
  // Answers that never vary (all ties) have no scatter to learn from; that is not certainty.
  if (!(clustered > 1e-9 * ofModel))
    return { kind: 'estimate', value, interval: insufficient('the answers never vary') }
  const variance = comparisons < COMPARISONS_FEW ? Math.max(ofModel, clustered) : clustered
  return around(value, solved.clustering.quantile * Math.sqrt(variance), alpha)
}

function around(value: number, reach: number, alpha: number): IntervalEstimate {
  return {
    kind: 'estimate',
    value,
    interval: { kind: 'interval', low: value - reach, high: value + reach, level: 1 - alpha },
  }
}

export function exponentiated({ value, interval }: IntervalEstimate): IntervalEstimate {
  return {
    kind: 'estimate',
    value: Math.exp(value),
    interval:
      interval.kind === 'interval'
        ? { ...interval, low: Math.exp(interval.low), high: Math.exp(Math.min(LOG_MAX, interval.high)) }
        : interval,
  }
}
