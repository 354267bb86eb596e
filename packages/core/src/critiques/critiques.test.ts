import { expect, test } from 'vitest'
import { quotedStep } from './check-quote.ts'
import { operatingCurve, operatingPoint } from './operating-point.ts'

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

// 12 valid of 30: of score 3, 5 of 6; of score 2, 5 of 10; of score 1, 2 of 14.
const POOL = [
  [3, 5, 1],
  [2, 5, 5],
  [1, 2, 12],
].flatMap(([score = 0, valid = 0, invalid = 0]) => [
  ...Array.from({ length: valid }, () => ({ score, valid: true })),
  ...Array.from({ length: invalid }, () => ({ score, valid: false })),
])

test('the curve gives recall and precision of each threshold', () => {
  expect(operatingCurve(POOL)).toEqual([
    { threshold: 3, recall: 5 / 12, precision: 5 / 6 },
    { threshold: 2, recall: 10 / 12, precision: 10 / 16 },
    { threshold: 1, recall: 1, precision: 12 / 30 },
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

test('too few judged claims decide nothing, and a cost below nothing is refused', () => {
  expect(operatingPoint(POOL.slice(0, 19), 1)).toMatchObject({ kind: 'insufficient' })
  expect(() => operatingPoint(POOL, 0)).toThrow(/missedCost/)
})
