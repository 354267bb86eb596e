import { expect, test } from 'vitest'
import { unitWords } from './unit-words.ts'

test('a unit is named as people would, and a turn of both by what it is', () => {
  expect(unitWords('task:exchange-7')).toBe('task exchange-7')
  expect(unitWords('paired-first-turn:01a22f44-4363-72bc-880a-197cbfd01e18')).toBe(
    'a first turn, answered by both',
  )
  expect(unitWords('paired-step:01a22f44-4363-72bc-880a-197cbfd01e18')).toBe('a later step, answered by both')
})
