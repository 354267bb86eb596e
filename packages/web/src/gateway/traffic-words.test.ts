import type { AgentTraffic } from '@leeway/contract/gateway'
import { expect, test } from 'vitest'
import { exposureWords, notDrawnWords, standingWords, turnsWords } from './traffic-words.ts'

const traffic: AgentTraffic = {
  agent: 'desk',
  contractVersion: 4,
  expiresAt: '2026-03-01T00:00:00.000Z',
  releaseId: null,
  stage: 'sample-50',
  baseline: 'v1',
  candidate: 'v2',
  conversations: 480,
  byCandidate: 48,
  turns: 1_204,
  refused: 1,
  failed: 0,
  split: { exposure: 0.1, notDrawn: 0, drawn: null },
}
const plain = (words: string) => words.replaceAll('\u00a0', ' ')

test('what is drawn for the candidate is said before how it came out', () => {
  expect(plain(exposureWords(traffic))).toBe('At sample-50, 10 % of the units are drawn for the candidate.')
  expect(exposureWords({ ...traffic, stage: 'shadow', split: null })).toMatch(/^At shadow .* no conversation/)
  expect(exposureWords({ ...traffic, candidate: null, split: null })).toMatch(/^No release is open/)
})

test('a broken split is called so, and says what to do', () => {
  expect(standingWords({ standing: 'as-drawn' })).not.toMatch(/broken/)
  expect(standingWords({ standing: 'fewer' })).toMatch(/broken: fewer/)
  expect(standingWords({ standing: 'more' })).toMatch(/broken: more.*Halt/)
})

test('turns and what nobody drew are counted in words', () => {
  expect(plain(turnsWords(traffic))).toBe('1,204 turns in 480 conversations; 1 was refused.')
  expect(plain(turnsWords({ ...traffic, refused: 0, failed: 2 }))).toBe(
    '1,204 turns in 480 conversations; none was refused, 2 got no answer.',
  )
  expect(turnsWords({ ...traffic, turns: 0 })).toMatch(/^Nobody called/)
  expect(notDrawnWords({ notDrawn: 0 })).toBe('')
  expect(plain(notDrawnWords({ notDrawn: 6 }))).toMatch(/^6 more came .* they do not count/)
})
