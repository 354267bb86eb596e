import { expect, test } from 'vitest'
import { type AutonomyContract, DEFAULT_LIMITS, type ToolTerms } from './contract.ts'
import { contractChanges } from './describe-contract.ts'
import { sampleContract as contract, sampleGrant as grant } from './sample-contract.ts'

const kinds = (before: Partial<AutonomyContract>, after: Partial<AutonomyContract>) =>
  contractChanges({ ...contract, ...before }, { ...contract, ...after }).map(({ kind }) => kind)

test('what changed is said, what loosens first; a new version of the same says nothing', () => {
  expect(
    contractChanges(contract, { ...contract, version: 2, issuedAt: '2026-02-01T00:00:00.000Z' }),
  ).toEqual([])
  const changes = contractChanges(contract, {
    ...contract,
    tools: [
      { name: 'find', stakes: 'read' },
      { name: 'wire', stakes: 'costly' },
    ],
    candidate: { ...grant, policyId: 'p2' },
    limits: { ...DEFAULT_LIMITS, callsMax: 4, usdPerDay: 10 },
    failOpen: [],
  })
  expect(changes.map(({ kind }) => kind)).toEqual([
    'looser',
    'looser',
    'tighter',
    'tighter',
    'tighter',
    'tighter',
  ])
  expect(changes.map(({ words }) => words).join('\n')).toMatch(
    /A candidate acts.*wire may be called.*refund may not/s,
  )
})

test('a larger share without review loosens', () => {
  const after = { ...contract, baseline: { ...grant, withoutReview: 1 } }
  expect(contractChanges(contract, after).map(({ kind }) => kind)).toEqual(['looser'])
  expect(contractChanges(after, contract).map(({ kind }) => kind)).toEqual(['tighter'])
})

test('a first contract loosens by all that it allows', () => {
  const said = contractChanges(null, contract)
  expect(said.map(({ kind }) => kind)).toEqual(['looser', 'looser', 'looser'])
  expect(said.map(({ words }) => words).join(' ')).toMatch(/The baseline acts.*find may.*refund may/)
})

test('who takes a tool away leaves it to a wider name, and that is not less', () => {
  const everything: ToolTerms = { name: '*', stakes: 'reversible' }
  const wire: ToolTerms = { name: 'wire', stakes: 'costly' }
  const [change, ...more] = contractChanges(
    { ...contract, tools: [wire, everything] },
    { ...contract, tools: [everything] },
  )
  expect(more).toEqual([])
  expect(change).toEqual({ kind: 'other', words: 'wire has no terms of its own any more: those of * hold.' })
  // The other way round it may be less, which cannot be told.
  expect(kinds({ tools: [everything] }, { tools: [wire, everything] })).toEqual(['other'])
  // The first that fits holds.
  expect(kinds({ tools: [wire, everything] }, { tools: [everything, wire] })).toEqual(['other'])
  expect(
    kinds({ tools: [{ ...wire, name: 'bank.*' }] }, { tools: [{ ...wire, name: 'bank.wire' }] }),
  ).toEqual(['other', 'other'])
  expect(kinds({ tools: [wire] }, { tools: [{ ...wire, name: 'wire2' }] })).toEqual(['looser', 'tighter'])
})

test('money for calls beside the baseline: none said is none where the agent has a limit', () => {
  const limits = { ...DEFAULT_LIMITS, usdPerDay: 10 }
  expect(kinds({ limits }, { limits: { ...limits, shadowUsdPerDay: 1 } })).toEqual(['looser'])
  expect(kinds({}, { limits: { ...DEFAULT_LIMITS, shadowUsdPerDay: 1 } })).toEqual(['tighter'])
})

test('terms are the same whatever the order of their members, and not where a member is missing', () => {
  const terms = (properties: object): ToolTerms => ({
    name: 'refund',
    stakes: 'reversible',
    arguments: JSON.parse(JSON.stringify({ required: ['a', 'b'], properties })),
  })
  const [ab, ba] = [terms({ a: { maximum: 1 }, b: {} }), terms({ b: {}, a: { maximum: 1 } })]
  expect(kinds({ tools: [ab] }, { tools: [ba] })).toEqual([])
  expect(kinds({ tools: [ab] }, { tools: [terms({ a: {}, b: {} })] })).toEqual(['other'])
  expect(kinds({ tools: [terms({ toString: {} })] }, { tools: [terms({})] })).toEqual(['other'])
  const [{ arguments: _, ...bare }] = [ab]
  expect(kinds({ tools: [bare] }, { tools: [{ ...bare, arguments: {} }] })).toEqual(['other'])
})

test('two ends on one day are told apart', () => {
  const [{ words } = { words: '' }] = contractChanges(contract, {
    ...contract,
    expiresAt: '2027-01-01T01:30:00.000Z',
  })
  expect(words).toBe('It runs out on 2027-01-01 at 01:30:00 UTC, not on 2027-01-01 at 00:00:00 UTC.')
})

test('what changed in the terms of a tool is told whole', () => {
  const { tools } = contract
  const after = tools.map((terms) => (terms.name === 'refund' ? { ...terms, set: { dry: true } } : terms))
  expect(contractChanges(contract, { ...contract, tools: after }).map(({ words }) => words)).toEqual([
    'The terms of refund are others. Now: changes that can be undone, arguments {"properties":{"amount":{"maximum":50}}}, always set {"dry":true}. Before: changes that can be undone, arguments {"properties":{"amount":{"maximum":50}}}.',
  ])
})

test('to tell who serves is more than to tell nothing, also in a first contract', () => {
  const words = (before: AutonomyContract | null, after: AutonomyContract) =>
    contractChanges(before, after).filter(({ words }) => words.startsWith('Answers'))
  const telling: AutonomyContract = { ...contract, tells: ['policy'] }
  const more: AutonomyContract = { ...contract, tells: ['policy', 'stage'] }
  expect(words(contract, telling)).toEqual([
    {
      kind: 'looser',
      words: 'Answers tell which policy serves, and a policy that can read it can behave differently.',
    },
  ])
  expect(words(telling, more)).toMatchObject([{ kind: 'looser', words: /at which stage the release is/ }])
  expect(words(more, telling)).toEqual([
    { kind: 'tighter', words: 'Answers do not tell any more at which stage the release is.' },
  ])
  expect(words(null, more)).toHaveLength(2)
  expect(words(contract, { ...contract, tells: [] })).toEqual([])
})
