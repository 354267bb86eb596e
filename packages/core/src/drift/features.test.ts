import { expect, test } from 'vitest'
import type { Step } from '../episodes/episode.ts'
import { askedFeatures, doneFeatures } from './features.ts'

const step = (kind: Step['kind'], more: Partial<Step>): Step => ({
  ordinal: 0,
  parent: null,
  kind,
  name: null,
  content: '',
  callId: null,
  startedAt: null,
  durationMs: null,
  inputTokens: null,
  outputTokens: null,
  error: null,
  logprobs: null,
  ...more,
})

test('what users say counts, without case and numbers; instructions only where no user speaks', () => {
  const steps = [step('user', { content: 'Refund order 1234' }), step('assistant', { content: 'No.' })]
  expect([...askedFeatures({ instructions: 'Be kind', steps })]).toEqual([
    ['refund', 1],
    ['order', 1],
    ['refund order', 1],
    ['0', 1],
    ['order 0', 1],
  ])
  expect([...askedFeatures({ instructions: 'Be kind', steps: [] }).keys()]).toEqual(['be', 'kind', 'be kind'])
})

test('scripts without spaces are taken character by character', () => {
  const { size } = askedFeatures({ instructions: '退款 abc退', steps: [] })
  expect([...askedFeatures({ instructions: '退款', steps: [] }).keys()]).toEqual(['退', '款', '退 款'])
  expect(size).toBe(6)
})

test('what was done: tools, each after the one before, and what failed; never what they were given', () => {
  const steps = [
    step('tool_call', { name: 'find', content: { order: 'secret' } }),
    step('tool_result', { name: 'find', error: 'no such order' }),
    step('tool_call', { name: 'refund' }),
    step('assistant', { content: 'Done.' }),
  ]
  expect(Object.fromEntries(doneFeatures({ steps }))).toEqual({
    find: 1,
    'the beginning, then find': 1,
    'find failed': 1,
    refund: 1,
    'find, then refund': 1,
    'an answer': 1,
    'refund, then an answer': 1,
    'about 4 steps': 1,
  })
})

test('a text without end is read to a bound', () => {
  expect(askedFeatures({ instructions: 'word '.repeat(100_000), steps: [] }).get('word')).toBe(4_000)
})
