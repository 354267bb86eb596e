import { expect, test } from 'vitest'
import { seededRandom } from '../numeric/seeded-random.ts'
import { canaryVerdict } from './canary-record.ts'

test('nothing is known without canaries, and the bounds hold what was seen', () => {
  expect(canaryVerdict({ shown: 0, caught: 0 }, 0.8, 0.05)).toEqual({ verdict: 'undecided', low: 0, high: 1 })
  const { low, high } = canaryVerdict({ shown: 40, caught: 30 }, 0.8, 0.05)
  expect(low).toBeLessThan(0.75)
  expect(high).toBeGreaterThan(0.75)
})

test('enough caught counts, enough missed is refused, and in between neither', () => {
  expect(canaryVerdict({ shown: 60, caught: 59 }, 0.8, 0.05).verdict).toBe('counts')
  expect(canaryVerdict({ shown: 60, caught: 20 }, 0.8, 0.05).verdict).toBe('refused')
  expect(canaryVerdict({ shown: 60, caught: 48 }, 0.8, 0.05).verdict).toBe('undecided')
})

test('looked at after each canary, one below the bar counts in at most alpha of runs', () => {
  const random = seededRandom(7)
  const runs = 1_000
  let counted = 0
  for (let run = 0; run < runs; run++) {
    let caught = 0
    for (let shown = 1; shown <= 200; shown++) {
      if (random() < 0.7) caught += 1
      if (canaryVerdict({ shown, caught }, 0.7, 0.05).verdict === 'counts') {
        counted += 1
        break
      }
    }
  }
  // Three standard errors above alpha.
  expect(counted / runs).toBeLessThanOrEqual(0.05 + 3 * Math.sqrt((0.05 * 0.95) / runs))
  expect(counted).toBeGreaterThan(0)
})

test('counts that do not fit are refused', () => {
  expect(() => canaryVerdict({ shown: 3, caught: 4 }, 0.8, 0.05)).toThrow(RangeError)
  expect(() => canaryVerdict({ shown: 3, caught: 1 }, 1, 0.05)).toThrow(RangeError)
})
