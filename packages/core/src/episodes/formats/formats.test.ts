import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { detectFormat, unknownFormat } from '../detect-format.ts'
import { type Episode, type Json, STEP_KINDS } from '../episode.ts'
import { parseJsonText } from '../json-text.ts'
import { normaliseEpisode } from '../normalise.ts'
import { episodeLine } from './leeway-jsonl.ts'

function read(written: unknown) {
  const record = written as Json
  const format = detectFormat(record)
  if (format === null) throw new Error(unknownFormat(record).reason)
  return format.read(record).map((result) => (result.ok ? normaliseEpisode(result.draft) : result))
}

function episodeOf(record: unknown): Episode {
  const [result, ...more] = read(record)
  if (result === undefined || more.length > 0) throw new Error('not one episode')
  if (!result.ok) throw new Error(`${result.problem.field}: ${result.problem.reason}`)
  return result.episode
}

function problemOf(record: unknown) {
  const [result] = read(record)
  if (result === undefined || result.ok) throw new Error('was accepted')
  return result.problem
}

function told(episode: Episode): readonly unknown[] {
  return episode.steps.map(({ kind, name, content, callId }) => [kind, name, content, callId])
}

describe('τ-bench results', () => {
  const result = {
    task_id: 7,
    reward: 1,
    trial: 7,
    info: { task: { user_id: 'mia_1', instruction: 'Cancel order 3.' }, user_cost: 2 },
    traj: [
      { role: 'system', content: 'Be kind.' },
      { role: 'user', content: 'Cancel it.' },
      {
        role: 'assistant',
        content: null,
        tool_calls: [
          { id: 'c1', type: 'function', function: { name: 'find', arguments: '{"id": 3}' } },
          { id: 'c2', type: 'function', function: { name: 'cancel', arguments: "{'id': 3, 'why': None}" } },
        ],
      },
      { role: 'tool', tool_call_id: 'c1', name: 'find', content: '{"id":3}' },
      { role: 'tool', tool_call_id: 'c2', content: 'ok' },
      { role: 'assistant', content: 'Done.' },
    ],
  }

  test('one result is one episode with its task, outcome and steps', () => {
    const episode = episodeOf(result)
    expect(episode).toMatchObject({
      taskKey: '7',
      trial: 7,
      userKey: null,
      instructions: 'Cancel order 3.',
      outcome: { success: 1, severe: false, detail: result.info },
    })
    expect(told(episode)).toEqual([
      ['system', null, 'Be kind.', null],
      ['user', null, 'Cancel it.', null],
      ['tool_call', 'find', { id: 3 }, 'c1'],
      ['tool_call', 'cancel', { id: 3, why: null }, 'c2'],
      ['tool_result', 'find', '{"id":3}', 'c1'],
      ['tool_result', 'cancel', 'ok', 'c2'],
      ['assistant', null, 'Done.', null],
    ])
  })

  test('calls without ids are joined with their results in order', () => {
    const call = (value: string) => ({
      role: 'assistant',
      tool_calls: [{ function: { name: 'get', arguments: value } }],
    })
    const traj = [
      call('{"a":1}'),
      { role: 'tool', content: '1' },
      call('not json'),
      { role: 'tool', name: 'get', content: '2' },
    ]
    expect(told(episodeOf({ ...result, traj }))).toEqual([
      ['tool_call', 'get', { a: 1 }, 'call-1'],
      ['tool_result', 'get', '1', 'call-1'],
      ['tool_call', 'get', 'not json', 'call-2'],
      ['tool_result', 'get', '2', 'call-2'],
    ])
  })

  test('names the field that is wrong', () => {
    expect(problemOf({ ...result, reward: '1.0' }).field).toBe('reward')
    expect(problemOf({ ...result, traj: 'none' }).field).toBe('traj')
    expect(problemOf({ ...result, traj: [{ role: 'wizard', content: 'x' }] }).field).toBe('traj[0].role')
  })
})

describe('OpenAI chat', () => {
  const messages = [
    { role: 'developer', content: 'Be brief.' },
    { role: 'user', content: [{ type: 'text', text: 'Hi' }] },
    { role: 'assistant', content: 'Hello', logprobs: { content: [{ logprob: -0.5 }, { logprob: -0.25 }] } },
  ]

  test('reads the bare list and the object alike', () => {
    expect(told(episodeOf(messages))).toEqual(told(episodeOf({ messages })))
    expect(told(episodeOf(messages))).toEqual([
      ['system', null, 'Be brief.', null],
      ['user', null, 'Hi', null],
      ['assistant', null, 'Hello', null],
    ])
    expect(episodeOf(messages).steps[2]?.logprobs).toEqual([-0.5, -0.25])
    expect(episodeOf(messages).instructions).toBe('Hi')
  })

  test('takes keys from the top and from the metadata', () => {
    const record = {
      messages,
      id: 'r1',
      task: 't',
      policy: 'A',
      reward: 0,
      metadata: { user: 5, session: 's', task: 'no' },
    }
    expect(episodeOf(record)).toMatchObject({
      sourceId: 'r1',
      taskKey: 't',
      policyName: 'A',
      userKey: '5',
      sessionKey: 's',
      outcome: { success: 0 },
    })
    expect(
      episodeOf({ messages, policy: { name: 'B', model: 'm' }, outcome: { success: true, severe: true } }),
    ).toMatchObject({
      policyName: 'B',
      policyConfig: { name: 'B', model: 'm' },
      outcome: { success: 1, severe: true },
    })
  })

  test('refuses two outcomes that disagree and an outcome in words', () => {
    expect(problemOf({ messages, reward: 1, success: false })).toMatchObject({ field: 'success' })
    expect(problemOf({ messages, outcome: 'good' })).toMatchObject({ field: 'outcome' })
    expect(episodeOf({ messages, reward: 1, success: true }).outcome.success).toBe(1)
  })

  test('reads Anthropic blocks and Responses items in the same list', () => {
    const mixed = [
      {
        role: 'assistant',
        content: [
          { type: 'thinking', thinking: 'Hm' },
          { type: 'tool_use', id: 'u1', name: 'look', input: { a: 1 } },
        ],
      },
      {
        role: 'user',
        content: [{ type: 'tool_result', tool_use_id: 'u1', content: [{ type: 'text', text: 'seen' }] }],
      },
      { type: 'function_call', call_id: 'f1', name: 'act', arguments: '{"b":2}' },
      { type: 'function_call_output', call_id: 'f1', output: 'done' },
    ]
    expect(told(episodeOf({ messages: mixed }))).toEqual([
      ['reasoning', null, 'Hm', null],
      ['tool_call', 'look', { a: 1 }, 'u1'],
      ['tool_result', 'look', 'seen', 'u1'],
      ['tool_call', 'act', { b: 2 }, 'f1'],
      ['tool_result', 'act', 'done', 'f1'],
    ])
  })
})

describe('Leeway JSONL', () => {
  test('needs steps only', () => {
    const episode = episodeOf({
      steps: [
        { kind: 'user', content: 'x' },
        { kind: 'span', parent: 0 },
      ],
      outcome: true,
    })
    expect(episode.outcome.success).toBe(1)
    expect(episode.steps.map((step) => step.parent)).toEqual([null, 0])
  })

  test.each([
    [{ steps: [{ kind: 'shout', content: '' }] }, 'steps[0].kind'],
    [{ steps: [{ kind: 'user', ordinal: 3 }] }, 'steps[0].ordinal'],
    [{ steps: [{ kind: 'user', parent: 0 }] }, 'steps[0].parent'],
    [{ steps: [], outcome: 'yes' }, 'outcome'],
    [{ steps: [], outcome: { success: 2 } }, 'outcome.success'],
    [{ steps: [], normaliserVersion: 2 }, 'normaliserVersion'],
  ])('refuses %j at %s', (record, field) => {
    expect(problemOf(record).field).toBe(field)
  })

  test('export and import again give the same episode', () => {
    const text = fc.string({ unit: 'grapheme' }).map((value) => value.replaceAll('\0', ''))
    const key = fc.option(text.filter((value) => value !== ''))
    const json = fc
      .jsonValue({ maxDepth: 3 })
      .map((value) => JSON.parse(JSON.stringify(value).replaceAll('\\u0000', '').replaceAll('-0', '0')))
    const wellFormed = json.filter((value) => !/\\ud[89a-f]/i.test(JSON.stringify(value)))
    const time = fc.option(
      fc
        .date({ min: new Date(0), max: new Date('9999-01-01'), noInvalidDate: true })
        .map((date) => date.toISOString()),
    )
    const whole = fc.option(fc.nat())
    const step = fc.record({
      kind: fc.constantFrom(...STEP_KINDS),
      name: key,
      content: wellFormed,
      callId: key,
      startedAt: time,
      durationMs: whole,
      inputTokens: whole,
      outputTokens: whole,
      error: fc.option(text),
      logprobs: fc.option(
        fc.array(fc.double({ max: 0, noNaN: true, noDefaultInfinity: true }).map((value) => value + 0)),
      ),
    })
    const episode = fc.record({
      normaliserVersion: fc.constant(1 as const),
      sourceId: key,
      instructions: text,
      taskKey: key,
      trial: whole,
      userKey: key,
      sessionKey: key,
      startedAt: time,
      durationMs: whole,
      steps: fc.array(fc.tuple(step, fc.option(fc.nat()))).map((steps) =>
        steps.map(([written, parent], ordinal) => ({
          ordinal,
          parent: parent === null || ordinal === 0 ? null : parent % ordinal,
          ...written,
        })),
      ),
      outcome: fc.record({
        success: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
        severe: fc.boolean(),
        detail: wellFormed,
      }),
      agentName: key,
      policyName: key,
      policyConfig: wellFormed,
    })
    fc.assert(
      fc.property(episode, (written) => {
        const parsed = parseJsonText(episodeLine(written as Episode))
        expect(parsed.ok && episodeOf(parsed.value)).toEqual(written)
      }),
      { seed: 20265, numRuns: 500 },
    )
  })
})

describe('detection', () => {
  test('says what was seen and what is known', () => {
    expect(unknownFormat({ foo: 1, bar: 2 })).toMatchObject({
      reason: 'The format of this record is not known: it is an object with the keys foo, bar.',
      expected: expect.stringMatching(/τ-bench.*OTLP.*Langfuse.*OpenAI.*Leeway/),
    })
  })

  test('no JSON makes a format throw', () => {
    const keys = [
      'task_id',
      'traj',
      'reward',
      'messages',
      'role',
      'content',
      'parts',
      'tool_calls',
      'function',
      'name',
      'arguments',
      'steps',
      'kind',
      'trace',
      'observations',
      'input',
      'output',
      'type',
      'id',
      'resourceSpans',
      'scopeSpans',
      'spans',
      'attributes',
      'key',
      'value',
      'traceId',
      'spanId',
      'events',
      'data',
      'constructor',
      '__proto__',
    ]
    const words = [
      'user',
      'assistant',
      'tool',
      'GENERATION',
      'TOOL',
      'SPAN',
      'gen_ai.input.messages',
      'text',
      'a',
      '[{"role":"user"}]',
      '{}',
      '',
    ]
    const { tree } = fc.letrec<{ tree: Json }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 6, withCrossShrink: true },
        fc.oneof(fc.constantFrom(...words), fc.double(), fc.boolean(), fc.constant(null)),
        fc.array(tie('tree'), { maxLength: 4 }),
        fc.dictionary(fc.constantFrom(...keys), tie('tree'), { maxKeys: 5 }),
      ),
    }))
    const first = fc.constantFrom(
      'task_id',
      'messages',
      'steps',
      'trace',
      'observations',
      'resourceSpans',
      'data',
    )
    const record = fc
      .tuple(first, tree, tree, tree)
      .map(([key, a, b, c]): Json => ({ [key]: a, traj: b, observations: c }))
    fc.assert(
      fc.property(fc.oneof(record, tree), (value) => {
        const format = detectFormat(value)
        for (const result of format?.read(value) ?? []) if (result.ok) normaliseEpisode(result.draft)
        if (format === null) unknownFormat(value)
      }),
      { seed: 20266, numRuns: 3_000 },
    )
  })
})
