/**
 * Reference values: NumPy on 500 draws of N(0, 1) against N(0.3, 1) (log ratios to six digits below), whose KL is 0.045.
 */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Insufficient } from '../numeric/insufficient.ts'
import { seededRandom } from '../numeric/seeded-random.ts'
import { behaviouralKl } from './behavioural-kl.ts'
import { adaptKlController } from './kl-controller.ts'
import { estimateKl, type KlEstimate } from './kl-estimators.ts'
import { logRatioStop } from './log-ratio-stop.ts'
import { fitOverOptimisation } from './over-optimisation.ts'
import { type TokenLogprobs, whyIncomparable } from './token-logprobs.ts'

const RUN = { alpha: 0.05, replicates: 400, seed: 1 }

/** Episodes of one token whose log ratio baseline / candidate is given. */
const episodesOf = (logRatios: readonly number[]): TokenLogprobs[] =>
  logRatios.map((r) => ({ candidate: [0], baseline: [r] }))

function known<Found extends { readonly kind: string }>(found: Found | Insufficient): Found {
  if (found.kind === 'insufficient') throw new Error((found as Insufficient).reason)
  return found as Found
}

/** Two normals from two uniforms. */
function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}

describe('KL from log probabilities', () => {
  test('k1, k2, k3 of the reference draws', () => {
    const found = known(estimateKl(episodesOf(LOG_RATIOS.trim().split(/\s+/).map(Number)), 0.05))
    expect(found.k1.value).toBeCloseTo(0.051233891878223504, 7)
    expect(found.k2.value).toBeCloseTo(0.048493626927909345, 7)
    expect(found.k3.value).toBeCloseTo(0.04617364513718998, 7)
    expect(found.tail.heavy).toBe(false)
  })

  test.each([
    // Bias and standard deviation over the true KL, from the published note.
    [0.1, { k1: [0, 20], k2: [0.002, 1.42], k3: [0, 1.42] }],
    [1, { k1: [0, 2], k2: [0.25, 1.73], k3: [0, 1.7] }],
  ] as const)('bias and spread for a shift of %s', (shift, expected) => {
    const random = seededRandom(41)
    const truth = shift ** 2 / 2
    const draws = 200_000
    const sums = { k1: [0, 0], k2: [0, 0], k3: [0, 0] }
    for (let draw = 0; draw < draws; draw++) {
      const r = normal(random) * shift - truth
      const found = known(estimateKl(episodesOf([r]), 0.05))
      for (const name of ['k1', 'k2', 'k3'] as const) {
        const sum = sums[name]
        sum[0] = (sum[0] as number) + found[name].value
        sum[1] = (sum[1] as number) + found[name].value ** 2
      }
    }
    for (const name of ['k1', 'k2', 'k3'] as const) {
      const mean = (sums[name][0] as number) / draws
      const spread = Math.sqrt((sums[name][1] as number) / draws - mean ** 2)
      expect(Math.abs(mean / truth - 1 - expected[name][0])).toBeLessThan(
        (4 * expected[name][1]) / Math.sqrt(draws) + 0.003,
      )
      expect(spread / truth / expected[name][1]).toBeCloseTo(1, 1)
    }
  })

  test('95 % intervals of k1 and k3 over episodes of 50 tokens hold the truth in 92 % of runs or more', () => {
    const random = seededRandom(42)
    const held = { k1: 0, k3: 0 }
    for (let run = 0; run < 300; run++) {
      const episodes = Array.from({ length: 60 }, (): TokenLogprobs => {
        const logRatios = Array.from({ length: 50 }, () => normal(random) * 0.3 - 0.045)
        return { candidate: logRatios.map(() => 0), baseline: logRatios }
      })
      const found = known(estimateKl(episodes, 0.05))
      for (const name of ['k1', 'k3'] as const) {
        const { interval } = found[name]
        if (interval.kind === 'interval' && interval.low <= 2.25 && 2.25 <= interval.high) held[name] += 1
      }
    }
    expect(Math.min(held.k1, held.k3)).toBeGreaterThan(276)
  })

  test('a token the baseline likes and the candidate almost never says is a heavy tail, not Infinity', () => {
    const found = known(
      estimateKl(
        [...episodesOf(Array.from({ length: 99 }, () => 0.01)), { candidate: [-690], baseline: [0] }],
        0.05,
      ),
    )
    expect(found.tail).toMatchObject({ heavy: true, largestLogRatio: 690 })
    expect(Number.isFinite(found.k3.value)).toBe(true)
  })

  test('no tokens, one episode, identical policies', () => {
    expect(estimateKl([], 0.05).kind).toBe('insufficient')
    expect(estimateKl([{ candidate: [], baseline: [] }], 0.05).kind).toBe('insufficient')
    expect(known<KlEstimate>(estimateKl(episodesOf([0.1]), 0.05)).k3.interval.kind).toBe('insufficient')
    const same = known<KlEstimate>(estimateKl(episodesOf(Array.from({ length: 50 }, () => 0)), 0.05))
    expect(same.k3).toMatchObject({ value: 0, interval: { kind: 'insufficient' } })
    expect(() => estimateKl([{ candidate: [-1, -2], baseline: [-1] }], 0.05)).toThrow(RangeError)
  })

  test('truncated or processed log probabilities are refused with the reason', () => {
    const raw = { temperature: null, topP: null, topK: null, minP: null, logprobs: null }
    expect(whyIncomparable(raw)).toBeNull()
    expect(whyIncomparable({ ...raw, temperature: 1, topP: 1, topK: 0, minP: 0, logprobs: 'raw' })).toBeNull()
    expect(whyIncomparable({ ...raw, topP: 0.9 })).toContain('top_p 0.9')
    expect(whyIncomparable({ ...raw, topK: 40 })).toContain('top_k 40')
    expect(whyIncomparable({ ...raw, minP: 0.05 })).toContain('min_p 0.05')
    expect(whyIncomparable({ ...raw, temperature: 0 })).toContain('temperature 0')
    expect(whyIncomparable({ ...raw, logprobs: 'processed' })).toContain('processed')
  })
})

describe('the run-time stop', () => {
  test('the baseline itself is stopped in at most alpha of episodes; another policy soon', () => {
    const random = seededRandom(43)
    let falseStops = 0
    let stops = 0
    const alpha = 0.1
    for (let run = 0; run < 2000; run++) {
      // Baseline N(0, 1); candidate N(0.5, 1): log candidate - log baseline = x / 2 - 1/8.
      const logRatio = (mean: number): TokenLogprobs => {
        const values = Array.from({ length: 200 }, () => (normal(random) + mean) * 0.5 - 0.125)
        return { candidate: values, baseline: values.map(() => 0) }
      }
      if (logRatioStop(logRatio(0), alpha).stoppedAt !== null) falseStops += 1
      if (logRatioStop(logRatio(0.5), alpha).stoppedAt !== null) stops += 1
    }
    expect(falseStops / 2000).toBeLessThan(alpha)
    expect(falseStops / 2000).toBeGreaterThan(0.04)
    expect(stops / 2000).toBeGreaterThan(0.99)
  })

  test('says where', () => {
    const found = logRatioStop({ candidate: [-1, -1, -1, -9], baseline: [-1, -3, -3, -1] }, 0.05)
    expect(found).toEqual({ stoppedAt: 3, largest: 4, largestAt: 3 })
    expect(logRatioStop({ candidate: [], baseline: [] }, 0.05)).toEqual({
      stoppedAt: null,
      largest: 0,
      largestAt: 0,
    })
  })
})

describe('KL of choices', () => {
  const draw = (random: () => number, shares: readonly number[], episodes: number) =>
    Array.from({ length: episodes }, () =>
      Array.from({ length: 5 }, () => {
        const at = random()
        return at < (shares[0] as number)
          ? 'read'
          : at < (shares[0] as number) + (shares[1] as number)
            ? 'write'
            : 'ask'
      }),
    )

  test('the interval holds the truth in 9 of 10 runs or more', () => {
    const random = seededRandom(44)
    const truth = 0.5 * Math.log(0.5 / 0.3) + 0.3 * Math.log(0.3 / 0.4) + 0.2 * Math.log(0.2 / 0.3)
    let held = 0
    for (let run = 0; run < 100; run++) {
      const found = known(behaviouralKl(draw(random, [0.5, 0.3], 100), draw(random, [0.3, 0.4], 100), RUN))
      if (found.interval.kind === 'interval' && found.interval.low <= truth && truth <= found.interval.high)
        held += 1
    }
    expect(held).toBeGreaterThan(90)
  })

  test('two equal policies: the interval starts at 0 and is not pushed up by resampling', () => {
    const random = seededRandom(45)
    const found = known(behaviouralKl(draw(random, [0.5, 0.3], 100), draw(random, [0.5, 0.3], 100), RUN))
    if (found.interval.kind !== 'interval') throw new Error('no interval')
    expect(found.interval.low).toBe(0)
    expect(found.interval.high).toBeLessThan(2 * found.value + 1e-12)
  })

  test('a choice the baseline never made costs much, not infinitely much', () => {
    const found = known(behaviouralKl([['delete']], [['read'], ['read']], RUN))
    // Jeffreys: candidate 1.5/2 and .5/2, baseline .5/3 and 2.5/3.
    expect(found.value).toBeCloseTo(0.75 * Math.log(0.75 / (0.5 / 3)) + 0.25 * Math.log(0.25 / (2.5 / 3)), 12)
    expect(found.interval.kind).toBe('insufficient')
  })

  test('none, and only one choice', () => {
    expect(behaviouralKl([], [['read']], RUN).kind).toBe('insufficient')
    expect(behaviouralKl([['read']], [[]], RUN).kind).toBe('insufficient')
    const ones = Array.from({ length: 20 }, () => ['read'])
    expect(known(behaviouralKl(ones, ones, RUN))).toMatchObject({
      value: 0,
      interval: { kind: 'insufficient' },
    })
  })
})

describe('the adaptive controller', () => {
  const start = { coefficient: 0.15, target: 6, horizon: 10_000 }

  test('moves by the clipped error', () => {
    expect(adaptKlController(start, 12, 256).coefficient).toBeCloseTo(0.15 * (1 + (0.2 * 256) / 10_000), 12)
    expect(adaptKlController(start, 5.7, 256).coefficient).toBeCloseTo(0.15 * (1 - (0.05 * 256) / 10_000), 12)
    expect(adaptKlController(start, 0, 1e9).coefficient).toBeCloseTo(0.15 * 0.8, 12)
    expect(() => adaptKlController(start, Number.NaN, 1)).toThrow(RangeError)
  })

  test('holds a policy whose KL falls with the coefficient at its target', () => {
    let controller = start
    for (let step = 0; step < 4000; step++)
      controller = adaptKlController(controller, 3 / controller.coefficient, 256)
    expect(3 / controller.coefficient).toBeGreaterThan(6 * 0.9)
    expect(3 / controller.coefficient).toBeLessThan(6 * 1.1)
  })
})

test('whatever the numbers, nothing is NaN or infinite', () => {
  const logprob = fc.oneof(fc.constantFrom(0, -690.8, -1e-300), fc.double({ min: -800, max: 0, noNaN: true }))
  const point = fc.record({
    kl: fc.oneof(fc.constantFrom(0, 1e-300, 1e300), fc.double({ min: 0, max: 20, noNaN: true })),
    gain: fc.oneof(fc.constantFrom(0, 1e300), fc.double({ min: -5, max: 5, noNaN: true })),
    weight: fc.double({ min: 0.1, max: 10, noNaN: true }),
    group: fc.constantFrom(...'abcdefghijklmn'),
  })
  fc.assert(
    fc.property(
      fc.array(fc.array(fc.tuple(logprob, logprob), { maxLength: 5 }), { maxLength: 15 }),
      fc.array(point, { maxLength: 40 }),
      fc.constantFrom<'best-of-n' | 'reinforcement'>('best-of-n', 'reinforcement'),
      (episodes, points, form) => {
        const found = [
          estimateKl(
            episodes.map((tokens) => ({
              candidate: tokens.map(([a]) => a),
              baseline: tokens.map(([, b]) => b),
            })),
            0.05,
          ),
          fitOverOptimisation(points, form, { ...RUN, replicates: 40 }),
        ]
        JSON.stringify(found, (_, part) => {
          if (typeof part === 'number' && !Number.isFinite(part)) throw new Error(`not finite: ${part}`)
          return part
        })
      },
    ),
    { seed: 10, numRuns: 200 },
  )
})

const LOG_RATIOS = `
-0.207207 -0.058281 -0.768485 -0.209432 -0.251156 -0.320982 0.308825 0.073907 0.020192 -0.310822 -0.950990 0.035159
0.448679 0.172518 0.326619 0.013535 0.039949 -0.171646 0.726323 -0.184874 -0.102032 -0.007370 -0.483230 -0.072261
0.332477 -0.496194 0.157693 0.512540 -0.132975 -0.218346 0.406950 0.044397 -0.378318 0.379249 0.213165 -0.201398
0.077381 0.267440 0.153457 -0.282696 -0.049886 0.018034 0.146035 -0.119668 0.490019 -0.275149 -0.215950 0.027302
0.291291 -0.392223 0.291775 -0.098649 -0.094552 -0.146414 0.290863 0.231452 0.224916 0.136382 -0.327224 -0.188867
-0.318278 0.322910 -0.093118 -0.320246 -0.469431 0.429904 -0.211530 -0.280971 0.368454 -0.205982 -0.148444 0.353722
-0.904311 -0.739574 0.575872 -0.126922 -0.337716 0.315154 -0.280866 0.328668 -0.375705 -0.142960 -0.284034 -0.412783
0.198972 0.103865 0.253165 0.348411 -0.094900 -0.226123 0.192144 -0.506786 -0.262668 -0.348241 -0.072202 0.106729
0.046784 0.052136 -0.452749 -0.130506 -0.731327 0.156722 -0.799848 0.095007 -0.230758 0.018633 -0.059076 -0.110313
0.367027 -0.068981 0.118297 0.086173 -0.017566 -0.108328 -0.033851 0.300780 -0.151567 -0.190067 -0.127012 0.252454
-0.247703 0.347181 -0.427816 -0.198610 -0.178247 -0.608494 -0.284432 0.172890 -0.380013 0.041636 0.118372 -0.129369
-0.682096 -0.289334 -0.069892 -0.335360 0.074067 -0.033162 -0.635768 -0.323922 -0.897927 -0.188200 -0.055537 0.148226
0.392850 0.211563 -0.065359 -0.284057 0.045006 -0.183442 -0.223992 -0.024575 0.002750 0.025824 0.387531 -0.669047
0.554660 -0.315224 0.152162 -0.090672 -0.364290 0.427040 -0.844349 0.279000 -0.012028 -0.749767 0.046931 0.162931
-0.456879 -0.451985 -0.287832 0.652480 -0.559641 0.049579 -0.599981 -0.175811 0.078789 0.196663 -0.557277 0.025010
-0.295374 0.006671 -0.246631 0.373063 -0.136265 0.280012 -0.122754 -0.056903 -0.221009 0.002216 -0.172285 -0.531502
0.310932 0.338067 -0.483577 -0.265678 -0.121068 -0.134904 -0.579419 -0.232392 -0.896939 -0.062331 -0.199399 -0.315493
-0.019146 -0.470984 0.034317 -0.070348 -0.445769 0.550498 -0.023160 -0.155641 0.083194 -0.141592 -0.370976 -0.240319
0.025489 0.126236 -0.402008 0.176945 0.254216 0.196921 0.177768 0.323043 -0.533446 -0.812362 -0.028989 0.384017
0.241557 -0.086504 -0.216285 0.186175 -0.303088 0.118760 -0.195305 0.141357 -0.250183 -0.024987 0.080788 -0.218031
0.215205 -0.038487 0.322291 0.305582 0.165445 -0.425179 0.038309 0.179180 -0.057776 0.342139 0.004308 0.230957
-0.204958 0.100428 -0.418665 -0.197890 -0.171013 -0.007124 -0.062186 0.246535 -0.526181 -0.456185 -0.213948 0.076572
-0.615177 -0.142917 -0.486259 0.129833 0.005470 0.350262 -0.571986 0.110799 0.238283 -0.374841 -0.639252 -0.391115
-0.134790 -0.229708 0.332920 0.365370 0.120066 0.442474 -0.003460 -0.077047 -0.668642 -0.136663 -0.211241 -0.533248
0.024430 0.114434 -0.280551 0.053290 0.559846 -0.719412 0.073513 0.418933 0.267295 -0.154407 0.397082 -0.094599
0.136038 -0.390049 0.243599 0.286289 0.148637 0.348089 0.061144 0.322361 0.046175 -0.536030 -0.219888 0.320776
0.149035 -0.454788 -0.222660 0.440886 0.312166 -0.051070 -0.565745 0.039599 -0.234345 -0.356668 0.449410 0.030199
-0.613364 -0.232514 0.069595 0.108018 -0.045870 -0.148338 0.200797 -0.355342 0.048429 0.018857 -0.074376 0.270613
0.086053 -0.329292 0.204912 0.016655 -0.426375 -0.210098 -0.087573 0.414657 -0.043431 0.295562 -0.371171 0.544262
-0.083514 -0.334920 -0.462709 0.280469 -0.130319 -0.347715 -0.307176 0.440252 -0.252127 0.109701 0.681168 0.138070
-0.189676 -0.389413 0.252195 -0.107094 -0.034233 -0.221759 0.169502 -0.576772 -0.055617 -0.056254 -0.455359 -0.261380
-0.205389 0.017670 0.143532 0.401187 0.495003 0.279157 -0.291266 0.270831 -0.212588 -0.689379 0.569065 0.138130
0.391647 -0.159383 -0.008464 -0.118075 0.310772 0.164380 -0.209944 0.001184 -0.329502 0.204480 0.035051 0.085251
0.062640 -0.053984 -0.394900 -0.029359 -0.583811 -0.087597 -0.351069 -0.049251 -0.766504 -0.091936 -0.050331 -0.197352
-0.266889 -0.376307 0.097914 0.458515 -0.269492 0.195128 0.256077 0.123874 0.137293 -0.261826 -0.266619 -0.247757
0.033814 0.045045 0.335314 0.300761 -0.280421 -0.065728 -0.013836 -0.262107 -0.222332 -0.309111 0.179223 0.231524
0.043879 0.224094 -0.170337 0.150691 -0.127410 -0.457976 -0.329888 -0.112836 -0.501982 0.218653 -0.162075 0.338064
0.016868 0.390119 0.155311 -0.417643 0.550203 0.410207 0.099844 -0.012786 0.389653 0.194785 0.171553 0.104958 0.167842
0.589594 0.159177 -0.131161 0.515203 -0.055151 -0.308846 -0.128963 0.060029 0.004738 -0.068065 0.570996 0.462129
0.018193 -0.347498 -0.333379 0.264875 -0.065933 -0.230525 -0.248142 -0.290181 0.365019 0.001121 0.015800 0.592475
-0.071022 0.261242 0.088501 -0.103927 -0.265299 0.228845 0.156364 -0.262251 -0.495900 0.202241 -0.244461 0.247227
0.042475 -0.203181 -0.174645 -0.195535 -0.161093 -0.005986 -0.281013
`
