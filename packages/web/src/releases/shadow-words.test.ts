import { expect, test } from 'vitest'
import { agreementWords, toolsWords } from './shadow-words.ts'

const compared = { compared: 3, units: 2, sameTools: 2, sameCalls: 1, sameText: 0 }

test('agreement is told with its interval and the units it rests on, and not where there is none', () => {
  const agreement = { share: 2 / 3, low: 0.2, high: 0.95 }
  expect(agreementWords('first-turn', { ...compared, agreement })?.replaceAll('\u00a0', ' ')).toBe(
    'The same tools in 2 of 3 first turns, 67 % (20 to 95), by 2 units; the same calls in 1, the same text in 0.',
  )
  expect(agreementWords('step', { ...compared, agreement: null })).toBeNull()
})

test('an answer that calls nothing is said to', () => {
  expect([toolsWords([]), toolsWords(['find', 'refund'])]).toEqual(['no tool', 'find, refund'])
})
