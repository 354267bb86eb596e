/**
 * Reference values: ppi_py (commit bd90caa) on simulated labels and a binary judge of accuracy 0.7 to 0.97, 150 labelled and
 * 3,000 unlabelled units, 95 %; and an active sample of 308 labels of 3,000 units, 90 %.
 */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Insufficient } from '../numeric/insufficient.ts'
import { seededRandom } from '../numeric/seeded-random.ts'
import { activeMean } from './active-mean.ts'
import { auditProbabilities } from './audit-probabilities.ts'
import { bettingActiveMean, bettingMean, shuffledForBetting } from './betting-mean.ts'
import type { JudgedRow, SampledRow } from './judged-row.ts'
import { type MeanEstimate, pValuesAt } from './mean-estimate.ts'
import { ppiMean } from './ppi-mean.ts'

const BEST = { alpha: 0.05, tuning: 'best' } as const

/** Counts of (human, judge): 00, 01, 11, 10; then of unlabelled judge 0 and 1. */
function rowsOf(
  labelled: readonly [number, number, number, number],
  others: readonly [number, number],
): JudgedRow[] {
  const row = (many: number, human: number | null, judge: number): JudgedRow[] =>
    Array.from({ length: many }, () => ({ human, judge }))
  return [
    ...row(labelled[0], 0, 0),
    ...row(labelled[1], 0, 1),
    ...row(labelled[2], 1, 1),
    ...row(labelled[3], 1, 0),
    ...row(others[0], null, 0),
    ...row(others[1], null, 1),
  ]
}

function known<Result extends MeanEstimate>(result: Result | Insufficient): Result {
  if (result.kind === 'insufficient') throw new Error(result.reason)
  return result
}

describe('reference values', () => {
  const CASES = [
    {
      rows: rowsOf([76, 45, 22, 7], [1845, 1155]),
      full: {
        value: 0.13166666666666665,
        low: 0.04484702585562292,
        high: 0.2184863074777104,
        larger: 0.05880532727211564,
      },
      best: { value: 0.17842038603397523, low: 0.11813077014479223, high: 0.23871000192315822 },
      tuning: 0.24183157782742853,
      human: [0.13013539852925177, 0.2565312681374149],
      at02: 0.48296929847493086,
      above03: 0.9999276944340088,
    },
    {
      rows: rowsOf([106, 20, 20, 4], [2034, 966]),
      full: {
        value: 0.21533333333333332,
        low: 0.15141365755705657,
        high: 0.27925300910961004,
        larger: 0.1616902504177848,
      },
      best: { value: 0.18197382372432075, low: 0.132662030143679, high: 0.2312856173049625 },
      tuning: 0.39711729622266406,
      human: [0.10133189023547856, 0.21866810976452145],
      at02: 0.47369823697250724,
      above03: 0.9952859440674181,
    },
    {
      rows: rowsOf([103, 9, 35, 3], [2233, 767]),
      full: {
        value: 0.21566666666666665,
        low: 0.1682168976488136,
        high: 0.2631164356845197,
        larger: 0.17584556521650874,
      },
      best: { value: 0.2235030178661287, low: 0.18018928184056957, high: 0.2668167538916878 },
      tuning: 0.7919552778903879,
      human: [0.18373288901616028, 0.32293377765050646],
      at02: 0.28754573974314124,
      above03: 0.9997525294561003,
    },
    {
      rows: rowsOf([114, 3, 31, 2], [2355, 645]),
      full: {
        value: 0.20833333333333334,
        low: 0.17564337498968075,
        high: 0.24102329167698594,
        larger: 0.18089905547385124,
      },
      best: { value: 0.20969983353289917, low: 0.17852871305052537, high: 0.24087095401527298 },
      tuning: 0.882871411465785,
      human: [0.1537080028142606, 0.2862919971857394],
      at02: 0.5419268199035817,
      above03: 0.9999999805726996,
    },
  ]

  test.each(CASES)('the mean at tuning $tuning', ({ rows, full, best, tuning, human, at02, above03 }) => {
    const tuned = known(ppiMean(rows, BEST))
    expect(tuned.method).toMatchObject({ name: 'prediction-powered', degrees: null })
    if (tuned.method.name === 'betting') throw new Error('betting')
    expect(tuned.method.tuning).toBeCloseTo(tuning, 12)
    expect(tuned.value).toBeCloseTo(best.value, 12)
    expect(tuned.interval.low).toBeCloseTo(best.low, 12)
    expect(tuned.interval.high).toBeCloseTo(best.high, 12)
    expect(pValuesAt(tuned, 0.2)?.twoSided).toBeCloseTo(at02, 10)
    const believed = known(ppiMean(rows, { alpha: 0.05, tuning: 1 }))
    expect(believed.value).toBeCloseTo(full.value, 12)
    expect(believed.interval.low).toBeCloseTo(full.low, 12)
    expect(believed.interval.high).toBeCloseTo(full.high, 12)
    expect(pValuesAt(believed, 0.3)?.larger).toBeCloseTo(above03, 12)
    expect((pValuesAt(believed, 0.3)?.smaller ?? 0) + above03).toBeCloseTo(1, 12)
    // A one-sided bound is one end of the two-sided interval of twice the alpha.
    expect(known(ppiMean(rows, { alpha: 0.1, tuning: 1 })).interval.low).toBeCloseTo(full.larger, 12)
    const alone = known(ppiMean(rows, { alpha: 0.05, tuning: 0 }))
    expect(alone.method.name).toBe('human')
    expect(alone.interval.low).toBeCloseTo(human[0] as number, 12)
    expect(alone.interval.high).toBeCloseTo(human[1] as number, 12)
  })

  test('the active mean', () => {
    const LOW = 0.042704626334519574
    const HIGH = 0.25622775800711745
    const row = (many: number, human: number | null, judge: number, probability: number): SampledRow[] =>
      Array.from({ length: many }, () => ({ human, judge, probability }))
    const rows = [
      ...row(2095, null, 0, LOW),
      ...row(597, null, 1, HIGH),
      ...row(129, 1, 1, HIGH),
      ...row(98, 0, 0, LOW),
      ...row(79, 0, 1, HIGH),
      ...row(2, 1, 0, LOW),
    ]
    const found = known(activeMean(rows, 0.1))
    expect(found.value).toBeCloseTo(0.1811712962962963, 12)
    expect(found.interval.low).toBeCloseTo(0.15436766844367258, 12)
    expect(found.interval.high).toBeCloseTo(0.20797492414892002, 12)
    expect(found.method).toMatchObject({ name: 'active' })
    // Two of 308 labels contradict a judge who was hardly asked about: each carries 23 % of the variance.
    expect(found.largestShare).toBeGreaterThan(0.2)
  })
})

function simulate(
  random: () => number,
  rate: number,
  accuracy: number,
  labels: number,
  others: number,
): JudgedRow[] {
  return Array.from({ length: labels + others }, (_, at) => {
    const truth = random() < rate ? 1 : 0
    return { human: at < labels ? truth : null, judge: random() < accuracy ? truth : 1 - truth }
  })
}

describe('coverage at fixed seeds', () => {
  test.each([
    ['enough failures', 0.2, 0.8, 200, 1000, 200],
    ['few labels, Student', 0.4, 0.9, 40, 400, 200],
    ['rare failures, betting', 0.02, 0.9, 120, 600, 100],
    ['a perfect judge, betting', 0.3, 1, 40, 400, 100],
  ])('%s: intervals hold the truth as often as they say', (_, rate, accuracy, labels, others, runs) => {
    const random = seededRandom(11)
    let held = 0
    for (let run = 0; run < runs; run++) {
      const { interval } = known(ppiMean(simulate(random, rate, accuracy, labels, others), BEST))
      if (interval.low <= rate && rate <= interval.high) held += 1
    }
    expect(held / runs).toBeGreaterThan(0.93)
  })

  // A refuted value stays refuted, so the last interval is the intersection of those after every label.
  test('over all looks together, the betting interval misses in at most 5 % of 100 runs', () => {
    const random = seededRandom(12)
    let missed = 0
    for (let run = 0; run < 100; run++) {
      const rows = shuffledForBetting(simulate(random, 0.1, 0.9, 150, 600))
      const { interval } = known(bettingMean(rows, 0.05, null))
      if (interval.low > 0.1 || interval.high < 0.1) missed += 1
    }
    expect(missed).toBeLessThanOrEqual(5)
  })

  test('the betting interval of an active sample holds the truth and shrinks with rows', () => {
    const random = seededRandom(13)
    const rows = Array.from({ length: 4000 }, (): SampledRow => {
      const truth = random() < 0.1 ? 1 : 0
      const judge = random() < 0.9 ? 0.05 + 0.4 * truth : 0.05 + 0.4 * (1 - truth)
      const probability = judge > 0.2 ? 0.6 : 0.2
      return { human: random() < probability ? truth : null, judge, probability }
    })
    const short = known(bettingActiveMean(rows.slice(0, 400), 0.05, null)).interval
    const long = known(bettingActiveMean(rows, 0.05, null)).interval
    expect(long.low).toBeLessThan(0.1)
    expect(long.high).toBeGreaterThan(0.1)
    expect(long.high - long.low).toBeLessThan(0.6 * (short.high - short.low))
  })
})

describe('whom to ask', () => {
  test('the budget is spent, the floor kept, and the unsure asked most', () => {
    const unit = fc.oneof(fc.constantFrom(0, 1, 0.5), fc.double({ min: 0, max: 1, noNaN: true }))
    fc.assert(
      fc.property(
        fc.array(unit, { minLength: 1, maxLength: 50 }),
        fc.double({ min: 0, max: 60, noNaN: true }),
        (predicted, budget) => {
          const probabilities = auditProbabilities(predicted, budget)
          const sum = probabilities.reduce((total, p) => total + p, 0)
          expect(sum).toBeCloseTo(Math.min(budget, predicted.length), 6)
          const floor = Math.min(0.05, budget / predicted.length / 2)
          for (const p of probabilities) {
            expect(p).toBeGreaterThanOrEqual(floor)
            expect(p).toBeLessThanOrEqual(1)
          }
          const most = probabilities.reduce((top, p) => Math.max(top, p), 0)
          const unsure = predicted.indexOf(0.5)
          if (unsure !== -1) expect(probabilities[unsure]).toBeCloseTo(most, 9)
        },
      ),
      { seed: 16, numRuns: 200 },
    )
  })

  test('saves labels against even sampling, without bias', () => {
    const random = seededRandom(17)
    // Half of the units are nearly decided, half are open.
    const rows = Array.from({ length: 4000 }, (_, at) => {
      const predicted = at % 2 === 0 ? 0.02 : 0.5
      return { truth: random() < predicted ? 1 : 0, predicted }
    })
    const mean = rows.reduce((sum, { truth }) => sum + truth / rows.length, 0)
    const spread = (probabilities: readonly number[]) => {
      const errors = Array.from({ length: 200 }, () => {
        const sampled = rows.map(({ truth, predicted }, at): SampledRow => {
          const probability = probabilities[at] as number
          return { human: random() < probability ? truth : null, judge: predicted, probability }
        })
        return known(activeMean(sampled, 0.05)).value - mean
      })
      const bias = errors.reduce((sum, error) => sum + error / errors.length, 0)
      expect(Math.abs(bias)).toBeLessThan(0.006)
      return errors.reduce((sum, error) => sum + error ** 2 / errors.length, 0)
    }
    const active = spread(
      auditProbabilities(
        rows.map(({ predicted }) => predicted),
        400,
      ),
    )
    const even = spread(rows.map(() => 0.1))
    expect(active).toBeLessThan(0.75 * even)
  })
})

describe('handing over to bets', () => {
  test('a good judge narrows the betting interval, a useless one hardly widens it', () => {
    const width = (accuracy: number) => {
      const rows = shuffledForBetting(simulate(seededRandom(18), 0.3, accuracy, 300, 3000))
      const { interval } = known(bettingMean(rows, 0.05, null))
      return interval.high - interval.low
    }
    const alone = known(bettingMean(simulate(seededRandom(18), 0.3, 0.5, 300, 0), 0.05, null)).interval
    expect(width(0.97)).toBeLessThan(0.7 * (alone.high - alone.low))
    expect(width(0.5)).toBeLessThan(1.1 * (alone.high - alone.low))
  })

  test('no failure in 100 labels: not a rate of exactly 0', () => {
    const found = known(ppiMean(rowsOf([100, 0, 0, 0], [900, 100]), BEST))
    expect(found.method).toEqual({ name: 'betting', because: expect.stringContaining('0 failures') })
    expect(found.interval.low).toBe(0)
    expect(found.interval.high).toBeGreaterThan(0.029)
    expect(found.interval.high).toBeLessThan(0.12)
  })

  test('rates of a point or less are told apart, at both ends', () => {
    const few = known(ppiMean(rowsOf([991, 0, 0, 9], [0, 0]), BEST)).interval
    expect(few.low).toBeGreaterThan(0)
    expect(few.high).toBeLessThan(0.025)
    const most = known(ppiMean(rowsOf([9, 0, 991, 0], [0, 0]), BEST)).interval
    expect(most.low).toBeCloseTo(1 - few.high, 2)
    expect(most.high).toBeCloseTo(1 - few.low, 2)
    expect(most.high).toBeLessThan(1)
  })

  test('more rows than are bet on one by one', () => {
    const rows = Array.from({ length: 50_001 }, (_, at): SampledRow => {
      const asked = at % 10 === 0
      return { human: asked ? (at % 100 === 0 ? 1 : 0) : null, judge: 0.1, probability: 0.1 }
    })
    const { value, interval } = known(bettingActiveMean(rows, 0.05, null))
    expect(value).toBeCloseTo(0.1, 3)
    expect(interval.low).toBeGreaterThan(0.05)
    expect(interval.high).toBeLessThan(0.15)
  })

  test('a judge who was never caught in an error is not yet a perfect judge', () => {
    const found = known(ppiMean(rowsOf([20, 0, 20, 0], [5000, 5000]), BEST))
    expect(found.method.name).toBe('betting')
    expect(found.interval.high - found.interval.low).toBeGreaterThan(0.1)
  })

  test('a sample with two labels of the rarer outcome, asked for with known probabilities', () => {
    const rows = Array.from({ length: 300 }, (_, at) => ({
      human: at % 2 === 0 ? (at < 4 ? 1 : 0) : null,
      judge: 0.1,
      probability: 0.5,
    }))
    const found = known(activeMean(rows, 0.05))
    expect(found.method.name).toBe('betting')
    expect(found.interval.high).toBeGreaterThan(found.value)
  })
})

describe('degenerate and hostile input', () => {
  test('no rows, one label', () => {
    expect(ppiMean([], BEST).kind).toBe('insufficient')
    expect(ppiMean([{ human: 1, judge: 0 }], BEST).kind).toBe('insufficient')
    expect(bettingMean([{ human: null, judge: 0 }], 0.05, null).kind).toBe('insufficient')
    expect(bettingActiveMean([], 0.05, null).kind).toBe('insufficient')
    expect(activeMean([{ human: null, judge: 0.5, probability: 0.5 }], 0.05).kind).toBe('insufficient')
  })

  test('whatever the labels, numbers are finite and in [0, 1]; the order of the rows changes nothing', () => {
    const unit = fc.oneof(fc.constantFrom(0, 1, 0.5, 1e-300), fc.double({ min: 0, max: 1, noNaN: true }))
    const row = fc.record({
      human: fc.option(unit),
      judge: unit,
      probability: fc.oneof(fc.constantFrom(1, 0.05), fc.double({ min: 0.01, max: 1, noNaN: true })),
    })
    fc.assert(
      fc.property(fc.array(row, { maxLength: 60 }), fc.integer({ min: 0, max: 99 }), (rows, turn) => {
        const moved = [...rows.slice(turn), ...rows.slice(0, turn)].reverse()
        for (const estimate of [
          (of: readonly SampledRow[]) => ppiMean(of, BEST),
          (of: readonly SampledRow[]) => ppiMean(of, { alpha: 0.05, tuning: 1 }),
          (of: readonly SampledRow[]) => activeMean(of, 0.05),
        ]) {
          const found = estimate(rows)
          const again = estimate(moved)
          expect(again.kind).toBe(found.kind)
          if (found.kind === 'insufficient' || again.kind === 'insufficient') continue
          const { value, interval } = found
          for (const number of [value, interval.low, interval.high]) {
            expect(number).toBeGreaterThanOrEqual(0)
            expect(number).toBeLessThanOrEqual(1)
          }
          expect(interval.low).toBeLessThanOrEqual(interval.high)
          expect(interval.high - interval.low).toBeGreaterThan(0)
          expect(again.value).toBeCloseTo(value, 9)
          expect(again.interval.low).toBeCloseTo(interval.low, 9)
          expect(again.interval.high).toBeCloseTo(interval.high, 9)
        }
      }),
      { seed: 6, numRuns: 60 },
    )
  })

  test('ten times the labels, a third of the width', () => {
    const small = known(ppiMean(rowsOf([76, 45, 22, 7], [1845, 1155]), BEST)).interval
    const large = known(ppiMean(rowsOf([760, 450, 220, 70], [18450, 11550]), BEST)).interval
    expect((small.high - small.low) / (large.high - large.low)).toBeCloseTo(Math.sqrt(10), 4)
  })
})
