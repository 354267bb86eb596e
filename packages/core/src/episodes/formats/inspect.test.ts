import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { detectFormat } from '../detect-format.ts'
import type { Episode, Json } from '../episode.ts'
import { normaliseEpisode } from '../normalise.ts'
import { quotedConstants } from './inspect-constants.ts'
import { inspectOutcome } from './inspect-score.ts'

function episodesOf(samples: readonly unknown[]): readonly Episode[] {
  const log = { version: 2, status: 'success', eval: { task: 'shop', model: 'm/1', run_id: 'r' }, samples }
  return (detectFormat(log as Json)?.read(log as Json) ?? []).map((result) => {
    const read = result.ok ? normaliseEpisode(result.draft) : result
    if (!read.ok) throw new Error(`${read.problem.field}: ${read.problem.reason}`)
    return read.episode
  })
}

const hash = 'a'.repeat(32)
const user = { id: 'u', role: 'user', content: `attachment://${hash}` }
const call = {
  id: 'a1',
  role: 'assistant',
  content: [
    { type: 'reasoning', reasoning: 'Hm.' },
    { type: 'text', text: 'I look.' },
  ],
  tool_calls: [{ id: 'c1', function: 'find', arguments: { id: 3 } }],
}
const shown = { id: 't1', role: 'tool', tool_call_id: 'c1', function: 'find', content: 'found' }
const done = { id: 'a2', role: 'assistant', content: 'Done.' }
const pooled = {
  id: 'x',
  epoch: 2,
  input: `attachment://${hash}`,
  target: 'secret target',
  messages: [user, call, shown, done],
  attachments: { [hash]: 'Find order 3.' },
  events_data: { messages: [user, call, shown], calls: [] },
  scores: { match: { value: 'P' }, judge: { value: 1, metadata: { grading: [] } } },
  metadata: { level: 4 },
  events: [
    { event: 'sample_init', sample: { target: 'secret target' }, state: { tools: [] } },
    { event: 'span_begin', id: 's', type: 'solver', name: 'agent', timestamp: '2026-01-01T00:00:00Z' },
    {
      event: 'model',
      span_id: 's',
      model: 'm',
      input: [],
      input_refs: [[0, 1]],
      output: { choices: [{ message: call }], usage: { input_tokens: 5, output_tokens: 2 } },
    },
    {
      event: 'tool',
      span_id: 's',
      id: 'c1',
      function: 'find',
      arguments: { id: 3 },
      result: 'found',
      working_time: 0.5,
    },
    { event: 'approval', span_id: 's', decision: 'approve', approver: 'auto' },
    {
      event: 'model',
      span_id: 's',
      model: 'm',
      input: [],
      input_refs: [[0, 3]],
      output: { choices: [{ message: done }] },
    },
    { event: 'brand_new', span_id: 's', words: 'kept' },
    { event: 'sample_limit', type: 'token', message: 'Token limit exceeded.' },
    { event: 'span_end', id: 's', timestamp: '2026-01-01T00:00:02Z' },
    { event: 'span_begin', id: 'z', type: 'scorer', name: 'match' },
    {
      event: 'model',
      span_id: 'z',
      model: 'grader',
      input: [{ role: 'user', content: 'secret target?' }],
      output: { choices: [] },
    },
    { event: 'score', span_id: 'z', score: { value: 'P' }, target: 'secret target' },
  ],
}

describe('Inspect logs', () => {
  test('pools, then attachments, become steps once each, and other events are notes', () => {
    const [episode] = episodesOf([pooled])
    expect(
      episode?.steps.map(({ parent, kind, name, content }) => [
        parent,
        kind,
        name,
        typeof content === 'string' ? content : null,
      ]),
    ).toEqual([
      [null, 'span', 'sample_init', null],
      [null, 'span', 'agent', null],
      [1, 'user', null, 'Find order 3.'],
      [1, 'generation', 'm', null],
      [3, 'reasoning', null, 'Hm.'],
      [3, 'assistant', null, 'I look.'],
      [3, 'tool_call', 'find', null],
      [1, 'tool_result', 'find', 'found'],
      [1, 'span', 'approval', null],
      [1, 'generation', 'm', null],
      [9, 'assistant', null, 'Done.'],
      [1, 'span', 'brand_new', null],
      [null, 'span', 'sample_limit', null],
    ])
    expect(episode).toMatchObject({
      instructions: 'Find order 3.',
      taskKey: 'shop/x',
      trial: 2,
      sourceId: 'r:x:2',
      policyName: 'm/1',
      outcome: { success: 0.5, detail: { target: 'secret target', metadata: { level: 4 } } },
    })
    expect(episode?.steps[1]?.durationMs).toBe(2_000)
    expect(episode?.steps[3]).toMatchObject({ inputTokens: 5, outputTokens: 2 })
    expect(episode?.steps[7]).toMatchObject({ callId: 'c1', durationMs: 500 })
    expect(episode?.steps[11]?.content).toEqual({ words: 'kept' })
    expect(episode?.steps[12]?.error).toBe('Token limit exceeded.')
    expect(JSON.stringify(episode?.steps)).not.toContain('secret target')
    expect(JSON.stringify(episode?.outcome.detail)).toContain('secret target?')
  })

  test('missing pool messages and attachments are told, not invented', () => {
    const [episode] = episodesOf([{ ...pooled, attachments: {}, events_data: { messages: [user] } }])
    expect(episode?.steps.at(-1)).toMatchObject({
      name: 'missing references',
      content: [`attachment://${hash}`, 'input_refs [0,3] of 1 pooled messages'],
      error: 'The log names 2 messages or attachments that it does not hold.',
    })
    expect(episode?.instructions).toBe(`attachment://${hash}`)
  })

  test('what ran instead of what was proposed, and what was shown instead of the result, are kept', () => {
    const events = pooled.events.map((event) =>
      event.event === 'tool' ? { ...event, arguments: { id: 4 }, result: 'a long result' } : event,
    )
    const steps = episodesOf([{ ...pooled, events }])[0]?.steps ?? []
    expect(steps.find(({ name }) => name === 'executed_call')?.content).toEqual({
      name: 'find',
      arguments: { id: 4 },
    })
    expect(steps.find(({ name }) => name === 'tool_message')?.content).toEqual({
      callId: 'c1',
      content: 'found',
    })
  })

  test('an attachment named very often is refused before it fills the memory', () => {
    const long = 'x'.repeat(8 * 1024 * 1024)
    const events = Array.from({ length: 20 }, () => ({ event: 'info', data: `attachment://${hash}` }))
    expect(() => episodesOf([{ ...pooled, attachments: { [hash]: long }, events }])).toThrow('add up to more')
  })

  test.each([
    [{ a: { value: 'C' } }, 1],
    [{ a: { value: true }, b: { value: 1 } }, 1],
    [{ a: { value: 'C' }, b: { value: 0 } }, null],
    [{ a: { value: 7 } }, null],
    [{ a: { value: '1' } }, null],
    [{ a: { value: 'NaN' } }, null],
    [{ model_graded_qa: { value: 'C' } }, null],
    [{ 'inspect_ai/model_graded_fact': { value: 'C' }, a: { value: 'I' } }, 0],
    [{}, null],
  ])('the outcome of %j is %s', (scores, success) => {
    expect(inspectOutcome({ scores } as never).success).toBe(success)
    expect(inspectOutcome({ scores, invalidation: { reason: 'leak' } } as never).success).toBeNull()
  })

  test('constants are quoted outside of strings only', () => {
    expect(JSON.parse(quotedConstants('{"a NaN \\" NaN": [NaN, -Infinity, "Infinity"]}'))).toEqual({
      'a NaN " NaN': ['NaN', '-Infinity', 'Infinity'],
    })
  })

  test('no sample makes the reader throw', () => {
    const keys = Object.keys(pooled)
    const odd = fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<unknown>
    const event = fc.oneof(
      odd,
      fc.record({
        event: fc.constantFrom('model', 'tool', 'step', 'span_begin', 'span_end', 'score'),
        id: odd,
        input: odd,
        input_refs: odd,
        output: odd,
        action: fc.constantFrom('begin', 'end'),
        span_id: odd,
      }),
    )
    fc.assert(
      fc.property(fc.constantFrom(...keys), odd, fc.array(event, { maxLength: 8 }), (key, value, events) => {
        const log = {
          status: 'x',
          eval: { task: 't' },
          samples: [{ ...pooled, events, [key]: value }],
        } as Json
        for (const result of detectFormat(log)?.read(log) ?? [])
          if (result.ok) expect(normaliseEpisode(result.draft)).toHaveProperty('ok')
      }),
      { numRuns: 1_000, seed: 4 },
    )
  })
})
