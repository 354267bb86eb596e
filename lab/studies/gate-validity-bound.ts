/** Clopper-Pearson bounds of a rate from a fixed number of runs, each one-sided with error `alpha`. */
import { logIncompleteBeta } from '@leeway/core/numeric/log-incomplete-beta'

export function rateAtMost(hits: number, runs: number, alpha: number): number {
  if (hits >= runs) return 1
  return quantile((rate) => logIncompleteBeta(rate, hits + 1, runs - hits), Math.log1p(-alpha))
}

export function rateAtLeast(hits: number, runs: number, alpha: number): number {
  if (hits === 0) return 0
  return quantile((rate) => logIncompleteBeta(rate, hits, runs - hits + 1), Math.log(alpha))
}

function quantile(logProbability: (rate: number) => number, target: number): number {
  let low = 0
  let high = 1
  for (let step = 0; step < 60; step++) {
    const rate = (low + high) / 2
    if (logProbability(rate) < target) low = rate
    else high = rate
  }
  return (low + high) / 2
}
