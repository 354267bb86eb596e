/**
 * Boundaries that a sum of centred observations crosses with probability at most alpha, at any time, by mixing over bets.
 *
 * Estimates   nothing by itself: `logWealth(sum, time)` is the log of a mixture exp(lambda S - psi(lambda) V) averaged over
 *             lambda, at most 1 on average at every time; `boundaryOf` is the sum at which it reaches 1/alpha.
 * Assumes     exp(lambda S_t - psi(lambda) V_t) is a supermartingale for the family named: sub-Gaussian (normal),
 *             sub-exponential with scale c (gamma-exponential), sub-Poisson (gamma-Poisson), or
 *             observations in [-g, h] (beta-binomial; V = g h t).
 * Input       `timeBest`: the intrinsic time V at which the boundary is to be tightest, for error `alphaBest`.
 * Output      boundary in the unit of the sum; the beta-binomial one never exceeds V / g, the largest possible sum.
 * Degenerate  V = 0 gives a finite boundary; nothing here is ever NaN for V >= 0.
 * Cost        `boundaryOf` 200 bisections at most.
 * Source      Howard, Ramdas, McAuliffe, Sekhon 2021 (Ann. Stat. 49:2, arXiv 1810.08240), Prop. 5 to 9 and eq. 10.
 * Evidence    sequential/mixture-boundary.test.ts (golden: confseq)
 */
import gammaln from '@stdlib/math-base-special-gammaln'
import { logBeta, logIncompleteBeta } from '../numeric/log-incomplete-beta.ts'
import { logGammaLower, logGammaUpper } from '../numeric/log-incomplete-gamma.ts'

export type MixtureBoundary = {
  /** Log of the mixture at this sum and intrinsic time; grows with the sum for sums from 0 up. */
  readonly logWealth: (sum: number, time: number) => number
  /** The largest sum that can occur at this time; infinite where nothing limits it. */
  readonly sumMax: (time: number) => number
}

type Tuning = { readonly timeBest: number; readonly alphaBest: number }

/** The sum at which the mixture reaches 1/alpha. */
export function boundaryOf(mixture: MixtureBoundary, time: number, alpha: number): number {
  const target = Math.log(1 / alpha)
  const most = mixture.sumMax(time)
  let low = 0
  let high = Math.min(most, Math.max(1, Math.sqrt(time)))
  while (high < most && mixture.logWealth(high, time) < target) {
    low = high
    high = Math.min(most, 2 * high)
  }
  if (high === most && mixture.logWealth(most * (1 - 1e-12), time) < target) return most
  for (let step = 0; step < 200 && high - low > 1e-14 * high; step++) {
    const middle = (low + high) / 2
    if (mixture.logWealth(middle, time) < target) low = middle
    else high = middle
  }
  return (low + high) / 2
}

/** Two-sided sub-Gaussian mixture; its boundary has a closed form, given by `normalBoundary`. */
export function normalMixtureTwoSided(tuning: Tuning): MixtureBoundary {
  const rho = rhoTwoSided(tuning)
  return {
    logWealth: (sum, time) => 0.5 * Math.log(rho / (time + rho)) + (sum * sum) / (2 * (time + rho)),
    sumMax: () => Number.POSITIVE_INFINITY,
  }
}

export function normalBoundary(tuning: Tuning, time: number, alpha: number): number {
  const rho = rhoTwoSided(tuning)
  return Math.sqrt((time + rho) * (Math.log1p(time / rho) + 2 * Math.log(1 / alpha)))
}

export function normalMixtureOneSided(tuning: Tuning): MixtureBoundary {
  const rho = rhoOneSided(tuning)
  return {
    logWealth: (sum, time) =>
      0.5 * Math.log((4 * rho) / (time + rho)) +
      (sum * sum) / (2 * (time + rho)) +
      logNormalBelow(sum / Math.sqrt(time + rho)),
    sumMax: () => Number.POSITIVE_INFINITY,
  }
}

/** `scale` is c of the sub-exponential family: for observations bounded above by c. */
export function gammaExponentialMixture(tuning: Tuning & { readonly scale: number }): MixtureBoundary {
  const square = tuning.scale ** 2
  const rho = rhoOneSided(tuning)
  const k = rho / square
  const leading = k * Math.log(k) - gammaln(k) - logGammaLower(k, k)
  return {
    logWealth: (sum, time) => {
      const spent = (tuning.scale * sum + time) / square
      const shape = (time + rho) / square
      return leading + gammaln(shape) + logGammaLower(shape, spent + k) - shape * Math.log(spent + k) + spent
    },
    sumMax: () => Number.POSITIVE_INFINITY,
  }
}

export function gammaPoissonMixture(tuning: Tuning & { readonly scale: number }): MixtureBoundary {
  const square = tuning.scale ** 2
  const rho = rhoOneSided(tuning)
  const k = rho / square
  const leading = k * Math.log(k) - gammaln(k) - logGammaUpper(k, k)
  return {
    logWealth: (sum, time) => {
      const rate = (time + rho) / square
      const shape = sum / tuning.scale + rate
      return leading + gammaln(shape) + logGammaUpper(shape, rate) - shape * Math.log(rate) + time / square
    },
    sumMax: () => Number.POSITIVE_INFINITY,
  }
}

/** Observations in [-below, above] with mean 0; intrinsic time V = below * above * number of observations. */
export function betaBinomialMixture(
  tuning: Tuning & { readonly below: number; readonly above: number; readonly sides: 1 | 2 },
): MixtureBoundary {
  const { below, above, sides } = tuning
  const range = below + above
  const rho = sides === 1 ? rhoOneSided(tuning) : rhoTwoSided(tuning)
  const r = Math.max(rho - below * above, 1e-3 * below * above)
  const up = r / (above * range)
  const down = r / (below * range)
  const center = below / range
  // One side mixes only over bets on a positive mean: the part of the beta distribution above `center`.
  const logMass = (a: number, b: number) =>
    logBeta(a, b) + (sides === 1 ? logIncompleteBeta(1 - center, b, a) : 0)
  const leading = logMass(up, down)
  return {
    logWealth: (sum, time) => {
      const trials = time / (below * above)
      const high = (sum + time / above) / range
      return (
        logMass(up + high, down + trials - high) -
        leading +
        high * Math.log(above / below) +
        trials * Math.log(range / above)
      )
    },
    sumMax: (time) => time / below,
  }
}

/** rho that makes the two-sided boundary tightest at `timeBest` (Howard et al., Prop. 3, by its usual approximation). */
function rhoTwoSided({ timeBest, alphaBest }: Tuning): number {
  const twiceLog = 2 * Math.log(1 / alphaBest)
  return timeBest / (twiceLog + Math.log1p(twiceLog))
}

function rhoOneSided({ timeBest, alphaBest }: Tuning): number {
  return rhoTwoSided({ timeBest, alphaBest: 2 * alphaBest })
}

/** log P(N(0, 1) <= z). */
function logNormalBelow(z: number): number {
  const half = (z * z) / 2
  return z < 0
    ? Math.log(0.5) + logGammaUpper(0.5, half)
    : Math.log1p(-0.5 * Math.exp(logGammaUpper(0.5, half)))
}
