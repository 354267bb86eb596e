import type { EvidencePoint } from '@leeway/core/gate/evidence'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { differenceDomain, logEDomain } from './evidence-domain.ts'
import { nearestIndex, thinPoints } from './evidence-point.ts'

const point = (n: number, change: Partial<EvidencePoint> = {}): EvidencePoint => ({
  n,
  unit: 'a',
  estimate: 0,
  low: -1 / n,
  high: 1 / n,
  logPromote: 0,
  logRollback: 0,
  ...change,
})
const points = (count: number) => Array.from({ length: count }, (_, index) => point(index + 1))

test('the cursor finds the nearest unit, also between and beyond the points', () => {
  const sparse = [point(1), point(5), point(9)]
  expect(nearestIndex(sparse, 6)).toBe(1)
  expect(nearestIndex(sparse, 8)).toBe(2)
  expect(nearestIndex(sparse, -3)).toBe(0)
  expect(nearestIndex(sparse, 99)).toBe(2)
  expect(nearestIndex([], 1)).toBeUndefined()
})

test('thinning keeps both ends and the order, and stays within its limit', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 3000 }), fc.integer({ min: 2, max: 300 }), (count, countMax) => {
      const thin = thinPoints(points(count), countMax)
      expect(thin.length).toBeLessThanOrEqual(Math.max(countMax, 1) + 1)
      expect(thin[0]?.n).toBe(1)
      expect(thin.at(-1)?.n).toBe(count)
      expect(thin.every((one, index) => index === 0 || one.n > (thin[index - 1]?.n ?? 0))).toBe(true)
    }),
    { seed: 3 },
  )
})

test('the axis always holds zero and both margins, and never leaves the possible', () => {
  const lines = { margin: 0.05, harmMargin: 0.1 }
  for (const count of [0, 1, 2, 100]) {
    const domain = differenceDomain(points(count), lines)
    expect(domain.low).toBeLessThan(0)
    expect(domain.low).toBeGreaterThanOrEqual(-1)
    expect(domain.high).toBeGreaterThan(0.1)
    expect(domain.high).toBeLessThanOrEqual(1)
  }
})

test('the wide beginning of the band does not flatten the end', () => {
  expect(differenceDomain(points(100), { margin: 0.05, harmMargin: 0.05 }).high).toBeLessThan(0.2)
})

test('the e-value axis always shows the threshold', () => {
  const threshold = Math.log(20)
  expect(logEDomain([], threshold).high).toBeGreaterThan(threshold)
  const lost = [point(1, { logRollback: -500, logPromote: 10 })]
  expect(logEDomain(lost, threshold).low).toBeGreaterThan(-10)
})
