/** Any episode: the copy is valid, paired, deterministic, and differs from its original only near the fault. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Episode, type Json, NORMALISER_VERSION, type Step, type StepKind } from '../episodes/episode.ts'
import { episodeLine, leewayJsonl } from '../episodes/formats/leeway-jsonl.ts'
import { normaliseEpisode } from '../episodes/normalise.ts'
import { applyOperator, OPERATORS } from './apply-operator.ts'
import { changedSteps } from './changed-steps.ts'
import { OPERATOR_NAMES } from './operator.ts'

const RUNS = { numRuns: 120, seed: 11 }

function episodeOf(
  steps: readonly {
    kind: StepKind
    content: Json
    name?: string | null
    callId?: string | null
    parent?: number | null
  }[],
): Episode {
  return {
    normaliserVersion: NORMALISER_VERSION,
    sourceId: null,
    instructions: '',
    taskKey: null,
    trial: null,
    userKey: null,
    sessionKey: null,
    startedAt: null,
    durationMs: 1_000,
    steps: steps.map(
      (step, ordinal): Step => ({
        name: null,
        callId: null,
        parent: null,
        startedAt: null,
        durationMs: 100 + ordinal,
        inputTokens: null,
        outputTokens: null,
        error: null,
        logprobs: step.kind === 'assistant' ? [-1] : null,
        ...step,
        ordinal,
      }),
    ),
    outcome: { success: 1, severe: false, detail: null },
    agentName: null,
    policyName: null,
    policyConfig: null,
  }
}

/** Few, so that calls are about the same record. */
const order = fc.integer({ min: 10_000, max: 10_003 }).map((number) => `R-${number}`)
const call = (tool: fc.Arbitrary<string>) =>
  fc
    .tuple(tool, order, order, fc.integer({ min: 1, max: 90_000 }), fc.boolean())
    .map(([name, id, other, amount, asText]) => {
      const content = {
        orderId: id,
        amountCents: amount,
        reason: 'damaged',
        note: other === id ? '' : 'as asked',
      }
      return [
        {
          kind: 'tool_call' as const,
          name,
          content: (asText ? JSON.stringify(content, null, 1) : content) as Json,
        },
        {
          kind: 'tool_result' as const,
          name,
          content: { orderId: id, other, amountCents: amount, reason: 'unwanted' } as Json,
        },
      ]
    })
const agreed = call(fc.constant('issue_refund')).map((steps) => [
  { kind: 'assistant' as const, content: 'Shall I refund it?' as Json },
  { kind: 'user' as const, content: 'Yes, please do.' as Json },
  ...steps,
])
const part = fc.oneof(
  agreed,
  call(fc.constantFrom('get_order', 'findCustomer', 'list_orders')),
  call(fc.constantFrom('issue_refund', 'cancelOrder', 'exchange_item')),
  fc
    .constantFrom(
      'Shall I refund it?',
      'I have refunded the order that you named, and it is closed now. Anything else?',
    )
    .map((content) => [{ kind: 'assistant' as const, content: content as Json }]),
  fc
    .constantFrom('Yes, go ahead.', 'No, wait.', 'It was damaged; please refund R-12345.')
    .map((content) => [{ kind: 'user' as const, content: content as Json }]),
  fc.string().map((content) => [{ kind: 'reasoning' as const, content: content as Json }]),
  fc.jsonValue().map((content) => [{ kind: 'span' as const, content: content as Json }]),
)
const episodes = fc
  .tuple(fc.array(part, { minLength: 1, maxLength: 12 }), fc.boolean())
  .map(([parts, nested]) => {
    let calls = 0
    const steps = parts.flat().map((step) => {
      if (step.kind === 'tool_call') calls += 1
      return step.kind === 'tool_call' || step.kind === 'tool_result'
        ? { ...step, callId: `c${calls}` }
        : step
    })
    const all = [{ kind: 'user' as const, content: 'Refund R-12345, it was damaged.' as Json }, ...steps]
    return episodeOf(all.map((step, at) => (nested && at > 2 ? { ...step, parent: at - 1 } : step)))
  })
/** As it comes back from a file: what JSON cannot hold is gone. */
const stored = episodes.map((episode) => JSON.parse(episodeLine(episode)) as Episode)

test.each(OPERATOR_NAMES)('%s: a copy is valid, paired, and the same for the same seed', (name) => {
  let edited = 0
  fc.assert(
    fc.property(stored, fc.integer(), (episode, seed) => {
      const before = JSON.stringify(episode)
      const copy = applyOperator(name, episode, seed)
      expect(JSON.stringify(episode)).toBe(before)
      expect(applyOperator(name, episode, seed)).toEqual(copy)
      if (copy.kind === 'insufficient') {
        expect(copy.reason).not.toBe('')
        return
      }
      edited += 1
      const [draft] = leewayJsonl.read(JSON.parse(episodeLine(copy.episode)))
      if (draft?.ok !== true) throw new Error('a copy cannot be read')
      expect(normaliseEpisode(draft.draft)).toEqual({ ok: true, episode: copy.episode })
      expect(unpaired(copy.episode)).toEqual(unpaired(episode))
      expect(copy.episode.steps[copy.step]).toBeDefined()
      expect(changedSteps(episode, copy.episode).length).toBeGreaterThan(0)
      // Header, times and everything that is not near the fault stay.
      expect({ ...copy.episode, steps: [] }).toEqual({ ...episode, steps: [] })
      expect(copy.episode.steps.length).toBeGreaterThanOrEqual(episode.steps.length - 2)
      const kept = new Set(episode.steps.map(({ durationMs }) => durationMs))
      for (const { durationMs } of copy.episode.steps) expect(kept).toContain(durationMs)
    }),
    RUNS,
  )
  expect(edited).toBeGreaterThan(10)
})

/** Results without a call before them. */
function unpaired({ steps }: Episode): readonly (string | null)[] {
  const called = new Set<string | null>()
  const without: (string | null)[] = []
  for (const { kind, callId } of steps) {
    if (kind === 'tool_call') called.add(callId)
    if (kind === 'tool_result' && !called.has(callId)) without.push(callId)
  }
  return without
}

test.each(OPERATOR_NAMES)('%s: an episode of nothing has no place for it, and says why', (name) => {
  const none = applyOperator(name, episodeOf([]), 1)
  expect(none.kind).toBe('insufficient')
  expect(OPERATORS[name].name).toBe(name)
})

const DESK = episodeOf([
  { kind: 'user', content: 'Please refund R-11111 and send the other one to Dunmere.' },
  { kind: 'tool_call', name: 'get_order', callId: 'a', content: { orderId: 'R-11111' } },
  {
    kind: 'tool_result',
    name: 'get_order',
    callId: 'a',
    content: { orderId: 'R-11111', paidCents: 6490, others: ['R-22222'], city: 'Ashford' },
  },
  { kind: 'assistant', content: 'Refund €64.90 for R-11111?' },
  { kind: 'user', content: 'Yes, please do.' },
  {
    kind: 'tool_call',
    name: 'issue_refund',
    callId: 'b',
    content: { orderId: 'R-11111', amountCents: 6490, city: 'Dunmere' },
  },
  {
    kind: 'tool_result',
    name: 'issue_refund',
    callId: 'b',
    content: { refundedCents: 6490, orderId: 'R-11111' },
  },
  { kind: 'assistant', content: 'I have refunded €64.90 to your card. Is there anything else?' },
])
const desk = (name: (typeof OPERATOR_NAMES)[number], seed = 1) => {
  const copy = applyOperator(name, DESK, seed)
  if (copy.kind === 'insufficient') throw new Error(copy.reason)
  return copy
}
const contentOf = (copy: ReturnType<typeof desk>, at: number) => copy.episode.steps[at]?.content

test('a dropped confirmation takes out the question and the yes, and nothing else', () => {
  const copy = desk('drop-confirmation')
  expect(copy.episode.steps.map(({ kind }) => kind)).toEqual(
    DESK.steps.filter((_, at) => at !== 3 && at !== 4).map(({ kind }) => kind),
  )
  expect(copy.episode.steps[copy.step]?.name).toBe('issue_refund')
  expect(copy.words).toContain('Yes, please do.')
})

test('a swapped id is one of the episode, and the result repeats it', () => {
  const copy = desk('swap-id')
  expect(contentOf(copy, 5)).toEqual({ orderId: 'R-22222', amountCents: 6490, city: 'Dunmere' })
  expect(contentOf(copy, 6)).toEqual({ refundedCents: 6490, orderId: 'R-22222' })
})

test('a wrong amount is another whole amount, refunded as it was asked for', () => {
  for (let seed = 0; seed < 20; seed++) {
    const copy = desk('wrong-amount', seed)
    const { amountCents } = contentOf(copy, 5) as { amountCents: number }
    expect(Number.isInteger(amountCents)).toBe(true)
    expect([0, 6490]).not.toContain(amountCents)
    expect(contentOf(copy, 6)).toEqual({ refundedCents: amountCents, orderId: 'R-11111' })
  }
})

test('a skipped look-up leaves no result behind, and one that is repeated is not skipped', () => {
  const copy = desk('skip-lookup')
  expect(copy.episode.steps.map(({ name }) => name)).not.toContain('get_order')
  const twice = {
    ...DESK,
    steps: [...DESK.steps.slice(0, 3), ...DESK.steps.slice(1)].map((step, ordinal) => ({ ...step, ordinal })),
  }
  expect(applyOperator('skip-lookup', twice, 1).kind).toBe('insufficient')
})

test('an ignored error uses the words of this agent’s own tools where there are any', () => {
  expect(desk('ignore-error').episode.steps[6]?.error).toMatch(/./)
  const failing = {
    ...DESK.steps[2],
    ordinal: 8,
    callId: 'z',
    error: 'E42',
    content: { code: 'E42' },
  } as Step
  const copy = applyOperator('ignore-error', { ...DESK, steps: [...DESK.steps, failing] }, 3)
  if (copy.kind === 'insufficient') throw new Error(copy.reason)
  expect(copy.episode.steps[6]).toMatchObject({ error: 'E42', content: { code: 'E42' }, callId: 'b' })
})

test('an invented fact stands before the closing question, and nothing in the episode speaks of it', () => {
  const copy = desk('invent-fact')
  expect(contentOf(copy, 7)).toMatch(
    /^I have refunded €64\.90 to your card\. .+[.] Is there anything else\?$/,
  )
  expect(copy.episode.steps[7]?.logprobs).toBeNull()
})

test('another value is one that stands elsewhere under the same key', () => {
  expect(contentOf(desk('other-value'), 5)).toEqual({
    orderId: 'R-11111',
    amountCents: 6490,
    city: 'Ashford',
  })
})

test('arguments that are text stay text with the spaces of their writer', () => {
  const text = '{ "orderId": "R-11111",\n  "amountCents": 6490 }'
  const steps = DESK.steps.map((step) => (step.ordinal === 5 ? { ...step, content: text } : step))
  const copy = applyOperator('swap-id', { ...DESK, steps }, 1)
  if (copy.kind === 'insufficient') throw new Error(copy.reason)
  expect(copy.episode.steps[5]?.content).toBe(text.replace('R-11111', 'R-22222'))
})
