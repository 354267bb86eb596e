import { describe, expect, test } from 'vitest'
import type { Json } from '../episode.ts'
import { episodeOf, told } from './read-record.ts'
import { traceCollector } from './trace-collector.ts'

type Attributes = { readonly [key: string]: unknown }

function anyValue(value: unknown): unknown {
  if (typeof value === 'string') return { stringValue: value }
  if (typeof value === 'boolean') return { boolValue: value }
  if (typeof value === 'number')
    return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value }
  if (Array.isArray(value)) return { arrayValue: { values: value.map(anyValue) } }
  return { kvlistValue: { values: listed(value as Attributes) } }
}

function listed(attributes: Attributes): unknown {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: anyValue(value) }))
}

let clock = 0
function span(
  spanId: string,
  parentSpanId: string | null,
  name: string,
  attributes: Attributes,
  more: object = {},
) {
  clock += 1_000_000_000
  return {
    traceId: 'trace-1',
    spanId,
    parentSpanId,
    name,
    startTimeUnixNano: String(1_700_000_000_000_000_000n + BigInt(clock)),
    endTimeUnixNano: String(1_700_000_000_000_000_000n + BigInt(clock + 5_000_000)),
    attributes: listed(attributes),
    ...more,
  }
}

function document(spans: readonly unknown[], resource: Attributes = {}) {
  return { resourceSpans: [{ resource: { attributes: listed(resource) }, scopeSpans: [{ spans }] }] }
}

const user = { role: 'user', parts: [{ type: 'text', content: 'Refund A1' }] }
const call = {
  role: 'assistant',
  parts: [{ type: 'tool_call', id: 'call_1', name: 'refund', arguments: { order: 'A1' } }],
}
const answer = (field: string) => ({
  role: 'tool',
  parts: [{ type: 'tool_call_response', id: 'call_1', [field]: 'ok' }],
})
const done = {
  role: 'assistant',
  parts: [
    { type: 'reasoning', content: 'Easy' },
    { type: 'text', content: 'Done' },
  ],
}

function agentTrace(field: string, withToolSpan: boolean) {
  const chat = {
    'gen_ai.operation.name': 'chat',
    'gen_ai.request.model': 'm1',
    'gen_ai.usage.input_tokens': 12,
  }
  return document(
    [
      span('1', null, 'invoke_agent', {
        'gen_ai.operation.name': 'invoke_agent',
        'gen_ai.agent.name': 'desk',
        'gen_ai.conversation.id': 'c9',
        'user.id': 'u1',
        'leeway.task': 't1',
        'leeway.outcome.success': 1,
        'leeway.outcome.severe': true,
      }),
      span('2', '1', 'chat m1', {
        ...chat,
        'gen_ai.system_instructions': JSON.stringify([{ type: 'text', content: 'Be kind' }]),
        'gen_ai.input.messages': JSON.stringify([user]),
        'gen_ai.output.messages': [call],
      }),
      ...(withToolSpan
        ? [
            span('3', '1', 'execute_tool refund', {
              'gen_ai.operation.name': 'execute_tool',
              'gen_ai.tool.name': 'refund',
              'gen_ai.tool.call.id': 'call_1',
              'gen_ai.tool.call.arguments': '{"order":"A1"}',
              'gen_ai.tool.call.result': 'ok',
            }),
          ]
        : []),
      span('4', '1', 'chat m1', {
        ...chat,
        'gen_ai.input.messages': JSON.stringify([user, call, answer(field)]),
        'gen_ai.output.messages': JSON.stringify([done]),
      }),
    ],
    { 'service.name': 'desk-service', 'service.version': 'v7' },
  )
}

describe('OpenTelemetry GenAI', () => {
  test.each([
    ['response', true],
    ['result', true],
    ['response', false],
    ['result', false],
  ])('rebuilds the turns, each once (%s, tool span: %s)', (field, withToolSpan) => {
    const episode = episodeOf(agentTrace(field, withToolSpan))
    const rest = withToolSpan
      ? [
          [0, 'tool_result', 'refund', 'ok', 'call_1'],
          [0, 'generation', 'm1', null, null],
        ]
      : [
          [0, 'generation', 'm1', null, null],
          [5, 'tool_result', null, 'ok', 'call_1'],
        ]
    const generation = withToolSpan ? 6 : 5
    expect(told(episode)).toEqual([
      [null, 'span', 'invoke_agent', null, null],
      [0, 'generation', 'm1', null, null],
      [1, 'system', null, 'Be kind', null],
      [1, 'user', null, 'Refund A1', null],
      [1, 'tool_call', 'refund', { order: 'A1' }, 'call_1'],
      ...rest,
      [generation, 'reasoning', null, 'Easy', null],
      [generation, 'assistant', null, 'Done', null],
    ])
    expect(episode).toMatchObject({
      sourceId: 'trace-1',
      instructions: 'Refund A1',
      taskKey: 't1',
      userKey: 'u1',
      sessionKey: 'c9',
      agentName: 'desk',
      policyName: 'v7',
      outcome: { success: 1, severe: true },
    })
    expect(episode.steps[1]).toMatchObject({ inputTokens: 12, durationMs: 5 })
    expect(episode.startedAt).toMatch(/^2023-11-14T22:1/)
  })

  test('a tool span without its call in a message becomes call and result', () => {
    const episode = episodeOf(
      document([
        span('1', null, 'execute_tool look', {
          'gen_ai.operation.name': 'execute_tool',
          'gen_ai.tool.name': 'look',
          'gen_ai.tool.call.arguments': { deep: [1, true, 0.5] },
          'error.type': 'Timeout',
        }),
      ]),
    )
    expect(told(episode)).toEqual([
      [null, 'tool_call', 'look', { deep: [1, true, 0.5] }, 'span-1'],
      [null, 'tool_result', 'look', null, 'span-1'],
    ])
    expect(episode.steps[1]?.error).toBe('Timeout')
  })

  test.each([
    [
      'attributes with numbers in their names',
      {
        'gen_ai.prompt.0.role': 'user',
        'gen_ai.prompt.0.content': 'Hi',
        'gen_ai.completion.0.role': 'assistant',
        'gen_ai.completion.0.tool_calls.0.id': 'c1',
        'gen_ai.completion.0.tool_calls.0.name': 'look',
        'gen_ai.completion.0.tool_calls.0.arguments': '{"a":1}',
        'llm.request.type': 'chat',
        'gen_ai.request.model': 'm',
      },
      {},
    ],
    [
      'OpenInference',
      {
        'openinference.span.kind': 'LLM',
        'llm.model_name': 'm',
        'llm.input_messages.0.message.role': 'user',
        'llm.input_messages.0.message.contents.0.message_content.type': 'text',
        'llm.input_messages.0.message.contents.0.message_content.text': 'Hi',
        'llm.output_messages.0.message.role': 'assistant',
        'llm.output_messages.0.message.tool_calls.0.tool_call.id': 'c1',
        'llm.output_messages.0.message.tool_calls.0.tool_call.function.name': 'look',
        'llm.output_messages.0.message.tool_calls.0.tool_call.function.arguments': '{"a":1}',
      },
      {},
    ],
    [
      'span events',
      { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'm' },
      {
        events: [
          { name: 'gen_ai.user.message', attributes: listed({ content: 'Hi' }) },
          {
            name: 'gen_ai.choice',
            attributes: listed({
              index: 0,
              message: JSON.stringify({
                tool_calls: [{ id: 'c1', function: { name: 'look', arguments: '{"a":1}' } }],
              }),
            }),
          },
        ],
      },
    ],
    [
      'the event of one inference',
      { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'm' },
      {
        events: [
          {
            name: 'gen_ai.client.inference.operation.details',
            attributes: listed({
              'gen_ai.input.messages': [{ role: 'user', parts: [{ type: 'text', content: 'Hi' }] }],
              'gen_ai.output.messages': [
                {
                  role: 'assistant',
                  parts: [{ type: 'tool_call', id: 'c1', name: 'look', arguments: { a: 1 } }],
                },
              ],
            }),
          },
        ],
      },
    ],
  ])('reads %s', (_, attributes, more) => {
    expect(told(episodeOf(document([span('1', null, 'llm', attributes, more)])))).toEqual([
      [null, 'generation', 'm', null, null],
      [0, 'user', null, 'Hi', null],
      [0, 'tool_call', 'look', { a: 1 }, 'c1'],
    ])
  })

  test('what an evaluator thought is kept, and is not the outcome', () => {
    const event = {
      name: 'gen_ai.evaluation.result',
      attributes: listed({ 'gen_ai.evaluation.name': 'success', 'gen_ai.evaluation.score.value': 1 }),
    }
    expect(episodeOf(document([span('1', null, 'x', {}, { events: [event] })])).outcome).toEqual({
      success: null,
      severe: false,
      detail: { evaluations: [{ name: 'success', value: 1 }] },
    })
  })

  test('an outcome that is no number is refused by its attribute', () => {
    expect(() => episodeOf(document([span('1', null, 'x', { 'leeway.outcome.success': 'yes' })]))).toThrow(
      'leeway.outcome.success',
    )
  })

  test('spans in a ring and spans without parent are all shown once', () => {
    const spans = [
      span('a', 'b', 'a', {}),
      span('b', 'a', 'b', {}),
      span('c', 'gone', 'c', {}),
      span('d', 'd', 'd', {}),
    ]
    expect(
      episodeOf(document(spans))
        .steps.map((step) => step.name)
        .sort(),
    ).toEqual(['a', 'b', 'c', 'd'])
  })

  test('closes the oldest trace when too many are open', () => {
    const collector = traceCollector<number>({ tracesMax: 2 })
    const places = [0, 1, 2, 0].flatMap((trace, place) =>
      collector
        .add(document([{ ...span('x', null, 'x', {}), traceId: `t${trace}` }]) as Json, place)
        .map((closed) => closed.place),
    )
    expect(places).toEqual([0, 1])
    expect(collector.finish().map(({ place }) => place)).toEqual([2, 3])
  })
})
