/**
 * Mean and variance of observations in [0, 1] so far, shrunk to one imagined observation, and the bets made from them.
 *
 * Every bet uses earlier observations only: read it, then `learn`.
 * Source  Waudby-Smith & Ramdas 2024 (arXiv 2010.09686): eq. 15 and 24 (predictable plug-in), eq. 32 (approximate Kelly).
 */
const START_MEAN = 0.5
const START_VARIANCE = 0.25

export type PredictableMoments = {
  count: number
  sum: number
  /** Sum of (x_i - mean_i)^2, with mean_i as it stood right after x_i. */
  squares: number
}

export function startMoments(): PredictableMoments {
  return { count: 0, sum: 0, squares: 0 }
}

export function learn(moments: PredictableMoments, observation: number): void {
  moments.count += 1
  moments.sum += observation
  moments.squares += (observation - meanOf(moments)) ** 2
}

export function meanOf({ count, sum }: PredictableMoments): number {
  return (START_MEAN + sum) / (count + 1)
}

export function varianceOf({ count, squares }: PredictableMoments): number {
  return (START_VARIANCE + squares) / (count + 1)
}

/** The bet of the predictable plug-in for the next observation, before any cap. `alpha` is the error of its own side. */
export function plugInBet(moments: PredictableMoments, alpha: number): number {
  const next = moments.count + 1
  return Math.sqrt((2 * Math.log(1 / alpha)) / (varianceOf(moments) * next * Math.log1p(next)))
}

/** Approximate Kelly bet on "the mean is not `mean`": signed, within [-cap/(1 - mean), cap/mean]. */
export function kellyBet(moments: PredictableMoments, mean: number, cap: number): number {
  const gap = meanOf(moments) - mean
  const bet = gap / (varianceOf(moments) + gap * gap)
  return Math.max(-cap / (1 - mean), Math.min(cap / mean, bet))
}
