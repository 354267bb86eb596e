/**
 * Confidence sequence of a mean in [0, 1] with constant work per observation: closed-form empirical Bernstein.
 *
 * Estimates   the running mean of E[X_t | past].
 * Formula     centre = sum(l x) / sum(l); half-width = (log(2/alpha) + sum((x - mean before)^2 psi(l))) / sum(l);
 *             psi(l) = -log(1 - l) - l; l = plug-in bet, at most 1/2.
 * Output      running intersection over all looks, valid at each with error `alpha`; `assumption-violated` when empty.
 * Degenerate  no observations: [0, 1]. An observation outside [0, 1] throws: that is a bug of the caller.
 * Cost        O(1) time and memory.
 * Source      Waudby-Smith & Ramdas 2024 (arXiv 2010.09686), Thm. 2.
 * Evidence    sequential/confidence-sequence.test.ts (golden: confseq; coverage simulated)
 */
import type { SequenceReading } from './confidence-sequence.ts'
import { learn, type PredictableMoments, plugInBet, startMoments } from './predictable-moments.ts'

const STAKE_MAX = 0.5

export type EmpiricalBernstein = {
  readonly alpha: number
  /** The guess of the mean before anything was seen; any value in [0, 1] is valid. */
  readonly firstGuess: number
  readonly moments: PredictableMoments
  betSum: number
  weightedSum: number
  varianceSum: number
  low: number
  high: number
}

export function startEmpiricalBernstein(alpha: number, firstGuess = 0.5): EmpiricalBernstein {
  if (!(alpha > 0 && alpha < 1)) throw new RangeError(`alpha is ${alpha}, not in (0, 1)`)
  return {
    alpha,
    firstGuess,
    moments: startMoments(),
    betSum: 0,
    weightedSum: 0,
    varianceSum: 0,
    low: 0,
    high: 1,
  }
}

export function observeBernstein(state: EmpiricalBernstein, observation: number): void {
  if (!(observation >= 0 && observation <= 1))
    throw new RangeError(`observation ${observation} is outside [0, 1]`)
  const { moments } = state
  const bet = Math.min(STAKE_MAX, plugInBet(moments, state.alpha / 2))
  const before = moments.count === 0 ? state.firstGuess : moments.sum / moments.count
  state.betSum += bet
  state.weightedSum += bet * observation
  state.varianceSum += (observation - before) ** 2 * (-Math.log1p(-bet) - bet)
  learn(moments, observation)
  const center = state.weightedSum / state.betSum
  const half = (Math.log(2 / state.alpha) + state.varianceSum) / state.betSum
  state.low = Math.max(state.low, center - half)
  state.high = Math.min(state.high, center + half)
}

export function readBernstein({ low, high }: EmpiricalBernstein): SequenceReading {
  return low > high ? { kind: 'assumption-violated' } : { kind: 'bounds', low, high }
}
