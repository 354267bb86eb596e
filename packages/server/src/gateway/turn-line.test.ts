import { expect, test } from 'vitest'
import { elementsOf, TURN_COLUMNS, turnLine, turnOf } from './turn-line.ts'
import type { TurnRecord } from './turn-record.ts'

/** What people and models write: all that JSON, arrays of PostgreSQL and lines of a file mean something else by. */
const HOSTILE = 'a\tb\nc "d" \\ \\" {1,2} NULL \u0000 \u2028 \ud800 🙂 é'

const TURN: TurnRecord = {
  id: '0190b1f6-6f6e-7000-8000-000000000001',
  projectId: '0190b1f6-6f6e-7000-8000-000000000002',
  agentId: '0190b1f6-6f6e-7000-8000-000000000003',
  agent: 'desk',
  policyId: '0190b1f6-6f6e-7000-8000-000000000004',
  role: 'candidate',
  conversation: 'talk "1" \\ é 🙂 NULL',
  unitKey: 'user:{a,b}',
  contractVersion: 3,
  outcome: 'release',
  startedAt: '2026-01-15T09:00:00.000Z',
  endedAt: '2026-01-15T09:00:01.000Z',
  from: 2,
  messages: [{ role: 'user', content: HOSTILE }],
  rounds: [
    {
      policyId: '0190b1f6-6f6e-7000-8000-000000000004',
      role: 'candidate',
      status: 200,
      answer: {
        id: 'chatcmpl-1',
        model: 'm',
        choices: [
          { index: 0, text: HOSTILE, refusal: '', reasoning: '', finishReason: 'tool_calls', tokens: null },
        ],
        calls: [{ id: 'c', form: 'function', tool: HOSTILE, argumentsText: HOSTILE, choice: 0, index: 0 }],
        usage: { inputTokens: 60, outputTokens: 20 },
      },
      outcome: 'release',
      decisions: [
        {
          outcome: 'allow',
          rule: 'read',
          reason: 'It only reads.',
          stakes: 'read',
          argumentsText: null,
          holdProbability: 0,
        },
      ],
      hold: null,
      denied: false,
    },
  ],
  usd: 0.25,
  steps: 4,
  heard: 'digest',
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
}

test('a turn comes back as it was, and is one line with an element for each column', () => {
  for (const turn of [
    TURN,
    { ...TURN, usd: null, heard: null, steps: null, from: null, messages: [], rounds: [] },
  ]) {
    const line = turnLine(turn)
    expect(line).not.toContain('\n')
    expect(elementsOf(line)).toHaveLength(TURN_COLUMNS.length + 1)
    expect(turnOf(line)).toEqual(turn)
  }
  const { traceparent: _, ...untraced } = TURN
  expect(turnOf(turnLine(untraced))).toEqual(untraced)
})

test('a line that an earlier version left is the same turn', () => {
  expect(elementsOf(JSON.stringify(TURN))).toEqual(elementsOf(turnLine(TURN)))
})
