import { expect, test } from 'vitest'
import { seededRandom } from '../numeric/seeded-random.ts'
import { gatherEvidence } from './evidence.ts'
import { planAt } from './plan.ts'
import { summandOf } from './summand.ts'
import type { ArmLabel, GateUnit } from './unit.ts'

const observed = (failure: number, probability = 1, judge: number | null = null): ArmLabel => ({
  kind: 'observed',
  failure,
  probability,
  judge,
})
const missing: ArmLabel = { kind: 'missing', probability: 1, judge: null }
const sure = (value: number) => ({ value, min: value, max: value })
const predicted = { candidate: sure(0.25), baseline: sure(0.5) }

test('paired, by hand: an audited candidate at pi = 1/2 against a fully labelled baseline', () => {
  const unit: GateUnit = { design: 'paired', unit: 'u', candidate: observed(1, 0.5), baseline: observed(1) }
  // 0.25 + (1 - 0.25) / 0.5 = 1.75, minus 1; the range is [0.25 - 0.5 - 1, 1.75 - 0].
  expect(summandOf(unit, predicted, 'promote')).toEqual({ value: 0.75, min: -1.25, max: 1.75 })
})

test('a missing label speaks against the claim under test, in either arm', () => {
  const lost: GateUnit = { design: 'paired', unit: 'u', candidate: missing, baseline: missing }
  expect(summandOf(lost, predicted, 'promote').value).toBe(1)
  expect(summandOf(lost, predicted, 'rollback').value).toBe(-1)
})

test('the summand averages to the difference over the audit draw, whatever was predicted', () => {
  for (const probability of [0.05, 0.3, 0.9]) {
    const value = (candidate: ArmLabel) =>
      summandOf({ design: 'paired', unit: 'u', candidate, baseline: observed(0) }, predicted, 'promote').value
    const mean =
      probability * value(observed(1, probability)) +
      (1 - probability) * value({ kind: 'unsampled', probability, judge: null })
    expect(mean).toBeCloseTo(1, 12)
  }
})

test('the range of a pair knows nothing of what the judge said of it', () => {
  const range = (value: number, probability: number) => {
    const guess = { value, min: 0.1, max: 0.8 }
    const candidate = observed(1, probability)
    const unit: GateUnit = {
      design: 'paired',
      unit: 'u',
      candidate,
      baseline: observed(0),
      probabilityMin: 0.2,
    }
    const { min, max } = summandOf(unit, { candidate: guess, baseline: guess }, 'promote')
    return { min, max }
  }
  expect(range(0.1, 1)).toEqual(range(0.8, 0.2))
  // 0.1 + 0.9 / 0.2 for the candidate, and for the baseline down to 0.8 - 0.8 / 0.2.
  expect(range(0.8, 0.2).max).toBeCloseTo(4.6 + 3.2, 12)
  expect(range(0.8, 0.2).min).toBeCloseTo(-3.2 - 4.6, 12)
})

const routed = (
  arm: 'candidate' | 'baseline',
  label: ArmLabel,
  propensity: number,
  probabilityMin?: number,
): GateUnit => ({
  design: 'routed',
  unit: 'u',
  arm,
  propensity,
  label,
  ...(probabilityMin === undefined ? {} : { probabilityMin }),
})

test('the range of a routed unit holds every value it can take', () => {
  for (const propensity of [0.1, 0.5, 0.9])
    for (const probability of [0.1, 0.5, 1])
      for (const guess of [0, 0.9, 1])
        for (const arm of ['candidate', 'baseline'] as const)
          for (const failure of [0, 1]) {
            const unit = routed(arm, observed(failure, probability), propensity)
            const z = summandOf(unit, { candidate: sure(guess), baseline: sure(guess) }, 'promote')
            expect(z.value).toBeGreaterThanOrEqual(z.min)
            expect(z.value).toBeLessThanOrEqual(z.max)
          }
})

test('the range of a routed unit is the same whichever arm is drawn', () => {
  const range = (unit: GateUnit) => {
    const { min, max } = summandOf(unit, predicted, 'promote')
    return { min, max }
  }
  expect(range(routed('candidate', observed(1, 0.1), 0.5, 0.1))).toEqual(
    range(routed('baseline', observed(1, 1), 0.5, 0.1)),
  )
})

test('routed units whose arms are audited at different rates: false promotion stays at alpha', () => {
  const random = seededRandom(11)
  const runs = 200
  let promoted = 0
  for (let run = 0; run < runs; run++) {
    const units: GateUnit[] = Array.from({ length: 300 }, () => {
      const arm = random() < 0.5 ? 'candidate' : 'baseline'
      const probability = arm === 'candidate' ? 0.1 : 1
      const failure = random() < (arm === 'candidate' ? 0.35 : 0.3) ? 1 : 0
      const label: ArmLabel =
        random() < probability
          ? observed(failure, probability)
          : { kind: 'unsampled', probability, judge: null }
      return routed(arm, label, 0.5, 0.1)
    })
    if (gatherEvidence(units, planAt(0.05)).promoteCrossedAt !== null) promoted += 1
  }
  // 0.05 + 3 standard errors. With a stake that follows the drawn arm, nearly every run promotes.
  expect(promoted / runs).toBeLessThanOrEqual(0.05 + 3 * Math.sqrt((0.05 * 0.95) / runs))
})
