import { expect, test } from 'vitest'
import type { Interval } from '../numeric/interval-estimate.ts'
import { seededRandom } from '../numeric/seeded-random.ts'
import { betaInterval } from '../raters/beta-interval.ts'
import { splitAccuracyInterval } from './split-accuracy-interval.ts'

const intervalOf = (parts: readonly { right: number; asked: number }[]): Interval => {
  const { interval } = splitAccuracyInterval(parts, 0.95)
  if (interval.kind !== 'interval') throw new Error('no interval')
  return interval
}

test('one part is Jeffreys, and the value is the product', () => {
  const one = intervalOf([{ right: 90, asked: 100 }])
  const jeffreys = betaInterval(90.5, 10.5, 0.95)
  expect(one.low).toBeCloseTo(jeffreys.low, 9)
  expect(one.high).toBeCloseTo(jeffreys.high, 9)
  const two = splitAccuracyInterval(
    [
      { right: 90, asked: 100 },
      { right: 40, asked: 50 },
    ],
    0.95,
  )
  expect(two.value).toBeCloseTo(0.72, 12)
})

test('32 parts that all answered rightly are one question that did: no part is assumed to be wrong half a time', () => {
  const { low, high } = intervalOf(Array.from({ length: 32 }, () => ({ right: 100, asked: 100 })))
  expect(high).toBe(1)
  expect(low).toBeGreaterThan(0.96)
})

test.each([
  [2, 0.9, 50],
  [8, 0.97, 100],
  [32, 0.9, 100],
  [32, 0.99, 100],
])('%s parts of accuracy %s, %s gold answers each: covers', (parts, accuracy, asked) => {
  const random = seededRandom(parts + asked)
  const truth = accuracy ** parts
  const runs = 400
  let ours = 0
  let partByPart = 0
  for (let run = 0; run < runs; run++) {
    const gold = Array.from({ length: parts }, () => {
      let right = 0
      for (let answer = 0; answer < asked; answer++) if (random() < accuracy) right += 1
      return { right, asked }
    })
    const { low, high } = intervalOf(gold)
    if (low <= truth && truth <= high) ours += 1
    const mean = gold.reduce((product, { right }) => product * ((right + 0.5) / (asked + 1)), 1)
    if (mean >= low && mean <= high) partByPart += 1
  }
  // Two standard errors of 400 runs below 95 %.
  expect(ours / runs).toBeGreaterThanOrEqual(0.928)
  // The negative control: half a wrong answer assumed of each of 32 good parts puts even the mean outside.
  if (parts === 32 && accuracy === 0.99) expect(partByPart / runs).toBeLessThan(0.5)
})

test('parts that are never right stay numbers', () => {
  const never = (parts: number) => Array.from({ length: parts }, () => ({ right: 0, asked: 100 }))
  expect(intervalOf(never(20))).toMatchObject({ low: 0 })
  expect(intervalOf(never(20)).high).toBeLessThan(1e-6)
  expect(splitAccuracyInterval(never(2000), 0.95)).toMatchObject({ interval: { kind: 'insufficient' } })
})

test('nothing to learn from is refused', () => {
  for (const parts of [[], [{ right: 0, asked: 0 }], [{ right: 3, asked: 2 }]])
    expect(() => splitAccuracyInterval(parts, 0.95)).toThrow(RangeError)
})
