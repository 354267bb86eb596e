import quantile from '@stdlib/stats-base-dists-beta-quantile'
import type { Interval } from '../numeric/interval-estimate.ts'

/** Central interval of a Beta distribution. `successes` and `failures` are its parameters, both above 0. */
export function betaInterval(successes: number, failures: number, level: number): Interval {
  const tail = (1 - level) / 2
  return {
    kind: 'interval',
    low: quantile(tail, successes, failures),
    high: quantile(1 - tail, successes, failures),
    level,
  }
}
