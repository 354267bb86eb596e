/**
 * A share, counted in independent draws, with its exact interval.
 *
 * Estimand    the probability of `yes` in one draw.
 * Method      the probabilities that two one-sided binomial tests do not refute.
 * Assumes     draws are independent with the same probability. Drawn without putting back from few, the interval is too wide, never
 *             too narrow.
 * Input       whole numbers, 0 <= yes <= of. `level` in (0, 1).
 * Guarantee   holds the truth with probability `level` at least, however few the draws.
 * Degenerate  no draws: insufficient.
 * Cost        two quantiles of a Beta distribution.
 * Source      Clopper and Pearson 1934 (Biometrika 26, 404-413).
 */
import quantile from '@stdlib/stats-base-dists-beta-quantile'
import { type Insufficient, insufficient } from './insufficient.ts'
import type { IntervalEstimate } from './interval-estimate.ts'

export function exactShare(yes: number, of: number, level: number): IntervalEstimate | Insufficient {
  if (of === 0) return insufficient('nothing was counted')
  const tail = (1 - level) / 2
  return {
    kind: 'estimate',
    value: yes / of,
    interval: {
      kind: 'interval',
      low: yes === 0 ? 0 : quantile(tail, yes, of - yes + 1),
      high: yes === of ? 1 : quantile(1 - tail, yes + 1, of - yes),
      level,
    },
  }
}
