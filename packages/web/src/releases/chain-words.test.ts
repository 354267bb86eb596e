import type { ChainLink } from '@leeway/contract/supervision'
import { expect, test } from 'vitest'
import { barWords, groundWords, linkFacts, recordWords } from './chain-words.ts'

const figures = {
  items: 0,
  sha256: '',
  checked: 0,
  audited: 0,
  mistakes: 0,
  caught: 0,
  catchLow: 0,
  catchHigh: 1,
  sound: 0,
  falseAlarms: 0,
  canariesShown: 0,
  canariesCaught: 0,
}
const unknown = { estimate: null, low: 0, high: 1 }
const link: ChainLink = {
  releaseId: 'r',
  handle: 'desk 1',
  charge: 'v2',
  supervisor: { raterId: 'a', rater: 'one', policy: 'v1' },
  named: false,
  reason: '',
  sameFamily: true,
  catchRate: unknown,
  falseAlarmRate: unknown,
  auditShare: null,
  canaries: { verdict: 'undecided', low: 0, high: 1 },
  asleepAt: null,
  figures,
  holds: false,
  sentence: '',
  recorded: [],
}
const plain = (text: string) => text.replaceAll('\u00a0', ' ')

test('what is not known is said, never 0', () => {
  expect(linkFacts(link).map(([, fact]) => fact)).toEqual([
    'no audited mistake yet',
    'nothing sound audited yet',
    'it has answered nothing yet',
    'none answered yet, and one of the family counts only after them',
  ])
})

test('counts stand beside their intervals', () => {
  const known: ChainLink = {
    ...link,
    catchRate: { estimate: 0.75, low: 0.5, high: 0.9 },
    falseAlarmRate: { estimate: 0.1, low: 0.02, high: 0.2 },
    auditShare: 0.5,
    canaries: { verdict: 'counts', low: 0.7, high: 1 },
    figures: {
      ...figures,
      checked: 80,
      audited: 40,
      mistakes: 20,
      caught: 15,
      sound: 20,
      falseAlarms: 2,
      canariesShown: 12,
      canariesCaught: 12,
    },
  }
  expect(linkFacts(known).map(([, fact]) => plain(fact))).toEqual([
    '15 of 20 audited mistakes, 75 % (50 to 90)',
    '2 of 20 sound episodes, 10 % (2 to 20)',
    '40 of 80 answers, 50 %',
    '12 of 12 caught; of the same family, and counts',
  ])
})

test('a record that does not follow is not called sound', () => {
  const record = (same: boolean) => ({ ledgerSeq: 1, decision: 'propose', figures, same })
  expect(recordWords(link)).toBeNull()
  expect(plain(recordWords({ ...link, recorded: [record(true)] }) ?? '')).toContain(
    'counted again to the same',
  )
  expect(plain(recordWords({ ...link, recorded: [record(true), record(false)] }) ?? '')).toContain(
    '1 of 2 records',
  )
})

test('the foot of the chain and what the next stage asks', () => {
  expect(groundWords({ kind: 'nobody', policy: null })).toBe('nobody vouches for it')
  expect(barWords({ stage: null, catchMin: 0.6, auditShareMin: 0 })).toMatch(/^To complete the release, /)
  expect(plain(barWords({ stage: 'suggest', catchMin: 0.6, auditShareMin: 0.05 }))).toContain(
    'at least 60 % of the mistakes',
  )
})
