import type { CheckView } from '@leeway/contract/checks'
import type { DecisionView } from '@leeway/contract/releases'
import { expect, test } from 'vitest'
import { decisionWords, endedBy, marksOf } from './decision-words.ts'
import { withoutVerdict } from './without-verdict.ts'

const decision = (change: Partial<DecisionView>): DecisionView => ({
  ordinal: 1,
  kind: 'approve',
  fromStage: 'review-all',
  toStage: 'sample-50',
  actor: 'person:1',
  actorName: 'Ada',
  reason: '',
  checkOrdinal: 41,
  ledgerSeq: 9,
  at: '2026-11-23T05:00:00.000Z',
  reach: null,
  ...change,
})
const check = (change: Partial<CheckView>) =>
  ({
    crossedAt: 40,
    eValuePromoteMax: 1,
    eValueRollbackMax: 1,
    threshold: 33,
    rollbackThreshold: 20,
    ...change,
  }) as CheckView

test('who did what is said, and the gate is not called a person', () => {
  expect(decisionWords(decision({}))).toBe('Ada approved the promotion to sample-50')
  expect(decisionWords(decision({ kind: 'rollback' }))).toBe('Ada rolled it back at review-all')
  expect(decisionWords(decision({ kind: 'rollback', actor: 'gate', actorName: 'the gate' }))).toBe(
    'Rolled back at review-all',
  )
})

test('a rollback says whether somebody or the evidence ended it', () => {
  expect(endedBy(decision({ checkOrdinal: null }))).toMatch(/^Ada rolled it back by hand/)
  expect(endedBy(decision({ actor: 'gate', actorName: 'the gate' }))).toMatch(/by itself on check 41,/)
})

test('no sentence prints a missing stage', () => {
  const kinds = [
    'start',
    'propose',
    'withdraw',
    'approve',
    'promote',
    'rollback',
    'close',
    'complete',
  ] as const
  for (const kind of kinds) {
    for (const fromStage of ['shadow', null]) {
      const words = decisionWords(decision({ kind, fromStage, toStage: null }))
      if (kind !== 'promote') expect(words).not.toMatch(/null|undefined/)
    }
  }
})

test('the mark says which line was crossed; rollback has a line of its own', () => {
  expect(marksOf(check({ crossedAt: null }))).toEqual([])
  expect(marksOf(check({ eValuePromoteMax: 35 }))[0]?.state).toBe('promote')
  expect(marksOf(check({ eValueRollbackMax: 21 }))[0]?.state).toBe('rollback')
})

test('the verdict is not said twice', () => {
  expect(withoutVerdict('Roll back. `a` is worse.')).toBe('`a` is worse.')
  expect(withoutVerdict('Hold. 100 units cannot show it.')).toBe('100 units cannot show it.')
  expect(withoutVerdict('Holding on.')).toBe('Holding on.')
})
