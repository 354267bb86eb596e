import { expect, test } from 'vitest'
import { gatherEvidence } from './evidence.ts'
import { planAt } from './plan.ts'
import type { ArmLabel, GateUnit } from './unit.ts'

const label = (failure: number, probability: number, judge: number | null): ArmLabel => ({
  kind: 'observed',
  failure,
  probability,
  judge,
})

test('a prediction never sees the label it is corrected by', () => {
  const past: GateUnit[] = [0, 1, 0].map((failure, index) => ({
    design: 'paired',
    unit: `past-${index}`,
    candidate: label(failure, 0.5, 0.7),
    baseline: label(0, 1, null),
  }))
  const sumWith = (failure: number) => {
    const last: GateUnit = {
      design: 'paired',
      unit: 'last',
      candidate: label(failure, 0.5, 0.7),
      baseline: label(0, 1, null),
    }
    return (gatherEvidence([...past, last], planAt(0.05)).estimate ?? 0) * 4
  }
  // Turning one label around moves its summand by exactly 1 / pi. Were the label in the prediction, by less.
  expect(sumWith(1) - sumWith(0)).toBeCloseTo(2, 10)
})
