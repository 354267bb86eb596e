import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Json } from '../episodes/episode.ts'
import { type AutonomyContract, CONTRACT_FORMAT, DEFAULT_LIMITS, type Grant } from './contract.ts'
import { type Circumstances, decideCalls, mayBeCalled, type ProposedCall } from './decide-calls.ts'

const grant: Grant = {
  policyId: 'p1',
  policySha256: 'a'.repeat(64),
  autonomy: 'act',
  horizonSteps: 20,
  stakes: 'costly',
  tools: 'all',
  withoutReview: 0.75,
  klNatsMax: null,
}
const contract: AutonomyContract = {
  format: CONTRACT_FORMAT,
  projectId: 'project',
  agent: 'refunds',
  version: 1,
  issuedAt: '2026-01-01T00:00:00.000Z',
  expiresAt: '2027-01-01T00:00:00.000Z',
  tools: [
    { name: 'find_*', stakes: 'read' },
    {
      name: 'refund',
      stakes: 'costly',
      arguments: {
        type: 'object',
        properties: { amount: { type: 'number', maximum: 50 } },
        required: ['amount'],
      },
    },
    { name: 'note', stakes: 'reversible', set: { draft: true } },
    { name: 'close_account', stakes: 'irreversible' },
  ],
  baseline: grant,
  candidate: {
    ...grant,
    policyId: 'p2',
    policySha256: 'b'.repeat(64),
    horizonSteps: 10,
    stakes: 'reversible',
  },
  limits: DEFAULT_LIMITS,
  failOpen: ['read'],
  evidence: { releaseId: null, stage: null, checkId: null },
  approvers: ['person:1'],
}
const now = new Date('2026-06-01T00:00:00Z')
const call = (tool: string, value: Json = {}): ProposedCall => ({
  tool,
  argumentsText: JSON.stringify(value),
})
const at = (circumstances: Partial<Circumstances> = {}): Circumstances => ({
  role: 'baseline',
  steps: 3,
  denials: 0,
  now,
  outOfTouch: false,
  uniforms: Array(40).fill(0.1),
  ...circumstances,
})
const one = (proposed: ProposedCall, circumstances: Partial<Circumstances> = {}) =>
  decideCalls(contract, [proposed], at(circumstances)).calls[0]

describe('one call', () => {
  test('what only reads is released, whatever was drawn', () => {
    expect(one(call('find_order'), { uniforms: [0.99] })).toMatchObject({
      outcome: 'allow',
      rule: 'read',
      holdProbability: 0,
    })
  })
  test('what changes something is released below the share, and held above it, at the same recorded probability', () => {
    expect(one(call('refund', { amount: 20 }), { uniforms: [0.7499] })).toMatchObject({
      outcome: 'allow',
      rule: 'granted',
      holdProbability: 0.25,
    })
    expect(one(call('refund', { amount: 20 }), { uniforms: [0.75] })).toMatchObject({
      outcome: 'hold',
      rule: 'drawn',
      holdProbability: 0.25,
    })
  })
  test('arguments outside the schema, that are no object, or of an unknown tool are denied', () => {
    expect(one(call('refund', { amount: 51 }))).toMatchObject({ outcome: 'deny', rule: 'arguments-outside' })
    expect(one({ tool: 'refund', argumentsText: '{"amount": 2' })).toMatchObject({
      rule: 'malformed-arguments',
    })
    expect(one(call('refund', [1]))).toMatchObject({ rule: 'malformed-arguments' })
    expect(one(call('wire_money'))).toMatchObject({ outcome: 'deny', rule: 'unknown-tool', stakes: null })
  })
  test('arguments that name something twice are denied: whoever carries them out might read the other', () => {
    expect(one({ tool: 'refund', argumentsText: '{"amount":5000,"amount":5}' })).toMatchObject({
      outcome: 'deny',
      rule: 'malformed-arguments',
    })
  })
  test('nothing at all counts as no arguments', () => {
    expect(one({ tool: 'find_order', argumentsText: ' ' })).toMatchObject({ outcome: 'allow' })
  })
  test('what the contract sets is set, over what the model wrote', () => {
    const decision = one(call('note', { text: 'hi', draft: false }))
    expect(decision).toMatchObject({ outcome: 'modify', rule: 'granted' })
    expect(JSON.parse(decision?.argumentsText ?? '')).toEqual({ text: 'hi', draft: true })
  })
  test('what the candidate may not do goes to the baseline; what the baseline may not do is denied', () => {
    const refund = call('refund', { amount: 5 })
    expect(one(refund, { role: 'candidate' })).toMatchObject({ outcome: 'replace', rule: 'stakes-above' })
    expect(one(call('note'), { role: 'candidate', steps: 11 })).toMatchObject({
      outcome: 'replace',
      rule: 'horizon',
    })
    expect(one(call('close_account'))).toMatchObject({ outcome: 'deny', rule: 'stakes-above' })
    const narrow = { ...contract, candidate: { ...grant, tools: ['find_*'] } }
    expect(decideCalls(narrow, [call('note')], at({ role: 'candidate' })).calls[0]).toMatchObject({
      outcome: 'replace',
    })
  })
  test('a stage that only suggests holds everything that changes something, as does an undeclared policy', () => {
    for (const changed of [{ autonomy: 'suggest' }, { policySha256: '' }] as const) {
      const own = { ...contract, baseline: { ...grant, ...changed } }
      expect(decideCalls(own, [call('refund', { amount: 1 })], at()).calls[0]).toMatchObject({
        outcome: 'hold',
        rule: 'not-acting',
        holdProbability: 1,
      })
      expect(decideCalls(own, [call('find_x')], at()).outcome).toBe('release')
    }
  })
  test('an expired contract lets the baseline read, and people decide the rest', () => {
    const late = at({ now: new Date(contract.expiresAt) })
    expect(decideCalls(contract, [call('find_x')], late).outcome).toBe('release')
    expect(decideCalls(contract, [call('refund', { amount: 1 })], late).outcome).toBe('hold')
    expect(decideCalls(contract, [call('find_x')], { ...late, role: 'candidate' }).outcome).toBe('replace')
  })
  test('without anybody to decide, what fails open is released and all else denied', () => {
    const alone = { outOfTouch: true }
    expect(one(call('find_x'), alone)).toMatchObject({ outcome: 'allow', rule: 'out-of-touch' })
    expect(one(call('refund', { amount: 1 }), alone)).toMatchObject({ outcome: 'deny', rule: 'out-of-touch' })
    const closed = { ...contract, failOpen: [] }
    expect(decideCalls(closed, [call('find_x')], at(alone)).outcome).toBe('deny')
    const open = { ...contract, failOpen: ['reversible' as const] }
    expect(decideCalls(open, [call('note')], at(alone)).outcome).toBe('release')
  })
  test('a reason never repeats arguments, and a hostile name is made harmless', () => {
    const decision = one(call('wire"<b>\n', { secret: 'hunter2' }))
    expect(decision?.reason).toBe('There is no tool "wire??b??" that may be called.')
  })
})

describe('together', () => {
  test('one call that may not be made holds back all of them', () => {
    const decided = decideCalls(contract, [call('find_x'), call('wire_money')], at())
    expect(decided.outcome).toBe('deny')
    expect(decided.calls.map(({ outcome }) => outcome)).toEqual(['allow', 'deny'])
  })
  test('the strictest outcome is that of the response', () => {
    const hold = call('refund', { amount: 1 })
    expect(decideCalls(contract, [call('find_x'), hold], at({ uniforms: [0, 0.9] })).outcome).toBe('hold')
    expect(decideCalls(contract, [hold, call('wire_money')], at({ uniforms: [0.9, 0] })).outcome).toBe('deny')
    expect(
      decideCalls(contract, [call('wire_money'), hold], at({ role: 'candidate', uniforms: [0, 0] })).outcome,
    ).toBe('replace')
  })
  test('after as many refusals as the contract bears, the conversation is stopped', () => {
    const wrong = [call('wire_money')]
    expect(decideCalls(contract, wrong, at({ denials: DEFAULT_LIMITS.denialsMax - 1 })).outcome).toBe('deny')
    expect(decideCalls(contract, wrong, at({ denials: DEFAULT_LIMITS.denialsMax })).outcome).toBe('stop')
  })
  test('more calls at once than the contract bears are all denied', () => {
    const calls = Array.from({ length: DEFAULT_LIMITS.callsMax + 1 }, () => call('find_x'))
    expect(new Set(decideCalls(contract, calls, at()).calls.map(({ rule }) => rule))).toEqual(
      new Set(['too-many-calls']),
    )
  })
  test('a missing draw, and a candidate without a grant, are mistakes of the caller', () => {
    expect(() => decideCalls(contract, [call('note')], at({ uniforms: [] }))).toThrow(RangeError)
    expect(() => decideCalls({ ...contract, candidate: null }, [], at({ role: 'candidate' }))).toThrow(
      RangeError,
    )
  })
})

test('nothing is released that the grant does not name, whatever the model writes', () => {
  const tools = fc.constantFrom(
    'find_x',
    'refund',
    'note',
    'close_account',
    'wire_money',
    '__proto__',
    'find_',
  )
  const text = fc.oneof(fc.json(), fc.string(), fc.constant('{"amount": 1e400}'))
  fc.assert(
    fc.property(
      fc.array(fc.tuple(tools, text), { maxLength: 5 }),
      fc.constantFrom('baseline', 'candidate'),
      fc.array(fc.double({ min: 0, max: 0.999, noNaN: true }), { minLength: 5, maxLength: 5 }),
      (calls, role, uniforms) => {
        const proposed = calls.map(([tool, argumentsText]) => ({ tool, argumentsText }))
        const decided = decideCalls(contract, proposed, at({ role, uniforms }))
        if (decided.outcome !== 'release') return
        for (const { tool } of proposed) {
          expect(tool).not.toMatch(/^(close_account|wire_money|__proto__)$/)
          if (role === 'candidate') expect(tool).not.toBe('refund')
        }
      },
    ),
    { seed: 7, numRuns: 500 },
  )
})

describe('what may be called at all', () => {
  const may = (tool: string, role: 'baseline' | 'candidate' = 'baseline', own: AutonomyContract = contract) =>
    mayBeCalled(own, role, tool, now)
  test('what the contract names, within the grant', () => {
    expect(['find_order', 'refund', 'close_account', 'wire_money'].map((tool) => may(tool))).toEqual([
      true,
      true,
      false,
      false,
    ])
    expect(may('refund', 'candidate')).toBe(false)
    expect(may('note', 'candidate')).toBe(true)
  })
  test('nothing for a candidate that there is not, that only runs beside, or whose contract has run out', () => {
    expect(may('note', 'candidate', { ...contract, candidate: null })).toBe(false)
    const beside = { ...(contract.candidate as Grant), autonomy: 'shadow' as const }
    expect(may('note', 'candidate', { ...contract, candidate: beside })).toBe(false)
    expect(may('note', 'candidate', { ...contract, expiresAt: '2026-05-01T00:00:00.000Z' })).toBe(false)
  })
})
