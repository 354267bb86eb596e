import { describe, expect, test } from 'vitest'
import type { KlStanding } from '../divergence/kl-budget.ts'
import { seededRandom } from '../numeric/seeded-random.ts'
import { checkGate } from './check.ts'
import { planAt } from './plan.ts'
import { summandOf } from './summand.ts'
import type { ArmLabel, GateUnit, PairedUnit } from './unit.ts'

const seen = (failure: number, probability = 1): ArmLabel => ({
  kind: 'observed',
  failure,
  probability,
  judge: null,
})
const missing: ArmLabel = { kind: 'missing', probability: 1, judge: null }
const pair = (candidate: ArmLabel, baseline: ArmLabel, index = 0): PairedUnit => ({
  design: 'paired',
  unit: `u${index}`,
  candidate,
  baseline,
})
const none = { seen: 0, audited: 0 }
const sure = (value: number) => ({ value, min: value, max: value })

describe('the summand of a unit', () => {
  const predicted = { candidate: sure(0.3), baseline: sure(0.1) }

  test('by hand: audited with probability 0.2, the other not sampled', () => {
    const unit = pair(seen(1, 0.2), { kind: 'unsampled', probability: 0.5, judge: null })
    const { value, min, max } = summandOf(unit, predicted, 'promote')
    expect(value).toBeCloseTo(0.3 + 0.7 / 0.2 - 0.1, 12)
    expect(max).toBeCloseTo(0.3 + 0.7 / 0.2 - (0.1 - 0.1 / 0.5), 12)
    expect(min).toBeCloseTo(0.3 - 0.3 / 0.2 - (0.1 + 0.9 / 0.5), 12)
  })

  test('a missing label speaks against whichever claim is under test', () => {
    expect(summandOf(pair(missing, missing), predicted, 'promote').value).toBe(1)
    expect(summandOf(pair(missing, missing), predicted, 'rollback').value).toBe(-1)
  })

  test('routed units by inverse propensity', () => {
    const unit = (arm: 'candidate' | 'baseline'): GateUnit => ({
      design: 'routed',
      unit: 'u',
      arm,
      propensity: 0.25,
      label: seen(1),
    })
    expect(summandOf(unit('candidate'), predicted, 'promote').value).toBeCloseTo(4, 12)
    expect(summandOf(unit('baseline'), predicted, 'promote').value).toBeCloseTo(-1 / 0.75, 12)
  })

  test('has the difference as its mean, whatever the predictions', () => {
    const random = seededRandom(3)
    let sum = 0
    let squares = 0
    const count = 40_000
    for (let index = 0; index < count; index++) {
      const label = (rate: number, probability: number): ArmLabel =>
        random() < probability
          ? seen(random() < rate ? 1 : 0, probability)
          : { kind: 'unsampled', probability, judge: null }
      const { value } = summandOf(
        pair(label(0.3, 0.2), label(0.1, 0.5)),
        { candidate: sure(random()), baseline: sure(random()) },
        'promote',
      )
      sum += value
      squares += value * value
    }
    const mean = sum / count
    expect(Math.abs(mean - 0.2)).toBeLessThan(4 * Math.sqrt((squares / count - mean * mean) / count))
  })
})

describe('a check', () => {
  const units = (candidate: readonly number[], baseline: readonly number[]) =>
    candidate.map((failure, index) => pair(seen(failure), seen(baseline[index] ?? 0), index))

  test('without units it is unhealthy, never a promotion', () => {
    expect(checkGate([], planAt(0.05), none)).toMatchObject({ verdict: 'unhealthy', reason: 'no-units' })
  })

  test('swapping the arms turns the difference around', () => {
    const one = checkGate(units([1, 0, 1, 1, 0, 0], [0, 0, 1, 0, 0, 1]), planAt(0.05), none).evidence
    const other = checkGate(units([0, 0, 1, 0, 0, 1], [1, 0, 1, 1, 0, 0]), planAt(0.05), none).evidence
    expect(other.estimate).toBeCloseTo(-(one.estimate ?? 0), 12)
    expect(other.high).toBeCloseTo(-one.low, 6)
    expect(other.low).toBeCloseTo(-one.high, 6)
  })

  test('promotes as soon as the upper bound falls below the margin, and not before', () => {
    const random = seededRandom(11)
    const many = Array.from({ length: 400 }, (_, index) =>
      pair(seen(random() < 0.1 ? 1 : 0), seen(random() < 0.3 ? 1 : 0), index),
    )
    const { evidence, verdict } = checkGate(many, planAt(0.1), none)
    expect(verdict).toBe('promote')
    const below = evidence.path.find(({ high }) => high < 0.1)
    // The bound is widened by a grid step, so it may follow the crossing a little later, never earlier.
    expect(below?.n).toBeGreaterThanOrEqual(evidence.promoteCrossedAt ?? Number.POSITIVE_INFINITY)
    expect(
      evidence.path.every((point, index, path) => index === 0 || point.high <= (path[index - 1]?.high ?? 1)),
    ).toBe(true)
  })

  test('rollback wins when both have crossed', () => {
    const good = Array.from({ length: 120 }, (_, index) => pair(seen(0), seen(1), index))
    const bad = Array.from({ length: 900 }, (_, index) => pair(seen(1), seen(0), 120 + index))
    const check = checkGate([...good, ...bad], planAt(0.05), none)
    expect(check.evidence.promoteCrossedAt).not.toBeNull()
    expect(check.verdict).toBe('rollback')
  })

  test('more missing labels than tolerated are unhealthy', () => {
    const some = Array.from({ length: 50 }, (_, index) =>
      pair(index % 4 === 0 ? missing : seen(0), seen(0), index),
    )
    expect(checkGate(some, planAt(0.05), none)).toMatchObject({
      verdict: 'unhealthy',
      reason: 'labels-missing',
    })
  })

  test('severe failures that are not excluded keep the gate shut', () => {
    const good = Array.from({ length: 200 }, (_, index) => pair(seen(0), seen(index % 2), index))
    const plan = planAt(0.05, { severeRateMax: 0.01 })
    const check = checkGate(good, plan, { seen: 0, audited: 200 })
    expect(check).toMatchObject({ verdict: 'hold', reason: 'severe-rate-not-excluded' })
    expect(check.severe.rateMax).toBeGreaterThan(3 / 200)
    expect(check.severe.rateMax).toBeLessThan(4.2 / 200)
  })
})

describe.each([0, 0.02, 0.05, 0.09])('at the boundary, %d of the labels missing', (share) => {
  test('false promotions and false rollbacks stay at most alpha', () => {
    const random = seededRandom(100 + Math.round(share * 1000))
    const runs = 200
    const wrong = { promote: 0, rollback: 0 }
    for (let run = 0; run < runs; run++) {
      const rows = Array.from({ length: 120 }, (_, index) => {
        const label = (rate: number): ArmLabel => {
          const failure = random() < rate ? 1 : 0
          return random() < share ? missing : seen(failure)
        }
        return pair(label(0.25), label(0.1), index)
      })
      // The true difference is the margin and the tolerated harm at once: either crossing is an error.
      const { evidence } = checkGate(rows, planAt(0.15), none)
      if (evidence.promoteCrossedAt !== null) wrong.promote += 1
      if (evidence.rollbackCrossedAt !== null) wrong.rollback += 1
    }
    // 0.05 and three standard errors of 200 runs.
    const limit = 0.05 + 3 * Math.sqrt((0.05 * 0.95) / runs)
    expect(wrong.promote / runs).toBeLessThanOrEqual(limit)
    expect(wrong.rollback / runs).toBeLessThanOrEqual(limit)
  })
})

describe('with a KL budget', () => {
  const kl = (standing: KlStanding['standing']): KlStanding => ({
    standing,
    reason: standing === 'insufficient' ? 'no conversation of the candidate has ended' : null,
    natsMax: 10,
    scored: 5,
    notScored: 0,
    mean: 9,
    low: 2,
    high: 12,
    capped: 0,
  })
  const good = Array.from({ length: 200 }, (_, index) => pair(seen(0), seen(index % 2), index))
  const bad = Array.from({ length: 200 }, (_, index) => pair(seen(index % 2), seen(0), index))
  const plan = planAt(0.05)

  test.each([
    ['within', 'promote', 'no-worse-than-margin'],
    ['open', 'hold', 'kl-not-within-budget'],
    ['insufficient', 'hold', 'kl-insufficient'],
    ['over', 'rollback', 'kl-over-budget'],
  ] as const)('%s: labels that promote %s', (standing, verdict, reason) => {
    expect(checkGate(good, plan, none, kl(standing))).toMatchObject({ verdict, reason })
  })

  test('near the baseline takes no harm back, and far from it needs no label', () => {
    expect(checkGate(bad, plan, none, kl('within')).reason).toBe('worse-than-tolerated')
    expect(checkGate([], plan, none, kl('over')).verdict).toBe('rollback')
    expect(checkGate([], plan, none, kl('within')).reason).toBe('no-units')
  })
})
