import { expect, test } from 'vitest'
import { seededRandom } from '../numeric/seeded-random.ts'
import { rateUpperBound } from './rate-bound.ts'

test('none seen among n: at most log(2 / alpha) / n, and below it for the mixture', () => {
  expect(rateUpperBound(0, 0, 0.05)).toBe(1)
  for (const n of [10, 100, 1000]) {
    const bound = rateUpperBound(0, n, 0.05)
    expect(bound).toBeLessThanOrEqual(1 - 0.025 ** (1 / n) + 1e-9)
    expect(bound).toBeGreaterThan(3 / n / 1.6)
  }
})

test('all failed: 1; more failures never lower the bound', () => {
  expect(rateUpperBound(7, 7, 0.05)).toBe(1)
  for (let k = 1; k <= 50; k++)
    expect(rateUpperBound(k, 50, 0.05)).toBeGreaterThanOrEqual(rateUpperBound(k - 1, 50, 0.05))
})

test.each([
  ['at the rate', 0.02, () => 0.02],
  ['above it', 0.02, () => 0.03],
  ['drifting from twice the rate down to it', 0.02, (n: number) => (n < 100 ? 0.04 : 0.02)],
] as const)('falls below a true rate in at most alpha of the runs: %s', (_name, rate, rateAt) => {
  const random = seededRandom(5)
  const runs = 400
  let wrong = 0
  for (let run = 0; run < runs; run++) {
    let failures = 0
    for (let n = 1; n <= 600; n++) {
      if (random() < rateAt(n)) failures += 1
      if (n % 5 === 0 && rateUpperBound(failures, n, 0.1) < rate) {
        wrong += 1
        break
      }
    }
  }
  expect(wrong / runs).toBeLessThanOrEqual(0.1 + 3 * Math.sqrt(0.09 / runs))
})
