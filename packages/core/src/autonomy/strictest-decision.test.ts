import { expect, test } from 'vitest'
import type { ResponseDecision } from './decide-calls.ts'
import { strictestDecision } from './strictest-decision.ts'

const decision = (outcome: ResponseDecision['outcome'], holdProbability = 0): ResponseDecision => ({
  outcome,
  calls: [
    {
      outcome: 'allow',
      rule: 'granted',
      reason: '',
      stakes: 'reversible',
      argumentsText: null,
      holdProbability,
    },
  ],
})

test.each([
  ['release', 'hold', 'hold'],
  ['deny', 'hold', 'deny'],
  ['replace', 'deny', 'replace'],
  ['stop', 'release', 'stop'],
] as const)('of %s and %s, %s', (one, other, strictest) => {
  expect(strictestDecision([decision(one), decision(other)]).outcome).toBe(strictest)
  expect(strictestDecision([decision(other), decision(one)]).outcome).toBe(strictest)
})

test('of equal ones, the one that is held more often: the same draw held it for both', () => {
  const more = decision('release', 0.4)
  expect(strictestDecision([decision('release', 0.1), more])).toBe(more)
})

test('of none there is none', () => {
  expect(() => strictestDecision([])).toThrow(RangeError)
})
