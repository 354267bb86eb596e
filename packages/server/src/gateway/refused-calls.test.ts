import type { CallDecision } from '@leeway/core/autonomy/decide-calls'
import { expect, test } from 'vitest'
import type { AnsweredCall, ChatAnswer } from './chat-answer.ts'
import { refusedMessages } from './refused-calls.ts'

const call = (choice: number, tool: string): AnsweredCall => ({
  choice,
  index: 0,
  id: `c${choice}`,
  form: 'function',
  tool,
  argumentsText: '{}',
})
const choice = (index: number) => ({
  index,
  text: `choice ${index}`,
  refusal: '',
  reasoning: '',
  finishReason: 'tool_calls',
  tokens: null,
})
const decision = (outcome: CallDecision['outcome'], reason: string): CallDecision => ({
  outcome,
  rule: 'granted',
  reason,
  stakes: 'read',
  argumentsText: null,
  holdProbability: 0,
})

test('of several choices the model reads about the one that was not allowed', () => {
  const answer: ChatAnswer = {
    id: null,
    model: null,
    choices: [choice(0), choice(1)],
    calls: [call(0, 'find'), call(1, 'wire')],
    usage: null,
  }
  const messages = refusedMessages(answer, [decision('allow', ''), decision('deny', 'No wire.')], null)
  expect(messages).toMatchObject([
    { role: 'assistant', content: 'choice 1', tool_calls: [{ id: 'c1' }] },
    { role: 'tool', tool_call_id: 'c1', content: expect.stringContaining('No wire.') },
  ])
})
