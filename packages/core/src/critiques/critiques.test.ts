import { expect, test } from 'vitest'
import { quotedStep } from './check-quote.ts'
import { bestPoints, cheapestPoint, operatingCurve, operatingPoint } from './operating-point.ts'

const TEXTS = ['Please refund order 17.', null, 'I have refunded it, no need to confirm.', 'ok']

test.each([
  ['where the claim says', { step: 2, quote: 'no need to confirm' }, 2],
  ['in another step', { step: 0, quote: 'no need to confirm' }, 2],
  ['of another case', { step: 2, quote: 'No need to confirm' }, null],
  ['with another space', { step: 2, quote: 'no  need to confirm' }, null],
  ['never said', { step: 2, quote: 'the customer confirmed' }, null],
  ['of a step that raters do not see', { step: 1, quote: 'system prompt, secret' }, null],
  ['too short to show anything', { step: 2, quote: 'it' }, null],
  ['short, but the whole step', { step: 3, quote: 'ok' }, 3],
  ['empty', { step: 3, quote: ' ' }, null],
  ['of a step that is not there', { step: 9, quote: 'Please refund order' }, 0],
])('a quote %s', (_what, claim, step) => {
  expect(quotedStep(claim, TEXTS)).toBe(step)
})

test('a quote that several other steps hold is bound to none', () => {
  expect(
    quotedStep({ step: 0, quote: 'the same long words' }, ['', 'the same long words', 'the same long words']),
  ).toBeNull()
})

// 12 valid of 30: of score 3, 5 of 6; of score 2, 5 of 10; of score 1, 2 of 14. Each is first in a list about an item of its own.
const POOL = [
  [3, 5, 1],
  [2, 5, 5],
  [1, 2, 12],
]
  .flatMap(([score = 0, valid = 0, invalid = 0]) => [
    ...Array.from({ length: valid }, () => ({ score, valid: true })),
    ...Array.from({ length: invalid }, () => ({ score, valid: false })),
  ])
  .map((one, at) => ({ ...one, place: 0, item: `item ${at}` }))

test('the curve gives recall and precision of each threshold', () => {
  expect(
    operatingCurve(POOL).map(({ threshold, recall, precision }) => [
      threshold,
      recall?.share,
      precision?.share,
    ]),
  ).toEqual([
    [3, 5 / 12, 5 / 6],
    [2, 10 / 12, 10 / 16],
    [1, 1, 12 / 30],
  ])
})

test.each([
  // Missed and false alarms: 7 and 1, 2 and 6, 0 and 18.
  [0.5, 3],
  [2, 2],
  [10, 1],
])('a missed flaw that costs %f false alarms shows claims from %i up', (missedCost, threshold) => {
  expect(operatingPoint(POOL, missedCost)).toMatchObject({ threshold })
})

test('where later claims of a critique do not hold, fewer are shown', () => {
  const lists = Array.from({ length: 20 }, (_, list) =>
    [0, 1, 2].map((place) => ({ score: 1, place, valid: place === 0, item: `item ${list}` })),
  ).flat()
  expect(operatingPoint(lists, 3)).toMatchObject({ threshold: 1, most: 1, missed: 0, alarms: 0 })
  expect(operatingCurve(lists).map(({ most, alarms }) => [most, alarms])).toEqual([
    [1, 0],
    [2, 20],
    [3, 40],
  ])
})

test('what is cheapest at any cost is among the best', () => {
  const lists = Array.from({ length: 30 }, (_, list) =>
    [0, 1, 2].map((place) => ({
      score: (7 * list + place) % 3,
      place,
      valid: (5 * list + place) % 4 < 2,
      item: `item ${list}`,
    })),
  ).flat()
  const curve = operatingCurve(lists)
  const best = bestPoints(curve)
  expect(best.length).toBeLessThan(curve.length)
  for (const cost of [0.01, 0.3, 1, 2, 5, 100]) expect(best).toContainEqual(cheapestPoint(curve, cost))
})

test('claims about one item count less than as many about several', () => {
  const about = (items: number) =>
    operatingCurve(POOL.map((one, at) => ({ ...one, item: `item ${at % items}` }))).at(-1)?.precision
  const width = (items: number) => (about(items)?.high ?? 0) - (about(items)?.low ?? 0)
  expect(about(3)?.share).toBe(about(30)?.share)
  expect(width(3)).toBeGreaterThan(width(30))
})

test('too few judged claims decide nothing, and a cost below nothing is refused', () => {
  expect(operatingPoint(POOL.slice(0, 19), 1)).toMatchObject({ kind: 'insufficient' })
  expect(() => operatingPoint(POOL, 0)).toThrow(/missedCost/)
})
