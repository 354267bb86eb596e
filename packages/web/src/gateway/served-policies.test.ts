import type { GatewayView, ServingView } from '@leeway/contract/gateway'
import { expect, test } from 'vitest'
import { servedPolicies, servingWords } from './served-policies.ts'

const serving = (policy: string, more: Partial<ServingView> = {}): ServingView => ({
  agent: 'desk',
  policy,
  upstream: 'openai',
  fallback: null,
  model: 'gpt-4o',
  set: {},
  usdPerMillion: null,
  at: '2026-01-01T00:00:00.000Z',
  ...more,
})
const desk = { agent: 'desk', baseline: 'v1', candidate: 'v2' } as GatewayView['agents'][number]

test('what a contract names comes first, served or not; what is served otherwise comes after', () => {
  const all = servedPolicies({ agents: [desk], servings: [serving('old'), serving('v1')] })
  expect(all.map(({ policy, role, serving }) => [policy, role, serving !== null])).toEqual([
    ['v1', 'baseline', true],
    ['v2', 'candidate', false],
    ['old', null, true],
  ])
})

test('how a policy is served is one sentence', () => {
  expect(servingWords(serving('v1'))).toBe('gpt-4o at openai; price unknown')
  const all = { fallback: 'other', set: { temperature: 0 }, usdPerMillion: { input: 2.5, output: 10 } }
  expect(servingWords(serving('v1', all))).toBe(
    'gpt-4o at openai, else at other; sets temperature to 0; $2.5 in and $10 out a million tokens',
  )
})
