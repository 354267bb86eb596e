import { expect, test } from 'vitest'
import { accuracyWords, costWords, formatUsd, standingWords } from './rater-words.ts'

test('unknown is said in words, not as a number', () => {
  expect(accuracyWords({ accuracy: null, accuracyFrom: 0 })).toMatch(/Nothing is known/)
  expect(costWords({ minutesAnAnswer: null, usdAnAnswer: null })).toBeNull()
})

test('only people have a tier to earn; anybody may be suspended', () => {
  expect(standingWords({ kind: 'human', tier: 'trainee' })).toBe('person, trainee')
  expect(standingWords({ kind: 'program', tier: 'trainee' })).toBe('program')
  expect(standingWords({ kind: 'model', tier: 'suspended' })).toBe('model, suspended')
})

test('money is shown with two digits that count', () => {
  expect([0, 0.00214, 0.5, 1.2, 12.345].map(formatUsd)).toEqual(['$0', '$0.0021', '$0.5', '$1.20', '$12.35'])
})

test('an interval goes with its number of answers', () => {
  expect(accuracyWords({ accuracy: { estimate: 0.9, low: 0.8, high: 0.95 }, accuracyFrom: 40 })).toBe(
    'Right on 90\u00a0% (80\u00a0to\u00a095), from 40\u00a0answers.',
  )
})
