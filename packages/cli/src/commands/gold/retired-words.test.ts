import { expect, test } from 'vitest'
import { retiredWords } from './retired-words.ts'

test('how many had met an answer is told where it is known, and not made up where it is not', () => {
  expect(retiredWords(0)).toContain('0 people had met it')
  expect(retiredWords(1)).toContain('1 person had met it')
  expect(retiredWords(null)).not.toMatch(/\d/)
})
