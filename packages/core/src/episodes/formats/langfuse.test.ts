import { describe, expect, test } from 'vitest'
import type { Json } from '../episode.ts'
import { episodeOf, told } from './read-record.ts'

describe('Langfuse', () => {
  let second = 0
  const observation = (
    id: string,
    parentObservationId: string | null,
    type: string,
    name: string,
    more: object,
  ) => {
    second += 1
    const startTime = new Date(1.7e12 + 1_000 * second).toISOString()
    return { id, parentObservationId, type, name, startTime, endTime: startTime, level: 'DEFAULT', ...more }
  }
  const observations = [
    observation('3', '1', 'TOOL', 'execute_tool look', { input: '{"a": 1}', output: '{}' }),
    observation('2', '1', 'GENERATION', 'chat', {
      model: 'm',
      startTime: '2023-11-14T22:13:20.001Z',
      input: JSON.stringify({
        contents: [{ role: 'user', parts: [{ text: 'Hi' }] }],
        config: { system_instruction: 'Be kind' },
      }),
      output: JSON.stringify({
        content: { role: 'model', parts: [{ function_call: { name: 'look', args: { a: 1 } } }] },
      }),
      usageDetails: { input: 5, output: 2 },
    }),
    observation('1', null, 'AGENT', 'desk', {
      startTime: '2023-11-14T22:13:20.000Z',
      input: null,
      output: null,
    }),
    observation('4', '1', 'GENERATION', 'chat', {
      model: 'm',
      input: {
        contents: [
          { role: 'user', parts: [{ text: 'Hi' }] },
          { role: 'model', parts: [{ function_call: { name: 'look', args: { a: 1 } } }] },
          { role: 'user', parts: [{ function_response: { name: 'look', response: { seen: true } } }] },
        ],
      },
      output: 'Done',
      level: 'ERROR',
      statusMessage: 'cut short',
    }),
  ]
  const trace = {
    id: 'tr',
    name: 'run',
    userId: 'u',
    sessionId: null,
    release: 'r1',
    timestamp: '2023-11-14T22:13:20Z',
    latency: 1.5,
    metadata: '{"task":"t"}',
  }
  const score = (name: string, value: unknown, source = 'API') => ({
    name,
    value,
    source,
    observationId: null,
  })

  test.each([
    ['trace and observations', { trace, observations }],
    ['observations inside', { trace: { ...trace, observations } }],
    ['a bare trace', { ...trace, observations }],
    ['observations as text', { trace, observations: JSON.stringify(observations) }],
    ['a page', { data: [{ ...trace, observations }], meta: { page: 1 } }],
  ])('reads %s', (_, record) => {
    const episode = episodeOf(record)
    expect(told(episode)).toEqual([
      [null, 'span', 'desk', null, null],
      [0, 'generation', 'm', null, null],
      [1, 'system', null, 'Be kind', null],
      [1, 'user', null, 'Hi', null],
      [1, 'tool_call', 'look', { a: 1 }, 'call-1'],
      [0, 'tool_result', 'look', { seen: true }, 'call-1'],
      [0, 'generation', 'm', null, null],
      [6, 'assistant', null, 'Done', null],
    ])
    expect(episode).toMatchObject({
      sourceId: 'tr',
      taskKey: 't',
      userKey: 'u',
      policyName: 'r1',
      durationMs: 1500,
      instructions: 'Hi',
    })
    expect(episode.steps[1]).toMatchObject({ inputTokens: 5, outputTokens: 2 })
    expect(episode.steps[6]?.error).toBe('cut short')
  })

  test.each([
    ['one score of the environment', [score('Success', 1), score('toxicity', 0.2, 'EVAL')], 1],
    ['a boolean', [score('reward', false)], 0],
    ['two that agree', [score('success', 1), score('reward', 1)], 1],
    ['two that disagree', [score('success', 1), score('reward', 0)], null],
    ['a number outside [0, 1]', [score('reward', 5)], null],
    ['an evaluator', [score('success', 1, 'EVAL')], null],
    ['an annotator', [score('success', 1, 'ANNOTATION')], null],
    ['a score of one observation', [{ ...score('success', 1), observationId: '2' }], null],
    ['none', [], null],
  ])('outcome from %s', (_, scores, success) => {
    const { outcome } = episodeOf({ trace: { ...trace, scores }, observations })
    expect(outcome.success).toBe(success)
    expect(outcome.detail === null ? [] : (outcome.detail as { scores: Json[] }).scores).toHaveLength(
      scores.length,
    )
  })

  test('what was asked and answered may stand on the trace alone', () => {
    const episode = episodeOf({ trace: { ...trace, input: '"Hi"', output: '"Hello"' }, observations: [] })
    expect(told(episode)).toEqual([
      [null, 'user', null, 'Hi', null],
      [null, 'assistant', null, 'Hello', null],
    ])
  })
})
