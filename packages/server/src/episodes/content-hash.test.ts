import type { Episode, Json } from '@leeway/core/episodes/episode'
import { normaliseEpisode } from '@leeway/core/episodes/normalise'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonicalJson } from './canonical-json.ts'
import { canonicalContent, contentHash } from './content-hash.ts'

const read = normaliseEpisode({
  sourceId: 's',
  trial: 1,
  taskKey: 't',
  success: 1,
  detail: { b: 1, a: [2] },
  steps: [{ kind: 'user', content: { y: 1, x: 2 } }],
  paths: {},
})
if (!read.ok) throw new Error(read.problem.reason)
const episode: Episode = read.episode

test('is the hash of the canonical JSON: the order of keys does not matter', () => {
  expect(contentHash(episode)).toMatch(/^[0-9a-f]{64}$/)
  const steps = episode.steps.map((step) => ({ ...step, content: { x: 2, y: 1 } }))
  expect(contentHash({ ...episode, steps, outcome: { ...episode.outcome, detail: { a: [2], b: 1 } } })).toBe(
    contentHash(episode),
  )
})

test.each([
  ['sourceId', { sourceId: 'other' }],
  ['trial', { trial: 2 }],
  ['agentName', { agentName: 'other' }],
  ['policyName', { policyName: 'other' }],
  ['policyConfig', { policyConfig: { model: 'm' } }],
])('%s is not content', (_, change) => {
  expect(contentHash({ ...episode, ...change })).toBe(contentHash(episode))
})

test.each([
  ['instructions', { instructions: 'other' }],
  ['taskKey', { taskKey: 'other' }],
  ['userKey', { userKey: 'other' }],
  ['sessionKey', { sessionKey: 'other' }],
  ['startedAt', { startedAt: '2026-01-01T00:00:00.000Z' }],
  ['durationMs', { durationMs: 5 }],
  ['outcome', { outcome: { ...episode.outcome, success: 0 } }],
  ['steps', { steps: [] }],
])('%s is content', (_, change) => {
  expect(contentHash({ ...episode, ...change })).not.toBe(contentHash(episode))
})

test('the text written by hand is the canonical JSON of the whole', () => {
  const optional = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: null })
  const number = fc.double({ noNaN: true, noDefaultInfinity: true })
  const step = fc.record({
    ordinal: fc.nat(),
    parent: optional(fc.nat()),
    kind: fc.constantFrom('user' as const, 'tool_call' as const),
    name: optional(fc.string({ unit: 'grapheme' })),
    content: fc.jsonValue() as fc.Arbitrary<Json>,
    callId: optional(fc.string()),
    startedAt: optional(fc.string()),
    durationMs: optional(number),
    inputTokens: optional(fc.nat()),
    outputTokens: optional(fc.nat()),
    error: optional(fc.string()),
    logprobs: optional(fc.array(number)),
  })
  fc.assert(
    fc.property(
      fc.array(step),
      fc.string({ unit: 'grapheme' }),
      optional(number),
      (steps, instructions, durationMs) => {
        const one = { ...episode, steps, instructions, durationMs }
        const { sourceId, trial, agentName, policyName, policyConfig, ...content } = one
        expect([sourceId, trial, agentName, policyName, policyConfig]).toHaveLength(5)
        expect(canonicalContent(one)).toBe(canonicalJson(content as unknown as Json))
      },
    ),
  )
})
