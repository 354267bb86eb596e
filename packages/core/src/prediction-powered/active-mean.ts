/**
 * Active inference: the mean from labels that were asked for more often where the judge was unsure.
 *
 * Estimates   E[Y], Y in [0, 1]: the mean over all rows of f + (Y - f) * asked / probability.
 * Assumes     each row's label was asked for by an independent draw with its own known probability, fixed before.
 * Interval    normal, se = sd / sqrt(rows). With fewer than EVENTS_MIN failures or passes among the labels the betting
 *             interval takes over, as it does where fewer than 2 labels or no variation were seen.
 * Warning     `largestShare` is how much of the variance one row carries. A label asked for with a small probability
 *             that contradicts the judge weighs 1 / probability; above about 0.2 the interval rests on it.
 * Degenerate  no labels: insufficient.
 * Source      Zrnic and Candes 2024 (arXiv 2403.03208).
 * Evidence    prediction-powered.test.ts
 */
import { type Insufficient, insufficient } from '../numeric/insufficient.ts'
import { normalQuantile } from '../numeric/normal.ts'
import { activeSummand, bettingActiveMean, shuffledForBetting } from './betting-mean.ts'
import type { SampledRow } from './judged-row.ts'
import { type MeanEstimate, meanOf } from './mean-estimate.ts'
import { EVENTS_MIN } from './ppi-mean.ts'

export type ActiveEstimate = MeanEstimate & { readonly largestShare: number }

export function activeMean(rows: readonly SampledRow[], alpha: number): ActiveEstimate | Insufficient {
  const labels = rows.flatMap((row) => (row.human === null ? [] : [row.human]))
  if (labels.length === 0) return insufficient('no row has a human label')
  const summands = rows.map(activeSummand)
  const value = meanOf(summands)
  const squares = summands.map((summand) => (summand - value) ** 2)
  const spread = squares.reduce((sum, square) => sum + square, 0)
  const largestShare = spread === 0 ? 1 : squares.reduce((most, square) => Math.max(most, square), 0) / spread
  const failures = labels.reduce((sum, label) => sum + label, 0)
  const events = Math.min(failures, labels.length - failures)
  if (events < EVENTS_MIN || spread === 0) {
    const because = `the labels hold ${Math.round(events * 10) / 10} of the rarer outcome; the normal interval needs ${EVENTS_MIN}`
    const betting = bettingActiveMean(shuffledForBetting(rows), alpha, because)
    return betting.kind === 'insufficient' ? betting : { ...betting, largestShare }
  }
  const standardError = Math.sqrt(spread) / rows.length
  const reach = normalQuantile(1 - alpha / 2) * standardError
  return {
    kind: 'estimate',
    value: Math.min(1, Math.max(0, value)),
    interval: {
      kind: 'interval',
      low: Math.max(0, value - reach),
      high: Math.min(1, value + reach),
      level: 1 - alpha,
    },
    method: { name: 'active', standardError, degrees: null, tuning: 1 },
    largestShare,
  }
}
