import { expect, test } from 'vitest'
import type { Json, Step, StepKind } from '../episodes/episode.ts'
import { sampleContract as contract } from './sample-contract.ts'
import { simulateContract } from './simulate-contract.ts'

const now = new Date('2026-06-01T00:00:00Z')
const episode = (id: string, ...said: (readonly [StepKind, string | null, Json])[]) => ({
  id,
  steps: said.map(
    ([kind, name, content], ordinal): Step => ({
      ordinal,
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
    }),
  ),
})

test('calls asked for together stand or fall together; held ones are counted as expected', () => {
  const result = simulateContract(
    contract,
    [
      episode(
        'a',
        ['user', null, 'hi'],
        ['tool_call', 'find', {}],
        ['tool_result', 'find', 'ok'],
        ['assistant', null, 'done'],
      ),
      episode('b', ['tool_call', 'refund', { amount: 5 }], ['tool_result', 'refund', 'ok']),
      episode(
        'c',
        ['tool_call', 'find', {}],
        ['tool_call', 'refund', { amount: 500 }],
        ['tool_result', 'find', 'ok'],
      ),
      episode('d', ['tool_call', 'wire', '{"to": 1}']),
    ],
    now,
  )
  expect(result).toEqual({
    episodes: 4,
    untouched: 2,
    tools: [
      { tool: 'find', calls: 2, released: 1, held: 0, refused: 1, rules: [] },
      { tool: 'refund', calls: 2, released: 0.75, held: 0.25, refused: 1, rules: ['arguments-outside'] },
      { tool: 'wire', calls: 1, released: 0, held: 0, refused: 1, rules: ['unknown-tool'] },
    ],
    refused: [
      {
        episodeId: 'c',
        step: 1,
        tool: 'refund',
        reason: 'The arguments of "refund" are outside what is allowed.',
      },
      { episodeId: 'd', step: 0, tool: 'wire', reason: 'There is no tool "wire" that may be called.' },
    ],
  })
})

test('nothing recorded gives zeros', () => {
  expect(simulateContract(contract, [], now)).toEqual({ episodes: 0, untouched: 0, tools: [], refused: [] })
})
