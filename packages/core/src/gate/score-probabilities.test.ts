import fc from 'fast-check'
import { expect, test } from 'vitest'
import { seededRandom } from '../numeric/seeded-random.ts'
import { playUnit, playUntil, startBetting } from '../sequential/betting-process.ts'
import { gatherEvidence } from './evidence.ts'
import { learnFailure, predictFailure, startCalibration } from './judge-calibration.ts'
import { planAt } from './plan.ts'
import { summandOf } from './summand.ts'
import type { ArmLabel, PairedUnit } from './unit.ts'

/** Scores 0.1 and 0.9 only. */
const probabilitiesOf = (low: number, high: number) =>
  Array.from({ length: 11 }, (_, bin) => (bin === 1 ? low : bin === 9 ? high : null))

test('whatever the judge says of the unit, the range is the same and holds the value', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0.05, max: 1, noNaN: true }),
      fc.double({ min: 0.05, max: 1, noNaN: true }),
      fc.array(fc.tuple(fc.boolean(), fc.boolean()), { maxLength: 30 }),
      (low, high, seen) => {
        const calibration = startCalibration()
        for (const [suspected, failed] of seen)
          learnFailure(calibration, suspected ? 0.9 : 0.1, failed ? 1 : 0)
        const probabilities = probabilitiesOf(low, high)
        const ranges = new Set<string>()
        for (const judge of [0.1, 0.9]) {
          const predicted = predictFailure(calibration, judge, probabilities)
          const probability = judge > 0.5 ? high : low
          const labels: readonly ArmLabel[] = [
            { kind: 'unsampled', probability, judge },
            { kind: 'observed', failure: 0, probability, judge },
            { kind: 'observed', failure: 1, probability, judge },
          ]
          for (const label of labels) {
            const unit: PairedUnit = { design: 'paired', unit: 'u', candidate: label, baseline: label }
            const { value, min, max } = summandOf(
              unit,
              { candidate: predicted, baseline: predicted },
              'promote',
            )
            expect(value).toBeGreaterThanOrEqual(min - 1e-9)
            expect(value).toBeLessThanOrEqual(max + 1e-9)
            ranges.add(`${min} ${max}`)
          }
        }
        expect(ranges.size).toBe(1)
      },
    ),
  )
})

test('knowing the probabilities promotes a better candidate sooner, and one at the margin no more often than alpha', () => {
  const random = seededRandom(15)
  const label = (rate: number): ArmLabel => {
    const failure = random() < rate ? 1 : 0
    const judge = (failure === 1) === random() < 0.9 ? 0.9 : 0.1
    const probability = judge > 0.5 ? 0.5 : 0.1
    return random() < probability
      ? { kind: 'observed', failure, probability, judge }
      : { kind: 'unsampled', probability, judge }
  }
  const probabilities = { candidate: probabilitiesOf(0.1, 0.5), baseline: probabilitiesOf(0.1, 0.5) }
  const unitOf = (rate: number): PairedUnit => ({
    design: 'paired',
    unit: 'u',
    candidate: label(rate),
    baseline: label(0.2),
    probabilityMin: 0.1,
  })
  const better = Array.from({ length: 1500 }, () => unitOf(0.1))
  const plain = gatherEvidence(better, planAt(0.05)).promoteCrossedAt
  const known = gatherEvidence(
    better.map((unit) => ({ ...unit, probabilities })),
    planAt(0.05),
  ).promoteCrossedAt
  expect(known ?? 2000).toBeLessThan(plain ?? 2000)

  const runs = 200
  let wrong = 0
  for (let run = 0; run < runs; run++) {
    const learned = { candidate: startCalibration(), baseline: startCalibration() }
    const process = startBetting()
    for (let n = 0; n < 600; n++) {
      const unit = unitOf(0.25)
      const predicted = {
        candidate: predictFailure(learned.candidate, unit.candidate.judge, probabilities.candidate),
        baseline: predictFailure(learned.baseline, unit.baseline.judge, probabilities.baseline),
      }
      const { value, max } = summandOf(unit, predicted, 'promote')
      if (playUntil(process, 0.05 - value, max - 0.05, planAt(0.05).betPrior, Math.log(20))) {
        wrong += 1
        break
      }
      for (const arm of ['candidate', 'baseline'] as const) {
        const { kind, judge } = unit[arm]
        if (kind === 'observed') learnFailure(learned[arm], judge, unit[arm].failure)
      }
    }
  }
  expect(wrong / runs).toBeLessThanOrEqual(0.05 + 3 * Math.sqrt((0.05 * 0.95) / runs))
})

test('the share of the plug-in is a half unless the prior says otherwise', () => {
  const play = (plugInShare?: number) => {
    const process = startBetting()
    const prior = {
      gap: 0.05,
      variance: 0.2,
      weight: 300,
      ...(plugInShare === undefined ? {} : { plugInShare }),
    }
    for (const payoff of [0.05, -0.95, 1.05]) playUnit(process, payoff, 0.95, prior)
    return process
  }
  expect(play(0.5).logWealth).toBe(play().logWealth)
  const { logPlugIn, logFractions, logWealth } = play(0.9)
  const mixture = [...logFractions].reduce((sum, log) => sum + Math.exp(log), 0) / logFractions.length
  expect(Math.exp(logWealth)).toBeCloseTo(0.9 * Math.exp(logPlugIn) + 0.1 * mixture, 12)
})
