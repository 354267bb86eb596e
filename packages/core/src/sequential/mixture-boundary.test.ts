import { expect, test } from 'vitest'
import { logIncompleteBeta } from '../numeric/log-incomplete-beta.ts'
import { logGammaLower, logGammaUpper } from '../numeric/log-incomplete-gamma.ts'
import { seededRandom } from '../numeric/seeded-random.ts'
import { CONFSEQ } from './confseq-golden.ts'
import {
  betaBinomialMixture,
  boundaryOf,
  gammaExponentialMixture,
  gammaPoissonMixture,
  normalBoundary,
  normalMixtureOneSided,
  normalMixtureTwoSided,
} from './mixture-boundary.ts'
import { rateInterval } from './rate-interval.ts'

const tuning = { timeBest: 100, alphaBest: 0.05 }

test.each(CONFSEQ.boundaries)('boundaries agree with confseq at time $time', (expected) => {
  const close = (value: number, reference: number) =>
    expect(Math.abs(value / reference - 1), `${value} against ${reference}`).toBeLessThan(1e-10)
  const { time } = expected
  close(normalBoundary(tuning, time, 0.05), expected.normalTwoSided)
  close(boundaryOf(normalMixtureTwoSided(tuning), time, 0.05), expected.normalTwoSided)
  close(boundaryOf(normalMixtureOneSided(tuning), time, 0.05), expected.normalOneSided)
  close(boundaryOf(gammaExponentialMixture({ ...tuning, scale: 1 }), time, 0.05), expected.gammaExponential)
  close(boundaryOf(gammaPoissonMixture({ ...tuning, scale: 1 }), time, 0.05), expected.gammaPoisson)
  const binary = betaBinomialMixture({ ...tuning, below: 0.3, above: 0.7, sides: 1 })
  close(boundaryOf(binary, time, 0.05), expected.betaBinomial)
  const sum = 2 * Math.sqrt(time)
  close(normalMixtureOneSided(tuning).logWealth(sum, time), expected.normalLog)
  close(gammaExponentialMixture({ ...tuning, scale: 1 }).logWealth(sum, time), expected.gammaExponentialLog)
})

test('the Hoeffding sequence of confseq is the normal boundary at a quarter of the time', () => {
  let sum = 0
  for (let n = 1; n <= CONFSEQ.x.length; n++) {
    sum += Number(CONFSEQ.x[n - 1])
    const at = (CONFSEQ.xAt as readonly number[]).indexOf(n)
    if (at === -1) continue
    const half = normalBoundary({ timeBest: 25, alphaBest: 0.05 }, n / 4, 0.05) / n
    expect(Math.min(1, sum / n + half)).toBeCloseTo(CONFSEQ.xExpected.hoeffding.u[at] ?? 0, 10)
  }
})

test('intervals of a rate agree with confseq and never leave [0, 1]', () => {
  const one = rateInterval({ hits: 20, trials: 100, alpha: 0.05, trialsBest: 100 })
  expect(one.low).toBeCloseTo(0.0959692662195721, 10)
  expect(one.high).toBeCloseTo(0.3359234332549021, 10)
  const rare = rateInterval({ hits: 3, trials: 1000, alpha: 0.05, trialsBest: 1000 })
  expect(rare.low).toBeCloseTo(9.823793851703046e-5, 11)
  expect(rare.high).toBeCloseTo(0.01121674161976106, 11)
  expect(rateInterval({ hits: 0, trials: 0, alpha: 0.05, trialsBest: 100 })).toEqual({ low: 0, high: 1 })
  expect(rateInterval({ hits: 0, trials: 50, alpha: 0.05, trialsBest: 100 }).low).toBe(0)
  expect(rateInterval({ hits: 50, trials: 50, alpha: 0.05, trialsBest: 100 }).high).toBe(1)
  expect(() => rateInterval({ hits: 3, trials: 2, alpha: 0.05, trialsBest: 100 })).toThrow(RangeError)
})

test('the incomplete functions keep their digits in the tails', () => {
  // Closed forms: P(1, x) = 1 - exp(-x), Q(1, x) = exp(-x), I_x(1, b) = 1 - (1 - x)^b.
  expect(logGammaUpper(1, 900)).toBeCloseTo(-900, 9)
  expect(logGammaLower(1, 1e-12)).toBeCloseTo(Math.log(1e-12), 9)
  expect(logIncompleteBeta(1e-9, 1, 3)).toBeCloseTo(Math.log(3e-9), 7)
  expect(logIncompleteBeta(0.5, 700, 700)).toBeCloseTo(Math.log(0.5), 9)
  expect(logIncompleteBeta(0, 2, 3)).toBe(Number.NEGATIVE_INFINITY)
  expect(logIncompleteBeta(1, 2, 3)).toBe(0)
})

test('a fair game rarely crosses the beta-binomial boundary at any of 300 looks', () => {
  const random = seededRandom(4)
  const runs = 400
  const mixture = betaBinomialMixture({ timeBest: 20, alphaBest: 0.05, below: 0.2, above: 0.8, sides: 1 })
  let crossed = 0
  for (let run = 0; run < runs; run++) {
    let sum = 0
    for (let n = 1; n <= 300; n++) {
      sum += random() < 0.2 ? 0.8 : -0.2
      if (sum > 0 && mixture.logWealth(sum, 0.16 * n) >= Math.log(20)) {
        crossed += 1
        break
      }
    }
  }
  expect(crossed / runs).toBeLessThan(0.05 + 3 * Math.sqrt((0.05 * 0.95) / runs))
  expect(crossed).toBeGreaterThan(0)
})
