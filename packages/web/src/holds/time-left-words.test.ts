import { expect, test } from 'vitest'
import { timeLeftWords } from './time-left-words.ts'

const now = Date.parse('2026-01-02T10:00:00Z')
const left = (ms: number) => timeLeftWords(new Date(now + ms).toISOString(), now).replaceAll('\u00a0', ' ')

test.each([
  [4 * 60_000 + 20_000, '4 min 20 s left'],
  [38_900, '38 s left'],
  [1_000, '1 s left'],
  [999, 'no time left'],
  [-5_000, 'no time left'],
  [3_600_000, '1 h left'],
])('%i ms are "%s"', (ms, words) => {
  expect(left(ms)).toBe(words)
})
