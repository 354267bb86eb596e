import { expect, test } from 'vitest'
import { lastDayWords } from './last-day-words.ts'

test('own answers beside those of all, and nothing that was not counted', () => {
  const words = (mine: number, everybody: number | null) =>
    lastDayWords({ mine, everybody }).replaceAll('\u00a0', ' ')
  expect(words(12, 57)).toBe('In 24 hours 12 answers by you, 57 by all.')
  expect(words(1, 1)).toBe('In 24 hours 1 answer, all by you.')
  expect(words(0, 3)).toBe('In 24 hours 3 answers by others, none by you.')
  expect(words(0, 0)).toBe('Nobody answered in the last 24 hours.')
  expect(words(0, null)).toBe('')
  expect(words(2, null)).toBe('In 24 hours 2 answers by you.')
})
