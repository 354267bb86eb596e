import { expect, test } from 'vitest'
import { alphaWords, measuredWords, modelWords, restWords } from './agreement-words.ts'

const estimate = (value: number, low: number, high: number) => ({
  kind: 'estimate' as const,
  value,
  low,
  high,
})
const none = { kind: 'insufficient' as const, reason: 'no item was rated by two raters' }

test('what agreement is called follows the interval, not the number', () => {
  expect(alphaWords(estimate(0.9, 0.82, 0.97))).toBe('People agree.')
  expect(alphaWords(estimate(0.9, 0.3, 0.97))).toMatch(/is open/)
  expect(alphaWords(estimate(0.4, 0.2, 0.6))).toMatch(/too little to conclude/)
  expect(alphaWords(estimate(0.05, -0.2, 0.3))).toMatch(/Nobody agrees/)
  expect(alphaWords(none)).toBe('Whether people agree cannot be said: no item was rated by two raters.')
  expect(measuredWords(estimate(-0.004, -0.2, 0.3))).toBe('0.00 (−0.20 to 0.30)')
})

test('a question is called contrary only when its whole interval is below 0', () => {
  const rest = (low: number, high: number) =>
    restWords({ rubric: 'desk', criterion: 'q', episodes: 60, correlation: estimate(0, low, high) })
  expect(rest(-0.5, -0.1)).toMatch(/^It goes against/)
  expect(rest(-0.5, 0.1)).toMatch(/is open/)
  expect(rest(0.1, 0.5)).toMatch(/^It goes with/)
  expect(restWords({ rubric: 'desk', criterion: 'q', episodes: 3, correlation: none })).toMatch(
    /cannot be said/,
  )
})

test('what copies of one model would add is said beside, and not where they add nothing', () => {
  const voices = estimate(0.4, 0.2, 0.6)
  expect(modelWords({ voices, raw: estimate(0.8, 0.7, 0.9) })).toBe(
    'People and models, each family of models heard once: 0.40 (0.20 to 0.60). Every model counted for itself: 0.80 (0.70 to 0.90).',
  )
  expect(modelWords({ voices, raw: voices })).not.toMatch(/for itself/)
  expect(modelWords({ voices: none, raw: none })).toMatch(/no two voices/)
})
