import type { DebateSummary } from '@leeway/contract/debates'
import { expect, test } from 'vitest'
import { outcomeWords, probabilityWords, standingWords, strengthWords } from './debate-words.ts'

const summary: DebateSummary = {
  id: 'x',
  kind: 'debate',
  question: 'Was it confirmed?',
  answers: { a: 'no', b: 'yes' },
  seats: { a: 'Ada', b: null, judge: 'Cem' },
  round: 2,
  rounds: 3,
  state: 'waiting',
  waitsFor: ['b'],
  resting: null,
  probabilityA: 0.2,
  known: 'b',
  score: null,
  at: '2026-01-01T00:00:00.000Z',
}

test('says whom a debate waits for, also where nobody sits', () => {
  expect(standingWords(summary)).toBe('Round 2 of 3, waits for the speaker for B, a seat that is free')
  expect(standingWords({ ...summary, waitsFor: ['a'] })).toBe('Round 2 of 3, waits for Ada')
  expect(standingWords({ ...summary, state: 'over', round: 1 })).toBe('Over after one round')
})

test('says what a judgment was worth, and only where the answer is known', () => {
  expect(outcomeWords(summary)).toBeNull()
  expect(outcomeWords({ ...summary, state: 'over', score: -0.42 })).toBe(
    'Right: 80\u00a0% for the known answer, −0.42\u00a0bits',
  )
  expect(outcomeWords({ ...summary, state: 'over', score: -2, known: 'a' })).toMatch(/^Misled: 20/)
})

test('names the likelier side, and a strength without an interval says why', () => {
  expect(probabilityWords(0.2, summary.answers)).toBe('80\u00a0% for B, “yes”')
  expect(probabilityWords(null, summary.answers)).toBe('The judge gave no probability.')
  expect(strengthWords({ value: null, low: null, high: null, why: 'it never lost' })).toBe(
    'not to be told: it never lost',
  )
  expect(strengthWords({ value: -1.25, low: -2, high: 0.5, why: null })).toBe('−1.3 (−2.0 to 0.5)')
})
