/** One parameter of a solved fit as a value with its interval. */
import { insufficient } from '../numeric/insufficient.ts'
import type { IntervalEstimate } from '../numeric/interval-estimate.ts'
import type { Solved } from './solve-pairwise.ts'

/** Fewer comparisons than this, and the sandwich is too rough: the larger of it and the model's variance is taken. */
const COMPARISONS_FEW = 20

export function playerEstimate(
  solved: Solved,
  at: number,
  comparisons: number,
  alpha: number,
): IntervalEstimate {
  const estimate = estimateAt(solved, at, alpha)
  if (comparisons >= COMPARISONS_FEW || estimate.interval.kind === 'insufficient') return estimate
  const variance = Math.max(solved.model[at] as number, solved.clustering.variances[at] as number)
  return around(estimate.value, solved.clustering.quantile * Math.sqrt(variance), alpha)
}

export function estimateAt(solved: Solved, at: number, alpha: number): IntervalEstimate {
  const value = solved.theta[at] as number
  const variance = solved.clustering.variances[at] as number
  // Answers that never vary (all ties) have no scatter to learn from; that is not certainty.
  if (!(variance > 1e-9 * (solved.model[at] as number)))
    return { kind: 'estimate', value, interval: insufficient('the answers never vary') }
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
        ? { ...interval, low: Math.exp(interval.low), high: Math.exp(interval.high) }
        : interval,
  }
}
