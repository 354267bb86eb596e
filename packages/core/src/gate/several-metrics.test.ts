import { expect, test } from 'vitest'
import { seededRandom } from '../numeric/seeded-random.ts'
import { type Check, checkGate } from './check.ts'
import { planAt } from './plan.ts'
import { plansOfMetrics, verdictOfMetrics } from './several-metrics.ts'
import type { PairedUnit } from './unit.ts'

const none = { seen: 0, audited: 0 }
const unitsOf = (count: number, candidate: number, baseline: number, random: () => number): PairedUnit[] =>
  Array.from({ length: count }, (_, index) => ({
    design: 'paired',
    unit: `u${index}`,
    candidate: { kind: 'observed', failure: random() < candidate ? 1 : 0, probability: 1, judge: null },
    baseline: { kind: 'observed', failure: random() < baseline ? 1 : 0, probability: 1, judge: null },
  }))

const plans = plansOfMetrics({ correct: planAt(0.1), polite: planAt(0.1), safe: planAt(0.1) })
const checksOf = (rates: Readonly<Record<keyof typeof plans, number>>, count: number, seed: number) => {
  const random = seededRandom(seed)
  const check = (name: keyof typeof plans): Check =>
    checkGate(unitsOf(count, rates[name], 0.2, random), plans[name], none)
  return { correct: check('correct'), polite: check('polite'), safe: check('safe') }
}

test('promotion may use the whole alpha in every metric, rollback shares it', () => {
  expect(plans.safe.alpha).toBe(0.05)
  expect(plans.safe.rollbackAlpha).toBeCloseTo(0.05 / 3, 12)
})

test('one metric that is too bad keeps the candidate down, and is named', () => {
  const good = verdictOfMetrics(checksOf({ correct: 0.1, polite: 0.1, safe: 0.1 }, 500, 1), 0.05)
  expect(good).toEqual({ verdict: 'promote', because: ['correct', 'polite', 'safe'], worse: [] })
  const bad = verdictOfMetrics(checksOf({ correct: 0.1, polite: 0.6, safe: 0.1 }, 500, 2), 0.05)
  expect(bad).toEqual({ verdict: 'rollback', because: ['polite'], worse: ['polite'] })
  const unsure = verdictOfMetrics(checksOf({ correct: 0.1, polite: 0.32, safe: 0.1 }, 300, 4), 0.05)
  expect(unsure).toEqual({ verdict: 'hold', because: ['polite'], worse: [] })
  expect(verdictOfMetrics({}, 0.05).verdict).toBe('unhealthy')
})

test('with all three metrics at the harm margin, a rollback is false in at most alpha of the runs', () => {
  const runs = 150
  let wrong = 0
  for (let run = 0; run < runs; run++) {
    const checks = checksOf({ correct: 0.3, polite: 0.3, safe: 0.3 }, 60, 100 + run)
    if (verdictOfMetrics(checks, 0.05).verdict === 'rollback') wrong += 1
  }
  expect(wrong / runs).toBeLessThanOrEqual(0.05 + 3 * Math.sqrt((0.05 * 0.95) / runs))
})
