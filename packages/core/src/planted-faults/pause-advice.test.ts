import { expect, test } from 'vitest'
import { AWAY_MS, adviceReadsUntil, LAG_MAX, LAG_MIN } from './pause-advice.ts'

const START = Date.UTC(2026, 0, 15)
const answers = (many: number) => Array.from({ length: many }, (_, at) => new Date(START + at * 60_000))
const away = (many: number) => new Date(START + (many - 1) * 60_000 + AWAY_MS)
const lagOf = (uniform: number) => {
  const read = adviceReadsUntil(answers(200), uniform, away(200))
  return 199 - ((read?.getTime() ?? Number.NaN) - START) / 60_000
}

test('the lag is uniform between its ends', () => {
  expect(lagOf(0)).toBe(LAG_MIN)
  expect(lagOf(1 - 2 ** -48)).toBe(LAG_MAX)
  const wide = LAG_MAX - LAG_MIN + 1
  const lags = new Set(Array.from({ length: wide }, (_, at) => lagOf((at + 0.5) / wide)))
  expect(lags.size).toBe(wide)
})

test('nothing while the rater is at work, and nothing before the lag has passed', () => {
  expect(adviceReadsUntil(answers(200), 0.5, new Date(away(200).getTime() - 1))).toBeNull()
  expect(adviceReadsUntil(answers(LAG_MIN), 0, away(LAG_MIN))).toBeNull()
  expect(adviceReadsUntil(answers(LAG_MIN + 1), 0, away(LAG_MIN + 1))).toEqual(new Date(START))
  expect(adviceReadsUntil([], 0, away(1))).toBeNull()
})
