/** Closed forms: weights of best-of-n, its KL bound, and the two over-optimisation curves at a = 1, b = 0.2. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Insufficient } from '../numeric/insufficient.ts'
import { seededRandom } from '../numeric/seeded-random.ts'
import { bestOfN, bestOfNKlBound, bestOfNWeights } from './best-of-n.ts'
import { type CurvePoint, curveAt, fitOverOptimisation } from './over-optimisation.ts'

const RUN = { alpha: 0.05, replicates: 400, seed: 1 }

function known<Found extends { readonly kind: string }>(found: Found | Insufficient): Found {
  if (found.kind === 'insufficient') throw new Error((found as Insufficient).reason)
  return found as Found
}

/** Two normals from two uniforms. */
function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}

describe('best of n', () => {
  test.each([
    [1, 0],
    [2, 0.1931471805599453],
    [4, 0.6362943611198906],
    [16, 1.8350887222397811],
    [64, 3.1745080833596715],
    [1024, 5.932448368099453],
    [60000, 10.002116507870905],
  ])('KL bound of %s', (n, kl) => {
    expect(bestOfNKlBound(n)).toBeCloseTo(kl, 12)
  })

  test('weights of 3 of 6, and with ties', () => {
    const expected = [0, 0, 0.05, 0.15, 0.3, 0.5]
    bestOfNWeights([1, 2, 3, 4, 5, 6], 3).forEach((weight, rank) => {
      expect(weight).toBeCloseTo(expected[rank] as number, 12)
    })
    for (const weight of bestOfNWeights([7, 7, 7, 7, 7, 7], 3)) expect(weight).toBeCloseTo(1 / 6, 12)
    expect(
      bestOfNWeights(
        Array.from({ length: 100_000 }, (_, k) => k),
        1000,
      ).reduce((a, b) => a + b, 0),
    ).toBeCloseTo(1, 8)
    expect(() => bestOfNWeights([1, 2], 3)).toThrow(RangeError)
  })

  test('equals the mean over all subsets, ties picked evenly', () => {
    const sample = fc.record({ proxy: fc.integer({ min: 0, max: 3 }), gold: fc.integer({ min: -5, max: 5 }) })
    fc.assert(
      fc.property(fc.array(sample, { minLength: 3, maxLength: 7 }), (samples) => {
        let sum = 0
        let subsets = 0
        for (let a = 0; a < samples.length; a++)
          for (let b = a + 1; b < samples.length; b++)
            for (let c = b + 1; c < samples.length; c++) {
              const chosen = [a, b, c].map((at) => samples[at] as { proxy: number; gold: number })
              const best = Math.max(...chosen.map(({ proxy }) => proxy))
              const tops = chosen.filter(({ proxy }) => proxy === best)
              sum += tops.reduce((total, { gold }) => total + gold, 0) / tops.length
              subsets += 1
            }
        expect(bestOfN(samples, 3).gold).toBeCloseTo(sum / subsets, 9)
        expect(bestOfN([...samples].reverse(), 3).gold).toBeCloseTo(sum / subsets, 9)
      }),
      { seed: 9, numRuns: 100 },
    )
  })
})

describe('over-optimisation', () => {
  test.each([
    [4, 0.6704217412548067],
    [64, 1.146813310963705],
    [1024, 1.2491721190145986],
  ])('best-of-n curve at n = %s', (n, gain) => {
    expect(curveAt({ a: 1, b: 0.2 }, 'best-of-n', Math.sqrt(bestOfNKlBound(n)))).toBeCloseTo(gain, 12)
  })

  test.each([
    [0.5, 0.5693147180559945],
    [5, 3.3905620875658995],
    [20, 8.017070905784037],
  ])('reinforcement curve at d = %s', (d, gain) => {
    expect(curveAt({ a: 1, b: 0.2 }, 'reinforcement', d)).toBeCloseTo(gain, 12)
  })

  const measured = (
    form: 'best-of-n' | 'reinforcement',
    distances: readonly number[],
    noise: number,
    seed: number,
  ) => {
    const random = seededRandom(seed)
    return Array.from({ length: 40 }, (_, group) =>
      distances.map(
        (d): CurvePoint => ({
          kl: d * d,
          gain: curveAt({ a: 1, b: 0.25 }, form, d) + noise * normal(random),
          weight: 1,
          group: String(group),
        }),
      ),
    ).flat()
  }

  test('both curves and their peaks come back from exact values', () => {
    const searched = known(fitOverOptimisation(measured('best-of-n', [0.5, 1, 2, 3], 0, 1), 'best-of-n', RUN))
    expect(searched.a).toBeCloseTo(1, 9)
    expect(searched.b).toBeCloseTo(0.25, 9)
    expect(searched.peak?.d).toBeCloseTo(2, 8)
    expect(searched.peak?.gain).toBeCloseTo(1, 8)
    const learned = known(
      fitOverOptimisation(measured('reinforcement', [2, 8, 20, 40], 0, 1), 'reinforcement', RUN),
    )
    expect(learned.peak?.d).toBeCloseTo(Math.exp(3), 6)
  })

  test('the bootstrap interval of the peak holds it in 9 of 10 runs or more', () => {
    let held = 0
    for (let run = 0; run < 100; run++) {
      const { interval } = known(
        fitOverOptimisation(measured('best-of-n', [0.5, 1, 1.5, 2, 2.5], 0.6, run), 'best-of-n', RUN),
      )
      if (interval.kind === 'interval' && interval.low <= 2 && 2 <= (interval.high ?? 9)) held += 1
    }
    expect(held).toBeGreaterThan(90)
  })

  test('where many resamples have no peak, the upper end is open', () => {
    const found = known(
      fitOverOptimisation(measured('best-of-n', [0.3, 0.6, 0.9, 1.2], 1, 3), 'best-of-n', RUN),
    )
    expect(found.interval).toMatchObject({ kind: 'interval', high: null })
  })

  test('no peak where gold still rises; nothing to fit with two distances', () => {
    const rising = [0.5, 1, 2].map(
      (d, at): CurvePoint => ({ kl: d * d, gain: d, weight: 1, group: String(at) }),
    )
    expect(known(fitOverOptimisation(rising, 'best-of-n', RUN))).toMatchObject({
      peak: null,
      interval: { kind: 'insufficient' },
    })
    expect(fitOverOptimisation(rising.slice(1), 'best-of-n', RUN).kind).toBe('insufficient')
    expect(fitOverOptimisation([], 'reinforcement', RUN).kind).toBe('insufficient')
  })
})
