import { expect, test } from 'vitest'
import { answerWords, choicesOf, optionsOfScale, readNumber } from './answer-words.ts'

const NUMBER = { kind: 'number', min: 0, max: 10 } as const

test('the first key is the first option of the scale', () => {
  expect(optionsOfScale({ kind: 'yes-no', good: 'no' })).toEqual(['yes', 'no'])
  expect(optionsOfScale({ kind: 'ordinal', levels: ['bad', 'good'] })).toEqual(['bad', 'good'])
})

test('an answer to be checked comes first with a key of its own, and every number keeps its answer', () => {
  const scale = { kind: 'ordinal', levels: ['rude', 'plain', 'kind'] } as const
  expect(choicesOf({ scale: { kind: 'ordinal', levels: [...scale.levels] }, proposed: 'plain' })).toEqual([
    { value: 'plain', key: 'a', title: 'Right, it is “plain”' },
    { value: 'rude', key: '1', title: 'Wrong, it is “rude”' },
    { value: 'kind', key: '3', title: 'Wrong, it is “kind”' },
  ])
  expect(choicesOf({ scale: { kind: 'yes-no', good: 'yes' }, proposed: null })).toEqual([
    { value: 'yes', key: '1', title: 'yes' },
    { value: 'no', key: '2', title: 'no' },
  ])
})

test('numbers are taken with a point or a comma, and only inside the scale', () => {
  expect(readNumber(' 7,5 ', NUMBER)).toBe(7.5)
  expect(readNumber('11', NUMBER)).toBeNull()
  expect(readNumber('', NUMBER)).toBeNull()
  expect(readNumber('seven', NUMBER)).toBeNull()
  expect(readNumber('1', { kind: 'yes-no', good: 'yes' })).toBeNull()
})

test('an answer in words', () => {
  expect(answerWords({ kind: 'answered', value: 'yes' })).toBe('yes')
  expect(answerWords({ kind: 'abstained', reason: 'too-hard' })).toBe('skipped: Too hard for me to judge')
})
