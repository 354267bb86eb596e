/**
 * Boundaries in closed form that grow like sqrt(V log log V): for whoever looks over very long times.
 *
 * `stitchedBoundary`   of a sum with intrinsic time V (sub-gamma with scale `scale`; 0 is sub-Gaussian), crossed at any time with
 *                      probability at most alpha. Constant before `timeMin`.
 * `distributionBand`   half width around the empirical distribution function, for all values and all t >= timeMin at once.
 * `quantileBoundary`   how far the count of values at most the p-quantile may exceed p t, for all p and t at once; the
 *                      count below it is bounded by the same at 1 - p.
 * Ranges      0 < alpha < 1, 0 < p < 1, times > 0; else RangeError. The band is infinite before `timeMin`.
 * Source      Howard, Ramdas, McAuliffe, Sekhon 2021 (Ann. Stat. 49:2), theorem 1 with h(k) = k^1.4 zeta(1.4) and epochs that
 *             double; Howard and Ramdas 2022 (Bernoulli 28:3, arXiv 1906.09712), theorems 2 and 3.
 * Evidence    sequential/stitched-boundary.test.ts (golden: confseq)
 */

/** Epoch k is crossed with probability in proportion to k^-POWER; epochs end at timeMin * EPOCH^k. */
const POWER = 1.4
const EPOCH = 2
/** Riemann's zeta function at POWER. */
const ZETA = 3.10554727797758
const K1 = (EPOCH ** 0.25 + EPOCH ** -0.25) / Math.SQRT2
const K2 = (Math.sqrt(EPOCH) + 1) / 2

export type StitchedOptions = { readonly timeMin: number; readonly scale: number; readonly alpha: number }

export function stitchedBoundary(time: number, { timeMin, scale, alpha }: StitchedOptions): number {
  requireRate('alpha', alpha)
  requireTime('timeMin', timeMin)
  const late = Math.max(time, timeMin)
  const level = epochLevel(late / timeMin) + Math.log(ZETA / alpha)
  const bend = K2 * scale * level
  return Math.sqrt(K1 * K1 * late * level + bend * bend) + bend
}

/** Grid of quantiles: neighbours are 2 * DELTA standard deviations of the epoch apart, in log odds. */
const DELTA = 0.5

export function quantileBoundary(
  p: number,
  time: number,
  { timeMin, alpha }: { readonly timeMin: number; readonly alpha: number },
): number {
  requireRate('p', p)
  requireRate('alpha', alpha)
  requireTime('timeMin', timeMin)
  const late = Math.max(time, timeMin)
  const ratio = late / timeMin
  const logOdds = Math.log(p / (1 - p))
  const near =
    p >= 0.5 ? p : Math.min(0.5, 1 / (1 + Math.exp(-(logOdds + 2 * DELTA * Math.sqrt(EPOCH / ratio)))))
  const variance = near * (1 - near)
  const place = (Math.sqrt(ratio) * Math.abs(logOdds)) / (2 * DELTA) + 1
  const level = epochLevel(ratio) + POWER * Math.log(place) + Math.log((2 * ZETA * (2 * ZETA + 1)) / alpha)
  const bend = (K2 * (1 - 2 * p) * level) / 3
  return (
    DELTA * Math.sqrt(EPOCH * ratio * variance) +
    Math.sqrt(K1 * K1 * variance * late * level + bend * bend) +
    bend
  )
}

function epochLevel(ratio: number): number {
  return POWER * Math.log(Math.log(EPOCH * ratio) / Math.log(EPOCH))
}

/** Leading constant of the band; any above sqrt(1/2) is valid with a constant of its own. */
const LEADING = 0.85

export function distributionBand(
  time: number,
  { timeMin, alpha }: { readonly timeMin: number; readonly alpha: number },
): number {
  requireRate('alpha', alpha)
  requireTime('timeMin', timeMin)
  if (time < timeMin) return Number.POSITIVE_INFINITY
  return LEADING * Math.sqrt((Math.log1p(Math.log(time / timeMin)) + bandConstant(alpha)) / time)
}

/** The least C whose error, the best over all epochs, is at most alpha: the error falls in C. */
function bandConstant(alpha: number): number {
  let low = 0
  let high = 1
  while (bandError(high) > alpha) high *= 2
  for (let step = 0; step < 100; step++) {
    const middle = (low + high) / 2
    if (bandError(middle) > alpha) low = middle
    else high = middle
  }
  return high
}

const EPOCH_STEPS = 100

/** min over eta in (1, 2 A^2) of 4 exp(-g^2 C) (1 + 1 / ((g^2 - 1) log eta)), g = sqrt(2 / eta) (A - sqrt(2 (eta - 1) / C)). */
function bandError(constant: number): number {
  const most = 2 * LEADING * LEADING
  const at = (eta: number) => {
    const gap = LEADING - Math.sqrt((2 * (eta - 1)) / constant)
    const square = (2 / eta) * gap * gap
    if (gap <= 0 || square <= 1) return Number.POSITIVE_INFINITY
    return 4 * Math.exp(-square * constant) * (1 + 1 / ((square - 1) * Math.log(eta)))
  }
  let low = 1
  let high = most
  // Refined around the best of an even grid: the function has one valley.
  for (let round = 0; round < 12; round++) {
    const step = (high - low) / EPOCH_STEPS
    let best = low + step
    for (let k = 2; k < EPOCH_STEPS; k++) if (at(low + k * step) < at(best)) best = low + k * step
    low = Math.max(1, best - step)
    high = Math.min(most, best + step)
  }
  return at((low + high) / 2)
}

function requireRate(name: string, value: number): void {
  if (!(value > 0 && value < 1)) throw new RangeError(`${name} is ${value}; expected above 0 and below 1`)
}

function requireTime(name: string, value: number): void {
  if (!(value > 0 && value < Number.POSITIVE_INFINITY))
    throw new RangeError(`${name} is ${value}; expected a number above 0`)
}
