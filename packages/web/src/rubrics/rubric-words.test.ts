import { expect, test } from 'vitest'
import { answeredByWords, scaleWords, weightWords } from './rubric-words.ts'

test('what counts against the agent says so', () => {
  expect(scaleWords({ kind: 'yes-no', good: 'no' })).toBe('yes or no; “no” is good')
  expect(weightWords({ weight: -3, required: false }, 'points')).toBe('−3 points')
})

test('a weight is told only where it weighs', () => {
  expect(weightWords({ weight: 2, required: false }, 'weighted')).toBe('weight 2')
  expect(weightWords({ weight: 1, required: false }, 'all')).toBeNull()
  expect(weightWords({ weight: 2, required: true }, 'weighted')).toBe('required')
})

test('raters are listed as people would say it', () => {
  expect(answeredByWords(['program', 'model', 'human'])).toBe('programs, models and people')
  expect(answeredByWords(['human'])).toBe('people')
})
