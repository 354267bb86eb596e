import { expect, test } from 'vitest'
import { seededRandom } from '../numeric/seeded-random.ts'
import { startDetector, watchUnit } from './change-detector.ts'
import { averageLogEValue, rejectByEValues } from './e-values.ts'

const PROMISED = 0.1
const firstAlarm = (random: () => number, rate: (n: number) => number, alpha: number, most: number) => {
  const detector = startDetector()
  for (let n = 1; n <= most; n++) {
    if (watchUnit(detector, (random() < rate(n) ? 1 : 0) - PROMISED, PROMISED, alpha)) return n
  }
  return most
}

test('without a change, 1/alpha units or more pass before a false alarm, on average', () => {
  const random = seededRandom(21)
  const runs = 1500
  let sum = 0
  for (let run = 0; run < runs; run++) sum += firstAlarm(random, () => PROMISED, 0.01, 5000)
  // Cutting off at 5000 only lowers the mean.
  expect(sum / runs).toBeGreaterThan(100)
})

test('a rise from 10 to 40 % is seen within 60 units of its beginning, typically', () => {
  const random = seededRandom(22)
  const delays = Array.from(
    { length: 200 },
    () => firstAlarm(random, (n) => (n > 300 ? 0.4 : 0.05), 0.001, 2000) - 300,
  )
  delays.sort((a, b) => a - b)
  expect(delays[0]).toBeGreaterThan(-300)
  expect(delays[100]).toBeGreaterThan(0)
  expect(delays[100]).toBeLessThan(60)
})

test('a payoff below its bound is a bug of the caller', () => {
  expect(() => watchUnit(startDetector(), -1, 0.1, 0.01)).toThrow(RangeError)
})

test('one unit by hand: an e-detector starts from 1, not from 0', () => {
  const detector = startDetector()
  watchUnit(detector, 0.9, 0.1, 0.01)
  // Average over 0.1, 0.25, 0.5, 0.85 of 9 (0.9 / 0.1): 1 + mean * 9 * 0.9.
  expect(Math.exp(detector.logValue)).toBeCloseTo(1 + 0.425 * 8.1, 10)
})

test('averages of e-values, far beyond what a double holds', () => {
  expect(averageLogEValue([])).toBe(0)
  expect(averageLogEValue([5000, Number.NEGATIVE_INFINITY])).toBeCloseTo(5000 - Math.log(2), 10)
  expect(averageLogEValue([Math.log(2), Math.log(8)], [0.75, 0.25])).toBeCloseTo(Math.log(3.5), 12)
  expect(averageLogEValue([Number.NEGATIVE_INFINITY])).toBe(Number.NEGATIVE_INFINITY)
  expect(() => averageLogEValue([1], [0.5, 0.5])).toThrow(RangeError)
})

test('e-BH by hand', () => {
  const reject = (eValues: readonly number[]) => rejectByEValues(eValues.map(Math.log), 0.1)
  // Of four at 0.1, k e_(k) / 4 must reach 10: 60/4 = 15 and 2 * 25/4 = 12.5 do, 3 * 12/4 = 9 does not.
  expect(reject([12, 60, 2, 25])).toEqual([1, 3])
  // 30 alone falls short (7.5), 30 and 19 together too (9.5); with 14 as a third all three stand (10.5).
  expect(reject([30, 19, 1, 1])).toEqual([])
  expect(reject([30, 19, 14, 1])).toEqual([0, 1, 2])
  expect(reject([1, 1, 1])).toEqual([])
  expect(reject([])).toEqual([])
})
