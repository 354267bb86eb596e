import { describe, expect, test } from 'vitest'
import { seededRandom } from '../numeric/seeded-random.ts'
import { rateUpperBound } from '../sequential/rate-bound.ts'
import { checkGate } from './check.ts'
import { describeLabelError } from './describe-label-error.ts'
import type { LabelErrorPlan } from './label-error-plan.ts'
import { labelQuality } from './label-quality.ts'
import { playGrid, refutedAfter, smallestRefuted, startMarginGrid } from './margin-grid.ts'
import { planAt } from './plan.ts'
import { reauditedSummandOf } from './reaudited-summand.ts'
import { tippingPoint } from './tipping-point.ts'
import type { ArmLabel, PairedUnit } from './unit.ts'

const none = { seen: 0, audited: 0 }
const names = { candidate: 'new', baseline: 'old' }
const gold = { faults: 400, found: 340, sound: 2000, passed: 1960 }
const shared: LabelErrorPlan = { kind: 'shared', gold, alphaShare: 0.2 }
const differential: LabelErrorPlan = {
  kind: 'differential',
  floor: { passed: 0.25, failed: 0.25 },
  gold: null,
  alphaShare: 0.2,
}

/** Labels of one arm: fails with `rate`, found with `sensitivity`, sound passed with 0.98, looked at again with 0.25. */
function labelOf(rate: number, sensitivity: number, random: () => number): ArmLabel {
  const truth = random() < rate ? 1 : 0
  const failure = random() < (truth === 1 ? sensitivity : 0.02) ? 1 : 0
  const reaudit =
    random() < 0.25
      ? { kind: 'observed' as const, failure: truth, probability: 0.25 }
      : { kind: 'unsampled' as const, probability: 0.25 }
  return { kind: 'observed', failure, probability: 1, judge: null, reaudit }
}

function unitsOf(
  count: number,
  rates: { readonly candidate: number; readonly baseline: number; readonly found: number },
  seed: number,
): readonly PairedUnit[] {
  const random = seededRandom(seed)
  return Array.from({ length: count }, (_, index) => ({
    design: 'paired',
    unit: `u${index}`,
    candidate: labelOf(rates.candidate, rates.found, random),
    baseline: labelOf(rates.baseline, 0.85, random),
  }))
}

describe('label quality', () => {
  test('by hand', () => {
    const { sensitivity, specificity, informedness } = labelQuality(gold, 0.01)
    expect(sensitivity.estimate).toBe(0.85)
    expect(specificity.estimate).toBe(0.98)
    expect(sensitivity.low).toBeCloseTo(1 - rateUpperBound(60, 400, 0.01), 12)
    expect(informedness.estimate).toBeCloseTo(0.83, 12)
    expect(informedness.low).toBeCloseTo(
      1 - rateUpperBound(60, 400, 0.005) - rateUpperBound(40, 2000, 0.005),
      12,
    )
    expect(informedness.low).toBeLessThan(0.83)
  })

  test('without gold nothing can be concluded; a coin is no check', () => {
    expect(labelQuality({ faults: 0, found: 0, sound: 50, passed: 50 }, 0.05).informedness).toEqual({
      estimate: null,
      low: -1,
    })
    expect(
      labelQuality({ faults: 200, found: 100, sound: 200, passed: 100 }, 0.05).informedness.low,
    ).toBeLessThan(0)
    expect(() => labelQuality({ faults: 1, found: 2, sound: 1, passed: 1 }, 0.05)).toThrow(RangeError)
  })

  test('the bound of J is above the truth in at most alpha of the runs, at any of the looks', () => {
    const random = seededRandom(8)
    const runs = 200
    let wrong = 0
    for (let run = 0; run < runs; run++) {
      const counts = { faults: 0, found: 0, sound: 0, passed: 0 }
      for (let item = 1; item <= 300; item++) {
        if (random() < 0.5) {
          counts.faults += 1
          if (random() < 0.8) counts.found += 1
        } else {
          counts.sound += 1
          if (random() < 0.9) counts.passed += 1
        }
        if (item % 30 === 0 && labelQuality(counts, 0.1).informedness.low > 0.7) {
          wrong += 1
          break
        }
      }
    }
    expect(wrong / runs).toBeLessThan(0.1 + 3 * Math.sqrt(0.09 / runs))
  })
})

describe('the grid of margins', () => {
  test('a margin counts only when every larger one is refuted as well, and any may be asked for afterwards', () => {
    const random = seededRandom(3)
    const grid = startMarginGrid(0.1, 0.05)
    const prior = { gap: 0.1, variance: 0.2, weight: 300 }
    expect(smallestRefuted(grid)).toBeNull()
    for (let n = 0; n < 600; n++)
      playGrid(grid, { value: (random() < 0.1 ? 1 : 0) - (random() < 0.15 ? 1 : 0), min: -1, max: 1 }, prior)
    const smallest = smallestRefuted(grid)
    expect(smallest).not.toBeNull()
    expect(smallest ?? 1).toBeLessThan(0.1)
    const full = refutedAfter(grid, 0.1)
    const tighter = refutedAfter(grid, smallest ?? 0)
    expect(full).toBeGreaterThan(0)
    expect(tighter ?? 0).toBeGreaterThanOrEqual(full ?? 1000)
    expect(refutedAfter(grid, (smallest ?? 0) - 0.01)).toBeNull()
    expect(refutedAfter(grid, -1)).toBeNull()
  })
})

describe('the corrected summand', () => {
  const truth = { passed: 0.1, failed: 0.9 }
  const predicted = { value: 0, min: 0, max: 0 }
  const both = { candidate: truth, baseline: truth }
  const floor = { passed: 0.25, failed: 0.5 }
  const zero = { candidate: predicted, baseline: predicted }
  const label = (
    failure: number,
    reaudit: ArmLabel & { kind: 'observed' } extends { reaudit?: infer R } ? R : never,
  ): ArmLabel => ({ kind: 'observed', failure, probability: 1, judge: null, reaudit })

  test('by hand: a hidden fault counts 1/rho, a draw that did not come speaks against the claim', () => {
    const unit = (candidate: ArmLabel, baseline: ArmLabel): PairedUnit => ({
      design: 'paired',
      unit: 'u',
      candidate,
      baseline,
    })
    const hidden = label(0, { kind: 'observed', failure: 1, probability: 0.25 })
    const left = label(0, { kind: 'unsampled', probability: 0.25 })
    const lost = label(0, { kind: 'missing', probability: 0.25 })
    const one = reauditedSummandOf(unit(hidden, left), zero, both, floor, 'promote')
    expect(one.value).toBeCloseTo(0.1 + 0.9 / 0.25 - 0.1, 12)
    // Most: 0.1 + 0.9/0.25 = 3.7 for either arm; least: 0.9 - 0.9/0.5 = -0.9.
    expect(one.max).toBeCloseTo(3.7 + 0.9, 12)
    expect(one.min).toBeCloseTo(-4.6, 12)
    expect(reauditedSummandOf(unit(lost, left), zero, both, floor, 'promote').value).toBeCloseTo(3.6, 12)
    expect(reauditedSummandOf(unit(lost, left), zero, both, floor, 'rollback').value).toBeCloseTo(-0.4, 12)
    const withoutDraw: ArmLabel = { kind: 'observed', failure: 0, probability: 1, judge: null }
    expect(() => reauditedSummandOf(unit(withoutDraw, left), zero, both, floor, 'promote')).toThrow(
      'no re-audit draw',
    )
  })

  test('its mean is the true difference, whatever the labels miss', () => {
    const random = seededRandom(17)
    let sum = 0
    let squares = 0
    const count = 60_000
    for (let n = 0; n < count; n++) {
      const unit: PairedUnit = {
        design: 'paired',
        unit: 'u',
        candidate: labelOf(0.2, 0.3, random),
        baseline: labelOf(0.1, 0.85, random),
      }
      const { value, min, max } = reauditedSummandOf(
        unit,
        zero,
        both,
        { passed: 0.25, failed: 0.25 },
        'promote',
      )
      if (value < min - 1e-9 || value > max + 1e-9) throw new Error(`${value} is outside [${min}, ${max}]`)
      sum += value
      squares += value * value
    }
    const mean = sum / count
    expect(Math.abs(mean - 0.1)).toBeLessThan(4 * Math.sqrt((squares / count - mean * mean) / count))
  })
})

describe('a check with errors of the labels', () => {
  const honest = { candidate: 0.05, baseline: 0.1, found: 0.85 }
  const hiding = { candidate: 0.13, baseline: 0.1, found: 0.5 }

  test('a candidate that hides its failures is promoted by labels and by shared error, and stopped by differential', () => {
    const units = unitsOf(4000, hiding, 1)
    expect(checkGate(units, planAt(0.03, { harmMargin: 0.08 }), none).verdict).toBe('promote')
    expect(checkGate(units, planAt(0.03, { harmMargin: 0.08, labelError: shared }), none).verdict).toBe(
      'promote',
    )
    const check = checkGate(units, planAt(0.03, { harmMargin: 0.08, labelError: differential }), none)
    expect(check.verdict).toBe('hold')
    expect(check.evidence.labelError).toMatchObject({ kind: 'differential', blockedBy: 'check' })
    expect(check.evidence.labelError.sensitivity.candidate).toBeLessThan(0.62)
    expect(check.evidence.labelError.sensitivity.baseline).toBeGreaterThan(0.75)
    const words = describeLabelError(check, names).join(' ')
    expect(words).toContain('The check blocks: its labels alone would promote `new`')
    expect(words).toMatch(/Experts found \d+ hidden faults among \d+ passed episodes of `new`/)
  })

  test('an honest, better candidate is promoted under each', () => {
    const units = unitsOf(4000, honest, 2)
    for (const labelError of [shared, differential]) {
      const check = checkGate(units, planAt(0.03, { labelError }), none)
      expect(check.verdict, labelError.kind).toBe('promote')
      const flips = check.evidence.labelError.tippingPoint ?? -1
      expect(flips).toBeGreaterThan(0)
      expect(flips).toBeLessThan(0.85)
    }
  })

  test('shared error tests a smaller margin, and says what it rests on', () => {
    const check = checkGate(unitsOf(300, honest, 3), planAt(0.03, { labelError: shared }), none)
    const { marginInForce, quality } = check.evidence.labelError
    expect(marginInForce).toBeCloseTo(0.03 * (quality?.informedness.low ?? 0), 12)
    expect(describeLabelError(check, names)[0]).toContain('found 85 % of the faults and passed 98 %')
    expect(describeLabelError(check, names)[0]).toContain('raters who do not know the arm')
  })

  test('labels that are a coin promote nothing, however many units', () => {
    const coin: LabelErrorPlan = {
      kind: 'shared',
      gold: { faults: 50, found: 25, sound: 50, passed: 25 },
      alphaShare: 0.2,
    }
    const check = checkGate(unitsOf(2000, honest, 4), planAt(0.1, { labelError: coin }), none)
    expect(check.verdict).toBe('hold')
    expect(check.evidence.labelError.marginInForce).toBeLessThanOrEqual(0)
    expect(describeLabelError(check, names).join(' ')).toContain(
      'at this quality no number of units promotes',
    )
  })

  test('failed labels that nobody looks at again need gold, and cost a little margin', () => {
    const plan = (sound: number, passed: number): LabelErrorPlan => ({
      kind: 'differential',
      floor: { passed: 0.25, failed: null },
      gold: { faults: 0, found: 0, sound, passed },
      alphaShare: 0.2,
    })
    const units = unitsOf(3000, honest, 5)
    const check = checkGate(units, planAt(0.03, { labelError: plan(2000, 1960) }), none)
    expect(check.verdict).toBe('promote')
    expect(check.evidence.labelError.marginInForce).toBeGreaterThan(0.028)
    expect(check.evidence.labelError.marginInForce).toBeLessThan(0.0294)
  })
})

test('the tipping point by hand', () => {
  // Base 0.1, J 0.83: 0.098 + 0.02 * 0.9... labels of the baseline fail on 0.1 * 0.85 + 0.9 * 0.02 = 0.103.
  const at = (differenceRefuted: number) =>
    tippingPoint({
      differenceRefuted,
      margin: 0.03,
      baselineFailure: 0.103,
      sensitivity: 0.85,
      specificity: 0.98,
    })
  // (0 + 0.1 * 0.83) / 0.13 + 0.02
  expect(at(0)).toBeCloseTo(0.083 / 0.13 + 0.02, 12)
  // At J * margin the flip is at the sensitivity itself.
  expect(at(0.83 * 0.03)).toBeCloseTo(0.85, 12)
  expect(
    tippingPoint({
      differenceRefuted: 0,
      margin: 0.03,
      baselineFailure: null,
      sensitivity: 1,
      specificity: 1,
    }),
  ).toBeNull()
  expect(
    tippingPoint({
      differenceRefuted: 0,
      margin: 0.03,
      baselineFailure: 0.1,
      sensitivity: 0.5,
      specificity: 0.5,
    }),
  ).toBeNull()
})
