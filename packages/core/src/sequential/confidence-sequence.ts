/**
 * Confidence sequence of a mean in [0, 1] by betting against every candidate mean on a grid.
 *
 * Estimates   the running mean of E[X_t | past], or the mean of a finite pool drawn without replacement.
 * Assumes     X_t in [0, 1]; bets from the past only. With `poolSize`, draws in uniformly random order.
 * Bets        `hedged`       predictable plug-in both ways, the larger of the two half wealths
 *             `kelly`        approximate Kelly, signed, capped at half of what may be staked
 *             `diversified`  average over D constant bets i/(D + 1) of the largest, both ways
 * Output      bounds valid at every look with error `alpha` together, widened by one grid step so that the grid never
 *             makes them too narrow; or `assumption-violated` when nothing is left: the mean moved, the draws were not
 *             random, or alpha happened. Never [0, 1] instead.
 * Method      log wealth per candidate mean; what is refuted stays refuted, and remembers from which side.
 * Degenerate  no observations: [0, 1]. An observation outside [0, 1] throws: that is a bug of the caller.
 * Cost        O(grid) per observation (O(grid * D) diversified); see empirical-bernstein.ts for O(1).
 * Source      Waudby-Smith & Ramdas 2024 (JRSS-B 86:1, arXiv 2010.09686), Thm. 3, sections 4 and 5.
 * Evidence    sequential/confidence-sequence.test.ts (golden: confseq; coverage simulated)
 */
import { kellyBet, learn, type PredictableMoments, plugInBet, startMoments } from './predictable-moments.ts'

/** Share of the largest possible bet that is ever staked by `hedged` and `kelly`. */
const STAKE_CAP = 0.5

export type Bets =
  | { readonly kind: 'hedged' }
  | { readonly kind: 'kelly' }
  | { readonly kind: 'diversified'; readonly count: number }

export type SequenceReading =
  | { readonly kind: 'bounds'; readonly low: number; readonly high: number }
  | { readonly kind: 'assumption-violated' }

export type ConfidenceSequence = {
  readonly alpha: number
  readonly bets: Bets
  readonly gridSteps: number
  /** Size of the finite pool, or null when draws are independent of a pool. */
  readonly poolSize: number | null
  /** Log wealth of bets on a larger and on a smaller mean: [candidate means x bets per side]. */
  readonly logLarger: Float64Array
  readonly logSmaller: Float64Array
  /** Grid indexes: the first candidate mean not refuted as too small, the last not refuted as too large. */
  lowest: number
  highest: number
  /** Bounds that follow from the draws of the pool alone. */
  logicalLow: number
  logicalHigh: number
  readonly moments: PredictableMoments
}

export function startSequence(input: {
  readonly alpha: number
  readonly bets: Bets
  readonly gridSteps?: number
  readonly poolSize?: number
}): ConfidenceSequence {
  const gridSteps = input.gridSteps ?? 1000
  if (!(input.alpha > 0 && input.alpha < 1)) throw new RangeError(`alpha is ${input.alpha}, not in (0, 1)`)
  const size = (gridSteps + 1) * betsPerSide(input.bets)
  return {
    alpha: input.alpha,
    bets: input.bets,
    gridSteps,
    poolSize: input.poolSize ?? null,
    logLarger: new Float64Array(size),
    logSmaller: new Float64Array(size),
    lowest: 0,
    highest: gridSteps,
    logicalLow: 0,
    logicalHigh: 1,
    moments: startMoments(),
  }
}

export function observe(sequence: ConfidenceSequence, observation: number): void {
  if (!(observation >= 0 && observation <= 1))
    throw new RangeError(`observation ${observation} is outside [0, 1]`)
  const { gridSteps, moments, poolSize, alpha } = sequence
  if (poolSize !== null && moments.count >= poolSize)
    throw new RangeError(`more than ${poolSize} draws from a pool of ${poolSize}`)
  const threshold = Math.log(1 / alpha)
  const bet = plugInBet(moments, alpha / 2)
  let lowest = -1
  let highest = -1
  for (let k = 0; k <= gridSteps; k++) {
    const mean = meanOfRest(sequence, k / gridSteps)
    const side =
      mean < 0 ? 'too small' : mean > 1 ? 'too large' : play(sequence, k, mean, observation, bet, threshold)
    if (side !== 'too small' && lowest === -1) lowest = k
    if (side !== 'too large') highest = k
  }
  sequence.lowest = Math.max(sequence.lowest, lowest === -1 ? gridSteps + 1 : lowest)
  sequence.highest = Math.min(sequence.highest, highest)
  learn(moments, observation)
  if (poolSize !== null) {
    sequence.logicalLow = moments.sum / poolSize
    sequence.logicalHigh = 1 - (moments.count - moments.sum) / poolSize
  }
}

export function readSequence(sequence: ConfidenceSequence): SequenceReading {
  const low = Math.max(0, (sequence.lowest - 1) / sequence.gridSteps, sequence.logicalLow)
  const high = Math.min(1, (sequence.highest + 1) / sequence.gridSteps, sequence.logicalHigh)
  // 1e-12: a pool drawn to its end has one mean left, and rounding may put its two bounds the wrong way round.
  return low > high + 1e-12
    ? { kind: 'assumption-violated' }
    : { kind: 'bounds', low, high: Math.max(low, high) }
}

/** Log wealth against the candidate mean nearest to `mean`; 0 before any observation. */
export function logWealthAgainst(sequence: ConfidenceSequence, mean: number): number {
  const k = Math.round(mean * sequence.gridSteps)
  const [larger, smaller] = sidesOf(sequence, k)
  return combined(sequence.bets, larger, smaller)
}

/** What the rest of the pool must average if the whole has this mean; the mean itself without a pool. */
function meanOfRest({ poolSize, moments }: ConfidenceSequence, mean: number): number {
  if (poolSize === null) return mean
  const rest = (poolSize * mean - moments.sum) / (poolSize - moments.count)
  return Math.abs(rest) < 1e-12 ? 0 : Math.abs(rest - 1) < 1e-12 ? 1 : rest
}

function play(
  sequence: ConfidenceSequence,
  k: number,
  mean: number,
  observation: number,
  bet: number,
  threshold: number,
): 'open' | 'too small' | 'too large' {
  const { bets, logLarger, logSmaller, moments } = sequence
  const gain = observation - mean
  if (bets.kind === 'diversified') {
    for (let i = 0; i < bets.count; i++) {
      const share = (i + 1) / (bets.count + 1)
      add(logLarger, k * bets.count + i, mean > 0 ? (share * gain) / mean : gain * Number.POSITIVE_INFINITY)
      add(
        logSmaller,
        k * bets.count + i,
        mean < 1 ? (-share * gain) / (1 - mean) : -gain * Number.POSITIVE_INFINITY,
      )
    }
  } else if (bets.kind === 'hedged') {
    add(logLarger, k, Math.min(bet, STAKE_CAP / mean) * gain)
    add(logSmaller, k, -Math.min(bet, STAKE_CAP / (1 - mean)) * gain)
  } else {
    // One signed process: its gains are booked on the side it bet on, so that the two logs add up to its wealth.
    const signed = kellyBet(moments, mean, STAKE_CAP)
    add(signed >= 0 ? logLarger : logSmaller, k, signed * gain)
  }
  const [larger, smaller] = sidesOf(sequence, k)
  if (combined(bets, larger, smaller) < threshold) return 'open'
  return larger >= smaller ? 'too small' : 'too large'
}

/** Multiplies wealth by 1 + change. A mean at the very edge stakes without limit: any gain refutes it, none costs nothing. */
function add(logs: Float64Array, index: number, change: number): void {
  if (Number.isNaN(change)) return
  logs[index] = (logs[index] as number) + Math.log1p(Math.max(change, -1))
}

function sidesOf(sequence: ConfidenceSequence, k: number): readonly [number, number] {
  const { bets, logLarger, logSmaller } = sequence
  if (bets.kind !== 'diversified') return [logLarger[k] as number, logSmaller[k] as number]
  return [
    logAverage(logLarger, k * bets.count, bets.count),
    logAverage(logSmaller, k * bets.count, bets.count),
  ]
}

function combined(bets: Bets, larger: number, smaller: number): number {
  if (bets.kind === 'kelly') return larger + smaller
  if (bets.kind === 'hedged') return Math.max(larger, smaller) - Math.LN2
  const top = Math.max(larger, smaller)
  return top === Number.POSITIVE_INFINITY || top === Number.NEGATIVE_INFINITY
    ? top
    : top + Math.log(0.5 * Math.exp(larger - top) + 0.5 * Math.exp(smaller - top))
}

function logAverage(logs: Float64Array, from: number, count: number): number {
  let top = Number.NEGATIVE_INFINITY
  for (let i = from; i < from + count; i++) top = Math.max(top, logs[i] as number)
  if (!Number.isFinite(top)) return top
  let sum = 0
  for (let i = from; i < from + count; i++) sum += Math.exp((logs[i] as number) - top)
  return top + Math.log(sum / count)
}

function betsPerSide(bets: Bets): number {
  return bets.kind === 'diversified' ? bets.count : 1
}
