/**
 * A judge that has a say in whom to audit, at its best and at its worst: the summand stays unbiased, the gate valid.
 */
import { describe, expect, test } from 'vitest'
import { seededRandom } from '../numeric/seeded-random.ts'
import { gatherEvidence } from './evidence.ts'
import { learnFailure, predictFailure, startCalibration } from './judge-calibration.ts'
import { planAt } from './plan.ts'
import { summandOf } from './summand.ts'
import type { ArmLabel, GateUnit } from './unit.ts'

const RATE = { candidate: 0.45, baseline: 0.3 } as const
const MARGIN = RATE.candidate - RATE.baseline
const FLOOR = 0.1

type Arm = keyof typeof RATE
/** How often a failing and a passing episode of an arm is suspected, and how often suspects and others are audited. */
type Judge = {
  readonly suspects: Readonly<Record<Arm, readonly [failing: number, passing: number]>>
  readonly audits: readonly [suspected: number, other: number]
}
const GOOD: readonly [number, number] = [0.9, 0.1]
const JUDGES: readonly (readonly [string, Judge])[] = [
  ['a good judge', { suspects: { candidate: GOOD, baseline: GOOD }, audits: [0.6, FLOOR] }],
  ['a useless judge', { suspects: { candidate: [0.4, 0.4], baseline: [0.4, 0.4] }, audits: [0.6, FLOOR] }],
  [
    'a judge from which the candidate hides its failures',
    { suspects: { candidate: [0.05, 0.6], baseline: GOOD }, audits: [0.6, FLOOR] },
  ],
  [
    'a judge whose suspects are audited least',
    { suspects: { candidate: [0.6, 0.1], baseline: [0.4, 0.4] }, audits: [FLOOR, 1] },
  ],
]
const DESIGNS = ['paired', 'routed'] as const
const CASES = JUDGES.flatMap(([name, judge]) =>
  DESIGNS.map((design) => [`${name}, ${design}`, judge, design] as const),
)

function drawUnit(judge: Judge, design: (typeof DESIGNS)[number], random: () => number): GateUnit {
  const label = (arm: Arm): ArmLabel => {
    const failure = random() < RATE[arm] ? 1 : 0
    const suspected = random() < judge.suspects[arm][failure === 1 ? 0 : 1]
    const probability = judge.audits[suspected ? 0 : 1]
    const score = suspected ? 0.9 : 0.1
    return random() < probability
      ? { kind: 'observed', failure, probability, judge: score }
      : { kind: 'unsampled', probability, judge: score }
  }
  const common = { unit: 'u', probabilityMin: FLOOR }
  if (design === 'paired')
    return { ...common, design, candidate: label('candidate'), baseline: label('baseline') }
  const arm = random() < 0.4 ? 'candidate' : 'baseline'
  return { ...common, design, arm, propensity: 0.4, label: label(arm) }
}

describe.each(CASES)('%s', (_name, judge, design) => {
  test('the summand is the true difference on average, and never leaves its range', () => {
    const random = seededRandom(31)
    const learned = { candidate: startCalibration(), baseline: startCalibration() }
    const count = 40_000
    let sum = 0
    let squares = 0
    for (let n = 0; n < count; n++) {
      const unit = drawUnit(judge, design, random)
      const arms: Partial<Record<Arm, ArmLabel>> =
        unit.design === 'paired'
          ? { candidate: unit.candidate, baseline: unit.baseline }
          : { [unit.arm]: unit.label }
      const predicted = {
        candidate: predictFailure(learned.candidate, arms.candidate?.judge ?? null),
        baseline: predictFailure(learned.baseline, arms.baseline?.judge ?? null),
      }
      const { value, min, max } = summandOf(unit, predicted, 'promote')
      if (value < min - 1e-9 || value > max + 1e-9) expect.fail(`${value} is outside [${min}, ${max}]`)
      sum += value
      squares += value * value
      for (const arm of ['candidate', 'baseline'] as const) {
        const label = arms[arm]
        if (label?.kind === 'observed') learnFailure(learned[arm], label.judge, label.failure)
      }
    }
    const mean = sum / count
    const standardError = Math.sqrt((squares / count - mean * mean) / count)
    expect(Math.abs(mean - MARGIN)).toBeLessThan(4 * standardError)
  })

  test('at the boundary false promotion and false rollback stay at most alpha', () => {
    const random = seededRandom(32)
    const runs = 40
    const wrong = { promote: 0, rollback: 0 }
    for (let run = 0; run < runs; run++) {
      const units = Array.from({ length: 300 }, () => drawUnit(judge, design, random))
      const { promoteCrossedAt, rollbackCrossedAt } = gatherEvidence(units, planAt(MARGIN))
      if (promoteCrossedAt !== null) wrong.promote += 1
      if (rollbackCrossedAt !== null) wrong.rollback += 1
    }
    // 0.05 and three standard errors. With a stake that follows the unit's own score nearly every run promotes.
    const limit = 0.05 + 3 * Math.sqrt((0.05 * 0.95) / runs)
    expect(wrong.promote / runs).toBeLessThanOrEqual(limit)
    expect(wrong.rollback / runs).toBeLessThanOrEqual(limit)
  })
})
