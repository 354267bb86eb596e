/**
 * Anytime-valid interval of a rate from 0/1 observations, by the two-sided beta-binomial mixture.
 *
 * Estimates   the rates not refuted after `hits` of `trials`; valid at every look with error `alpha` (both sides together).
 * Assumes     each observation hits with the same rate given the past.
 * Input       `trialsBest`: the number of trials at which the interval is to be tightest.
 * Degenerate  no trials: [0, 1]. Never empty: the observed rate is never refuted.
 * Cost        O(1): two bisections of 60 steps.
 * Source      Howard et al. 2021 (arXiv 1810.08240), Prop. 7, inverted over the rate.
 * Evidence    sequential/mixture-boundary.test.ts (golden: confseq `bernoulli_confidence_interval`)
 */
import { betaBinomialMixture } from './mixture-boundary.ts'

export function rateInterval(input: {
  readonly hits: number
  readonly trials: number
  readonly alpha: number
  readonly trialsBest: number
}): { readonly low: number; readonly high: number } {
  const { hits, trials } = input
  if (!(trials >= 0 && hits >= 0 && hits <= trials))
    throw new RangeError(`${hits} of ${trials} is no count of hits`)
  if (trials === 0) return { low: 0, high: 1 }
  const observed = hits / trials
  return {
    low: hits === 0 ? 0 : edge(input, 1e-12, observed, true),
    high: hits === trials ? 1 : edge(input, observed, 1 - 1e-12, false),
  }
}

/** The rate between a refuted end and the observed rate at which the evidence is exactly 1/alpha. */
function edge(
  input: {
    readonly hits: number
    readonly trials: number
    readonly alpha: number
    readonly trialsBest: number
  },
  from: number,
  to: number,
  refutedBelow: boolean,
): number {
  const target = Math.log(1 / input.alpha)
  let low = from
  let high = to
  for (let step = 0; step < 60; step++) {
    const rate = (low + high) / 2
    const spread = rate * (1 - rate)
    const { logWealth } = betaBinomialMixture({
      timeBest: input.trialsBest * spread,
      alphaBest: 0.05,
      below: rate,
      above: 1 - rate,
      sides: 2,
    })
    const refuted = logWealth(input.hits - input.trials * rate, input.trials * spread) >= target
    if (refuted === refutedBelow) low = rate
    else high = rate
  }
  return refutedBelow ? low : high
}
