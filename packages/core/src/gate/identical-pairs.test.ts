import { expect, test } from 'vitest'
import { seededRandom } from '../numeric/seeded-random.ts'
import { checkGate } from './check.ts'
import { describeLabelError } from './describe-label-error.ts'
import { gatherEvidence } from './evidence.ts'
import { planAt } from './plan.ts'
import type { ArmLabel, PairedUnit } from './unit.ts'

const names = { candidate: 'new', baseline: 'old' }
const seen = (failure: number): ArmLabel => ({ kind: 'observed', failure, probability: 1, judge: null })
const left: ArmLabel = { kind: 'unsampled', probability: 0.05, judge: null }
const pair = (candidate: ArmLabel, baseline: ArmLabel, identical = false): PairedUnit => ({
  design: 'paired',
  unit: 'u',
  candidate,
  baseline,
  probabilityMin: 1,
  ...(identical ? { identical } : {}),
})

/** Four pairs in five are identical; of these one in twenty is labelled, and differs with the rate given. */
function unitsOf(
  count: number,
  candidate: number,
  differs: number,
  all: boolean,
  seed: number,
): PairedUnit[] {
  const random = seededRandom(seed)
  return Array.from({ length: count }, () => {
    const same = random() < 0.1 ? 1 : 0
    const other = random() < differs ? 1 - same : same
    const own = [random() < candidate ? 1 : 0, random() < 0.2 ? 1 : 0] as const
    const checked = random() < 0.05
    if (random() < 0.2) return pair(seen(own[0]), seen(own[1]))
    if (all) return pair(seen(other), seen(same))
    return checked ? pair(seen(other), seen(same), true) : pair(left, left, true)
  })
}

test('a pair called identical is the same evidence as one that was labelled and did not differ', () => {
  const labelled = gatherEvidence(unitsOf(400, 0.1, 0, true, 1), planAt(0.05))
  const skipped = gatherEvidence(unitsOf(400, 0.1, 0, false, 1), planAt(0.05))
  expect(skipped.logPromote).toBeCloseTo(labelled.logPromote, 10)
  expect(skipped.high).toBe(labelled.high)
  expect(skipped.labels).toBeLessThan(0.35 * labelled.labels)
  expect(skipped.missing).toBe(0)
  expect(labelled.identical).toBeNull()
})

test('where checked pairs differ too often, nothing is promoted, and the check says why', () => {
  const good = checkGate(unitsOf(1500, 0.05, 0, false, 2), planAt(0.05), { seen: 0, audited: 0 })
  expect(good.verdict).toBe('promote')
  expect(describeLabelError(good, names)[0]).toContain('0 differed')
  const broken = checkGate(unitsOf(1500, 0.05, 0.4, false, 2), planAt(0.05), { seen: 0, audited: 0 })
  expect(broken.verdict).toBe('hold')
  expect(broken.evidence.identical?.broken).toBe(true)
  expect(describeLabelError(broken, names)[0]).toContain('Label all pairs')
})

test('the stake does not follow whether a pair is identical, also where a judge chooses whom to label', () => {
  const judged = (failure: number): ArmLabel => ({ kind: 'observed', failure, probability: 0.2, judge: 0.9 })
  const of = (identical: boolean) =>
    gatherEvidence([{ ...pair(judged(0), judged(0), identical), probabilityMin: 0.2 }], planAt(0.05))
  // Both predictions are 0.25: the summand is 0 either way, so equal wealth means equal stakes.
  expect(of(true).logPromote).toBeCloseTo(of(false).logPromote, 12)
})
