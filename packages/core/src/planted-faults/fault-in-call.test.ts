/** A fault in a call that people were asked about: one argument, and only where what led there tells that it is wrong. */
import { expect, test } from 'vitest'
import { type Episode, type Json, NORMALISER_VERSION, type Step, type StepKind } from '../episodes/episode.ts'
import { exactDetection } from './exact-detection.ts'
import { faultInCall } from './fault-in-call.ts'
import { requestReadingSeconds, SECONDS_MAX, SECONDS_MIN } from './request-reading.ts'

const step = (kind: StepKind, content: Json, name: string | null = null): Step => ({
  ordinal: 0,
  parent: null,
  kind,
  name,
  content,
  callId: null,
  startedAt: null,
  durationMs: null,
  inputTokens: null,
  outputTokens: null,
  error: null,
  logprobs: null,
})
const episodeOf = (...steps: readonly Step[]): Episode => ({
  normaliserVersion: NORMALISER_VERSION,
  sourceId: null,
  instructions: '',
  taskKey: null,
  trial: null,
  userKey: null,
  sessionKey: null,
  startedAt: null,
  durationMs: null,
  steps: steps.map((one, ordinal) => ({ ...one, ordinal })),
  outcome: { success: null, severe: false, detail: null },
  agentName: null,
  policyName: null,
  policyConfig: null,
})
const orders = step('tool_result', { orders: [{ id: 'R-10001' }, { id: 'R-10002' }] }, 'find_orders')

test('an amount that nobody named takes the place of the one that was asked for', () => {
  const episode = episodeOf(
    step('user', 'Refund 20 please'),
    step('tool_call', '{"amount": 20}', 'refund'),
    step('tool_result', '{"amount": 20}', 'refund'),
  )
  const made = faultInCall(episode, 1, 3)
  if (made.kind === 'insufficient') throw new Error(made.reason)
  expect(made.operator).toBe('wrong-amount')
  expect(made.content).toMatch(/^\{"amount": (2|200)\}$/)
  expect(faultInCall(episode, 1, 3)).toEqual(made)
})

test('nothing is planted that nobody could see: an amount out of nowhere, or one that was named as well', () => {
  const kind = (said: string) =>
    faultInCall(episodeOf(step('user', said), step('tool_call', { amount: 20 }, 'refund')), 1, 3).kind
  expect(kind('Refund it')).toBe('insufficient')
  expect(kind('Refund 120')).toBe('insufficient')
  expect(kind('Refund 20, or 200, or 2')).toBe('insufficient')
  expect(kind('Refund 20')).toBe('fault')
})

test('the record of somebody else, known from before the call; earlier calls stay as they are', () => {
  const episode = episodeOf(
    step('user', 'Cancel R-10001'),
    step('tool_call', { id: 'R-10001' }, 'flag_order'),
    orders,
    step('tool_call', { id: 'R-10001' }, 'cancel_order'),
    step('tool_result', { id: 'R-10003' }, 'cancel_order'),
  )
  for (let seed = 0; seed < 20; seed++)
    expect(faultInCall(episode, 3, seed)).toEqual({
      kind: 'fault',
      operator: 'swap-id',
      content: { id: 'R-10002' },
    })
  expect(faultInCall(episode, 2, 1).kind).toBe('insufficient')
})

test('nobody reads faster than the bound, which has a floor and a ceiling', () => {
  expect(requestReadingSeconds('{}', '')).toBe(SECONDS_MIN)
  expect(requestReadingSeconds('a'.repeat(300), 'b'.repeat(300))).toBe(10)
  expect(requestReadingSeconds('a'.repeat(100_000), '')).toBe(SECONDS_MAX)
})

test('the interval of what was caught is exact: as tabulated for 2 of 10, and open where nothing was seen', () => {
  const seen = (caught: number, of: number) =>
    exactDetection(Array.from({ length: of }, (_, at) => ({ caught: at < caught })))
  expect(seen(2, 10).low).toBeCloseTo(0.0252, 4)
  expect(seen(2, 10).high).toBeCloseTo(0.5561, 4)
  expect(seen(0, 10)).toMatchObject({ low: 0, high: expect.closeTo(0.3085, 4) })
  expect(seen(10, 10)).toMatchObject({ low: expect.closeTo(0.6915, 4), high: 1 })
  expect(seen(0, 0)).toEqual({ caught: 0, answers: 0, low: 0, high: 1 })
})
