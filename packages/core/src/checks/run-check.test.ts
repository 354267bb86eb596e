import { describe, expect, test } from 'vitest'
import type { Episode, Json, Step } from '../episodes/episode.ts'
import type { ProgramCheck } from '../rubrics/program-check.ts'
import type { Scale } from '../rubrics/scale.ts'
import { describeCheck } from './describe-check.ts'
import { runCheck } from './run-check.ts'

const YES = { kind: 'yes-no', good: 'yes' } as const
type Said = Pick<Step, 'kind'> & Partial<Step>
const user = (content: string): Said => ({ kind: 'user', content })
const agent = (content: Json): Said => ({ kind: 'assistant', content })
const call = (name: string, content: Json = {}): Said => ({ kind: 'tool_call', name, content })
const result = (content: Json, error: string | null = null): Said => ({ kind: 'tool_result', content, error })

const episode = (steps: readonly Said[], outcome: Partial<Episode['outcome']> = {}): Episode => ({
  normaliserVersion: 1,
  sourceId: null,
  instructions: '',
  taskKey: null,
  trial: null,
  userKey: null,
  sessionKey: null,
  startedAt: null,
  durationMs: null,
  steps: steps.map((step, ordinal) => ({
    ordinal,
    parent: null,
    name: null,
    content: '',
    callId: null,
    startedAt: null,
    durationMs: null,
    inputTokens: null,
    outputTokens: null,
    error: null,
    logprobs: null,
    ...step,
  })),
  outcome: { success: null, severe: false, detail: null, ...outcome },
  agentName: null,
  policyName: null,
  policyConfig: null,
})
const said = (
  check: ProgramCheck,
  steps: readonly Said[],
  outcome: Partial<Episode['outcome']> = {},
  scale: Scale = YES,
) => runCheck(check, scale, episode(steps, outcome), { languageOf: () => 'en', sentencesOf: () => 1 })
const value = (...args: Parameters<typeof said>) => {
  const { answer } = said(...args)
  return answer.kind === 'answered' ? answer.value : answer.kind
}

describe('calls', () => {
  const refund: ProgramCheck = { kind: 'calls', match: { tools: ['refund_*'] }, min: 1, max: null }
  test('called, not called, and how often', () => {
    expect(value(refund, [call('refund_order')])).toBe('yes')
    expect(value(refund, [call('cancel')])).toBe('no')
    expect(value({ ...refund, min: 0, max: 0 }, [call('refund_order')])).toBe('no')
    expect(value({ ...refund, max: 1 }, [call('refund_a'), call('refund_b')])).toBe('no')
    expect(said(refund, [user('hello'), call('refund_order')]).steps).toEqual([1])
  })

  test('only calls whose arguments satisfy the schema count', () => {
    const small: ProgramCheck = {
      kind: 'calls',
      match: { tools: ['pay'], arguments: { properties: { cents: { maximum: 100 } }, required: ['cents'] } },
      min: 1,
      max: null,
    }
    expect(value(small, [call('pay', { cents: 99 })])).toBe('yes')
    expect(value(small, [call('pay', { cents: 101 })])).toBe('no')
    expect(value(small, [call('pay', 'not an object')])).toBe('yes')
    expect(value(small, [call('pay', {})])).toBe('no')
  })
})

describe('before', () => {
  const confirmed: ProgramCheck = {
    kind: 'before',
    first: { from: 'user', pattern: '\\byes\\b', ignoreCase: true },
    each: { tools: ['refund', 'cancel'] },
  }
  test('asked for confirmation before any consequential call', () => {
    expect(value(confirmed, [user('Yes, please'), call('refund')])).toBe('yes')
    expect(value(confirmed, [call('refund'), user('yes')])).toBe('no')
    // One yes is good for one call.
    expect(said(confirmed, [user('yes'), call('refund'), call('cancel')])).toMatchObject({
      answer: { value: 'no' },
      steps: [2],
    })
    expect(value(confirmed, [user('yes'), call('refund'), user('yes'), call('cancel')])).toBe('yes')
    expect(value(confirmed, [agent('yes'), call('refund')])).toBe('no')
  })

  test('does not arise where there is no such call', () => {
    expect(value(confirmed, [user('yes'), call('look')])).toBe('not-applicable')
  })

  test('a call may be what has to come first', () => {
    const looked: ProgramCheck = { ...confirmed, first: { tools: ['look'] } }
    expect(value(looked, [call('look'), call('refund')])).toBe('yes')
    expect(value(looked, [call('refund')])).toBe('no')
  })
})

test('text is found or not, in what was said by the one who is meant', () => {
  const error: ProgramCheck = {
    kind: 'text',
    match: { from: 'tool_result', pattern: '^Error', ignoreCase: false },
    present: false,
  }
  expect(value(error, [result('Error: no such order')])).toBe('no')
  expect(value(error, [user('Error'), result('fine')])).toBe('yes')
  expect(value({ ...error, match: { ...error.match, pattern: '"id":7' } }, [result({ id: 7 })])).toBe('no')
})

test('last words as JSON, numbers, outcome fields, errors and steps', () => {
  const json: ProgramCheck = { kind: 'final-json', schema: { required: ['answer'] } }
  expect(value(json, [agent('not yet'), agent('{"answer": 1}')])).toBe('yes')
  expect(value(json, [agent('{"answer": 1}'), agent('done')])).toBe('no')
  expect(value(json, [user('hello')])).toBe('not-applicable')

  const cents: ProgramCheck = {
    kind: 'number',
    match: { tools: ['pay'] },
    pointer: '/a~1b/0',
    min: 1,
    max: 5,
  }
  expect(value(cents, [call('pay', { 'a/b': [5] })])).toBe('yes')
  expect(value(cents, [call('pay', { 'a/b': [6] })])).toBe('no')
  expect(value(cents, [call('pay', { 'a/b': ['5'] })])).toBe('no')
  expect(value(cents, [])).toBe('not-applicable')

  const outcome: ProgramCheck = { kind: 'outcome', pointer: '/success', schema: { minimum: 1 } }
  expect(value(outcome, [], { success: 1 })).toBe('yes')
  expect(value(outcome, [], { success: 0.5 })).toBe('no')
  expect(value(outcome, [])).toBe('not-applicable')
  expect(
    value({ ...outcome, pointer: '/state/paid', schema: { const: true } }, [], {
      detail: { state: { paid: true } },
    }),
  ).toBe('yes')
  // A key that objects inherit is no field.
  expect(value({ ...outcome, pointer: '/constructor' }, [], { detail: {} })).toBe('not-applicable')

  expect(value({ kind: 'errors', max: 0 }, [result('', 'timeout')])).toBe('no')
  expect(value({ kind: 'steps', max: 1 }, [user('a'), user('b')])).toBe('no')
})

test('the answer is one of the scale: its best or its worst', () => {
  const steps: ProgramCheck = { kind: 'steps', max: 1 }
  expect(value(steps, [], {}, { kind: 'yes-no', good: 'no' })).toBe('no')
  expect(value(steps, [], {}, { kind: 'ordinal', levels: ['bad', 'middle', 'good'] })).toBe('good')
  expect(value(steps, [user('a'), user('b')], {}, { kind: 'number', min: 2, max: 9 })).toBe(2)
  expect(value(steps, [], {}, { kind: 'pairwise' })).toBe('abstained')
})

test('what cannot be carried out is an abstention, never a failure', () => {
  const broken: ProgramCheck = {
    kind: 'text',
    match: { from: 'user', pattern: '(', ignoreCase: false },
    present: true,
  }
  expect(said(broken, [user('(')]).answer).toEqual({ kind: 'abstained', reason: 'malformed' })
})

test('a pattern that would take a backtracking engine for ever, and a text without end, are done at once', () => {
  const evil: ProgramCheck = {
    kind: 'text',
    match: { from: 'user', pattern: '(a+)+$', ignoreCase: false },
    present: true,
  }
  expect(value(evil, [user(`${'a'.repeat(50_000)}b`)])).toBe('no')
})

test('every kind of check has words', () => {
  const checks: readonly ProgramCheck[] = [
    { kind: 'calls', match: { tools: ['a'] }, min: 0, max: 0 },
    { kind: 'calls', match: {}, min: 2, max: null },
    { kind: 'before', first: { tools: ['look'] }, each: { tools: ['pay'] } },
    { kind: 'number', match: { tools: ['pay'] }, pointer: '/cents', min: null, max: 5 },
  ]
  expect(checks.map(describeCheck)).toEqual([
    'there is no call of a',
    'there are at least 2 of: call of any tool',
    'call of look stands before each call of pay',
    'in each call of pay, the number at /cents is at most 5',
  ])
})
