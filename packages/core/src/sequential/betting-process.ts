/**
 * One-sided betting e-process: evidence that a bounded payoff is positive on average, valid at every look.
 *
 * Tests       H0: E[G_t | past] <= 0 for every t, where G_t is the payoff of one unit.
 * Assumes     G_t >= -lossMax_t with lossMax_t > 0 known before G_t is seen; units in selection order.
 * Method      wealth = 1/2 * plug-in bet + 1/2 * average over FRACTIONS of constant-fraction bets.
 *             Each wealth multiplies by 1 + lambda_t * G_t with lambda_t <= BET_CAP / lossMax_t chosen from the
 *             past only, so it is a nonnegative supermartingale under H0, and so is the average. Ville:
 *             P(sup wealth >= 1/alpha) <= alpha whatever the stopping rule, label policy or judge.
 *             The plug-in is fast when its prior is right; the constant fractions do not depend on the order of
 *             the units and keep a wrong prior from costing more than a factor of two.
 * Output      log wealth (natural log), its running maximum, and the first step at which it reached 1/alpha.
 * Degenerate  no steps: log wealth 0. Payoffs outside the declared bound throw: that is a bug of the caller.
 * Cost        O(1) per step.
 * Source      Waudby-Smith & Ramdas 2024 (JRSS-B 86:1, eq. 20-26, arXiv 2010.09686); Ville 1939.
 * Evidence    sequential/betting-process.test.ts, lab/studies/gate-error.ts
 */

/** Shares of the largest allowed bet that the mixture plays for ever. */
export const FRACTIONS = [0.1, 0.25, 0.5, 0.85] as const

/** Largest share of what could be lost that is ever staked: below 1 so that one unit cannot end the game. */
export const BET_CAP = 0.9

/** What the plug-in believes before it has seen anything, worth `weight` units of data. */
export type BetPrior = {
  /** Expected payoff per unit, in the payoff's own scale; at least 0. */
  readonly gap: number
  /** Expected variance of one payoff; above 0. */
  readonly variance: number
  /** How many units this belief is worth; at least 1. */
  readonly weight: number
  /** Share of the wealth that follows the plug-in, in (0, 1); a half when absent. The rest is the constant fractions'. */
  readonly plugInShare?: number
}

export type BettingProcess = {
  /** Log wealth of the plug-in bet. */
  logPlugIn: number
  /** Log wealth of each constant-fraction bet, in the order of `FRACTIONS`. */
  readonly logFractions: Float64Array
  /** Log of the averaged wealth now, and the largest it has been. */
  logWealth: number
  logWealthMax: number
  steps: number
  /** Sum and sum of squares of the payoffs seen. */
  payoffSum: number
  payoffSquares: number
}

export function startBetting(): BettingProcess {
  return {
    logPlugIn: 0,
    logFractions: new Float64Array(FRACTIONS.length),
    logWealth: 0,
    logWealthMax: 0,
    steps: 0,
    payoffSum: 0,
    payoffSquares: 0,
  }
}

/** Plays one unit. `lossMax` must have been known before `payoff` was. */
export function playUnit(process: BettingProcess, payoff: number, lossMax: number, prior: BetPrior): void {
  placeBets(process, payoff, lossMax, prior)
  process.logWealth = averageWealth(process, prior.plugInShare ?? 0.5)
  if (process.logWealth > process.logWealthMax) process.logWealthMax = process.logWealth
}

/**
 * Plays one unit and says only whether the averaged wealth is at `logThreshold` or above now. Cheaper than `playUnit`
 * where hundreds of processes run side by side: the average is at most its largest part, so mostly no exponential is
 * taken. `logWealth` and `logWealthMax` are left alone.
 */
export function playUntil(
  process: BettingProcess,
  payoff: number,
  lossMax: number,
  prior: BetPrior,
  logThreshold: number,
): boolean {
  const largest = placeBets(process, payoff, lossMax, prior)
  return largest >= logThreshold && averageWealth(process, prior.plugInShare ?? 0.5) >= logThreshold
}

/** Updates every part and the moments; answers the largest part's log wealth. */
function placeBets(process: BettingProcess, payoff: number, lossMax: number, prior: BetPrior): number {
  if (!(lossMax > 0) || !(payoff >= -lossMax - 1e-9)) {
    throw new RangeError(`payoff ${payoff} is below its declared bound -${lossMax}`)
  }
  const stakeMax = BET_CAP / lossMax
  process.logPlugIn += Math.log1p(plugInStake(process, stakeMax, prior) * payoff)
  let largest = process.logPlugIn
  for (let k = 0; k < FRACTIONS.length; k++) {
    const log = (process.logFractions[k] as number) + Math.log1p((FRACTIONS[k] as number) * stakeMax * payoff)
    process.logFractions[k] = log
    if (log > largest) largest = log
  }
  process.steps += 1
  process.payoffSum += payoff
  process.payoffSquares += payoff * payoff
  return largest
}

function averageWealth(process: BettingProcess, plugInShare: number): number {
  let largest = process.logPlugIn
  for (let k = 0; k < FRACTIONS.length; k++) largest = Math.max(largest, process.logFractions[k] as number)
  let mixture = 0
  for (let k = 0; k < FRACTIONS.length; k++)
    mixture += Math.exp((process.logFractions[k] as number) - largest)
  const average =
    plugInShare * Math.exp(process.logPlugIn - largest) + ((1 - plugInShare) * mixture) / FRACTIONS.length
  return largest + Math.log(average)
}

/** Approximate Kelly bet gap / (variance + gap^2) on moments shrunk to the prior; from the past only. */
function plugInStake(process: BettingProcess, stakeMax: number, prior: BetPrior): number {
  const weight = prior.weight + process.steps
  const gap = (prior.weight * prior.gap + process.payoffSum) / weight
  if (gap <= 0) return 0
  const secondMoment =
    (prior.weight * (prior.variance + prior.gap * prior.gap) + process.payoffSquares) / weight
  return Math.min(gap / Math.max(secondMoment, 1e-6), stakeMax)
}
