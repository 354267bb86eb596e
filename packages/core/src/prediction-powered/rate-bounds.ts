/**
 * Betting bounds of a mean in [0, 1], fine near 0 and near 1, where rates of rare failures live.
 *
 * Method      three families of betting processes (sequential/mean-bounds.ts) read the same summands: one on the whole
 *             range in steps of 0.005, one each on [0, EDGE] and [1 - EDGE, 1] in steps of 0.00025. A value is refuted
 *             only by the family whose range it lies in, so no alpha is shared: the true mean lies in one of them.
 * Guarantee   each end holds at every look with probability 1 - alpha / 2.
 * Degenerate  no summands: [0, 1]. Everything refuted (the assumptions are violated): the ends are put in order.
 * Cost        three times that of mean-bounds.ts.
 */
import {
  boundUnit,
  GRID_STEP,
  type MeanBounds,
  readBounds,
  type Summand,
  startMeanBounds,
} from '../sequential/mean-bounds.ts'

/** The fine families see the mean this many times larger. */
const ZOOM = 20
const EDGE = 1 / ZOOM

/** What the plug-in bet believes at first, worth a handful of units: soon outweighed. */
const PRIOR = { gap: 0.05, variance: 0.1, weight: 5 }

export type RateBounds = {
  readonly whole: MeanBounds
  readonly nearZero: MeanBounds
  /** Of 1 minus the mean. */
  readonly nearOne: MeanBounds
}

export function startRateBounds(alpha: number): RateBounds {
  const ends = { upper: alpha / 2, lower: alpha / 2 }
  return { whole: startMeanBounds(ends), nearZero: startMeanBounds(ends), nearOne: startMeanBounds(ends) }
}

export function boundRate(bounds: RateBounds, { value, min, max }: Summand): void {
  const zoomed = { value: value * ZOOM, min: min * ZOOM, max: max * ZOOM }
  const turned = { value: (1 - value) * ZOOM, min: (1 - max) * ZOOM, max: (1 - min) * ZOOM }
  boundUnit(bounds.whole, { value, min, max }, { value, min, max }, PRIOR)
  boundUnit(bounds.nearZero, zoomed, zoomed, PRIOR)
  boundUnit(bounds.nearOne, turned, turned, PRIOR)
}

export function readRateBounds(bounds: RateBounds): { readonly low: number; readonly high: number } {
  const whole = readBounds(bounds.whole)
  const low = lowest(whole.low, readBounds(bounds.nearZero), readBounds(bounds.nearOne))
  const high = 1 - lowest(1 - whole.high, readBounds(bounds.nearOne), readBounds(bounds.nearZero))
  return { low: onGrid(Math.min(low, high)), high: onGrid(Math.max(low, high)) }
}

/** Without the rounding of divisions: a bound is a point of a grid. */
function onGrid(bound: number): number {
  return Math.round(bound * 1e6) / 1e6
}

/** The smallest value that its own family has not refuted. `far` bounds 1 minus the mean. */
function lowest(
  whole: number,
  near: { readonly low: number; readonly high: number },
  far: { readonly low: number; readonly high: number },
): number {
  // The bounds of a family are a step wider than what it has refuted; 1 says that nothing of its range is left.
  if (near.low < 1) return Math.max(0, near.low / ZOOM)
  if (whole + GRID_STEP < 1 - EDGE) return Math.max(EDGE, whole)
  return Math.max(1 - EDGE, 1 - Math.max(0, far.high) / ZOOM)
}
