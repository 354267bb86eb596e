import { expect, test } from 'vitest'
import { seededRandom } from '../numeric/seeded-random.ts'
import { distributionBand, quantileBoundary, stitchedBoundary } from './stitched-boundary.ts'

/** confseq at commit 70b1ef3: poly_stitching_bound(v, alpha 0.05, v_min 10). */
test.each([
  [1, 9.224047697498715],
  [10, 9.224047697498715],
  [100, 35.68049029888615],
  [1000, 119.89978894413399],
  [10_000, 392.64569515780204],
])('the stitched boundary at time %d is that of confseq', (time, expected) => {
  const found = stitchedBoundary(time, { timeMin: 10, scale: 0, alpha: 0.05 })
  expect(Math.abs(found / expected - 1)).toBeLessThan(1e-12)
})

test('the band and the quantile boundary at time 1000 are those of confseq', () => {
  const band = distributionBand(1000, { timeMin: 10, alpha: 0.05 })
  expect(Math.abs(band / 0.08434471135061154 - 1)).toBeLessThan(1e-9)
  const half = quantileBoundary(0.5, 1000, { timeMin: 100, alpha: 0.05 })
  expect(Math.abs(half / 68.62802892121623 - 1)).toBeLessThan(1e-12)
})

test('what is no rate and no time is refused; before its time the band says nothing', () => {
  expect(() => stitchedBoundary(1, { timeMin: 0, scale: 0, alpha: 0.05 })).toThrow(RangeError)
  expect(() => quantileBoundary(1, 10, { timeMin: 1, alpha: 0.05 })).toThrow('p is 1')
  expect(() => distributionBand(10, { timeMin: 1, alpha: 0 })).toThrow('alpha is 0')
  expect(distributionBand(9, { timeMin: 10, alpha: 0.05 })).toBe(Number.POSITIVE_INFINITY)
  for (const p of [1e-300, 1e-12, 0.5, 1 - 1e-12])
    expect(quantileBoundary(p, 1e6, { timeMin: 10, alpha: 1e-300 })).toBeGreaterThan(0)
})

test('the 90th percentile of draws is never left, at any look, in nearly all runs', () => {
  const random = seededRandom(7)
  const p = 0.9
  const runs = 400
  let crossed = 0
  let nearly = 0
  for (let run = 0; run < runs; run++) {
    let count = 0
    let out = false
    let close = false
    for (let time = 1; time <= 2000; time++) {
      if (random() <= p) count += 1
      const over = (count - p * time) / quantileBoundary(p, time, { timeMin: 32, alpha: 0.05 })
      const under = (p * time - count) / quantileBoundary(1 - p, time, { timeMin: 32, alpha: 0.05 })
      out ||= over > 1 || under > 1
      close ||= over > 0.4 || under > 0.4
    }
    if (out) crossed += 1
    if (close) nearly += 1
  }
  expect(crossed).toBeLessThanOrEqual(0.05 * runs)
  // The boundary is within reach: more than a third of the runs come to two fifths of it.
  expect(nearly).toBeGreaterThan(runs / 3)
})
