/**
 * Anytime-valid bounds of the mean of bounded summands, by inverting one-sided betting processes.
 *
 * Estimates   the running mean of E[Z_t | past]; `high` is the largest m not refuted by the process against
 *             "mean >= m", `low` the smallest m not refuted by the process against "mean <= m".
 * Guarantee   each bound alone holds at every look with probability 1 minus its own alpha; together 1 minus their sum.
 *             Promotion at margin d and `high < d` are one event up to the grid, because both come from the
 *             same process (see docs/decisions/0003-interval.md).
 * Shapes      values of m on a grid over [-1, 1]; once refuted, a value stays refuted (running intersection).
 *             The reported bound is widened by one grid step, so that the grid never makes it too narrow.
 * Degenerate  no steps: [-1, 1].
 * Cost        O(grid values not yet refuted) per step.
 */
import { type BetPrior, type BettingProcess, playUntil, startBetting } from './betting-process.ts'

/** 0.005 of failure rate: finer than anybody acts on, coarse enough for a check of 10,000 units in a second. */
export const GRID_STEP = 0.005
const GRID_SIZE = Math.round(2 / GRID_STEP) + 1

export type MeanBounds = {
  readonly logThresholds: { readonly upper: number; readonly lower: number }
  readonly upper: (BettingProcess | null)[]
  readonly lower: (BettingProcess | null)[]
}

/** `alpha` of each bound on its own, in (0, 1). */
export function startMeanBounds(alpha: { readonly upper: number; readonly lower: number }): MeanBounds {
  return {
    logThresholds: { upper: Math.log(1 / alpha.upper), lower: Math.log(1 / alpha.lower) },
    upper: Array.from({ length: GRID_SIZE }, startBetting),
    lower: Array.from({ length: GRID_SIZE }, startBetting),
  }
}

/** One summand as a process sees it: its value and the range it was known to lie in beforehand. */
export type Summand = { readonly value: number; readonly min: number; readonly max: number }

/**
 * `forUpper` and `forLower` differ only where a label is missing: each bound resolves it against itself.
 */
export function boundUnit(bounds: MeanBounds, forUpper: Summand, forLower: Summand, prior: BetPrior): void {
  for (let k = 0; k < GRID_SIZE; k++) {
    const mean = gridMean(k)
    const up = bounds.upper[k]
    if (up && refuted(up, mean - forUpper.value, forUpper.max - mean, prior, bounds.logThresholds.upper))
      bounds.upper[k] = null
    const low = bounds.lower[k]
    if (low && refuted(low, forLower.value - mean, mean - forLower.min, prior, bounds.logThresholds.lower))
      bounds.lower[k] = null
  }
}

/** The present bounds in [-1, 1]. Outer hulls: holes inside the set are filled. */
export function readBounds(bounds: MeanBounds): { readonly low: number; readonly high: number } {
  const high = bounds.upper.findLastIndex((process) => process !== null)
  const low = bounds.lower.findIndex((process) => process !== null)
  return {
    low: low === -1 ? 1 : Math.max(-1, gridMean(low - 1)),
    high: high === -1 ? -1 : Math.min(1, gridMean(high + 1)),
  }
}

function refuted(
  process: BettingProcess,
  payoff: number,
  lossMax: number,
  prior: BetPrior,
  logThreshold: number,
): boolean {
  // At or beyond the edge of the range the claim leaves no room to lose: one unit inside it refutes the claim outright.
  if (lossMax <= 0) return payoff > 0
  return playUntil(process, payoff, lossMax, prior, logThreshold)
}

function gridMean(index: number): number {
  return Math.round((-1 + index * GRID_STEP) * 1e6) / 1e6
}
