import { expect, test } from 'vitest'
import { DEFAULT_LADDER } from './default-ladder.ts'
import { isPairedUnit, pairedUnitKey, readsPairedAnswers } from './paired-answers.ts'

test('of the default ladder only shadow reads answers given beside the baseline: what it opens does not act', () => {
  const reading = DEFAULT_LADDER.stages.filter(({ name }) => readsPairedAnswers(DEFAULT_LADDER, name))
  expect(reading.map(({ name }) => name)).toEqual(['shadow'])
})

test('a ladder that acts right after shadow reads none, and neither does its last stage', () => {
  const [shadow, suggest, acts] = DEFAULT_LADDER.stages
  if (!shadow || !suggest || !acts) throw new Error('the default ladder has more than two stages')
  expect(readsPairedAnswers({ stages: [shadow, acts] }, 'shadow')).toBe(false)
  expect(readsPairedAnswers({ stages: [shadow, suggest] }, 'suggest')).toBe(false)
  expect(readsPairedAnswers({ stages: [shadow, suggest] }, 'elsewhere')).toBe(false)
})

test('no unit of episodes is taken for one of these', () => {
  expect(isPairedUnit(pairedUnitKey('first-turn', '1'))).toBe(true)
  expect(isPairedUnit('session:paired-first-turn:1')).toBe(false)
})
