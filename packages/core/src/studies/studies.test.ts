import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { seededRandom } from '../numeric/seeded-random.ts'
import { armAccuracy, compareArms } from './compare-arms.ts'
import { fisherExact } from './fisher-exact.ts'
import type { Judgment } from './judgment.ts'
import { raterDifferences } from './rater-differences.ts'
import { recalibration } from './recalibration.ts'
import { roundMeans } from './round-means.ts'

const judgment = (over: Partial<Judgment>): Judgment => ({
  arm: 'a',
  item: 'i',
  rater: 'r',
  probabilities: [0.9],
  ...over,
})

describe('Fisher’s exact test', () => {
  /** Values: R, fisher.test; the first is the tea tasting of Fisher (1935), the second the published debate study. */
  test.each([
    [3, 4, 1, 4, 0.4857142857142858],
    [130, 154, 71, 96, 0.0498982754],
    [0, 5, 5, 5, 0.007936507936507936],
    [0, 0, 3, 5, 1],
  ])('%i of %i against %i of %i', (a, m, b, n, p) => {
    expect(fisherExact({ right: a, total: m }, { right: b, total: n })).toBeCloseTo(p, 9)
  })

  test('is symmetric, at most 1, and refuses what is no share', () => {
    const share = fc
      .tuple(fc.nat(60), fc.nat(60))
      .map(([x, y]) => ({ right: Math.min(x, y), total: Math.max(x, y) }))
    fc.assert(
      fc.property(share, share, (a, b) => {
        const p = fisherExact(a, b)
        expect(p).toBeGreaterThan(0)
        expect(p).toBeLessThanOrEqual(1)
        expect(fisherExact(b, a)).toBeCloseTo(p, 9)
      }),
      { seed: 3, numRuns: 300 },
    )
    expect(() => fisherExact({ right: 2, total: 1 }, { right: 0, total: 1 })).toThrow('2 of 1')
  })
})

/** `perItem` judgments of each of `items` stories, right as the story or by chance. */
function study(
  rates: readonly [number, number],
  items: number,
  perItem: number,
  shared: number,
  seed: number,
) {
  const random = seededRandom(seed)
  return ['a', 'b'].flatMap((arm, at) =>
    Array.from({ length: items }, (_, item) => {
      const story = random() < (rates[at] as number)
      return Array.from({ length: perItem }, (_, n) => {
        const right = random() < shared ? story : random() < (rates[at] as number)
        return judgment({
          arm,
          item: `i${item}${arm}`,
          rater: `r${n}${item % 7}`,
          probabilities: [0.5, right ? 0.9 : 0.2],
        })
      })
    }).flat(),
  )
}

describe('arms', () => {
  test('a large difference is shown; a small one is not; the order of the rows changes nothing', () => {
    const found = compareArms(study([0.9, 0.6], 100, 2, 0, 1), ['a', 'b'], 1)
    expect(found).toMatchObject({ kind: 'difference', verdict: 'shown' })
    expect(compareArms(study([0.8, 0.78], 60, 2, 0, 2), ['a', 'b'], 1)).toMatchObject({
      verdict: 'not-shown',
      flips: null,
    })
    expect(compareArms(study([0.9, 0.6], 100, 2, 0, 1).toReversed(), ['a', 'b'], 1)).toEqual(found)
  })

  test('what hangs on one judgment is fragile', () => {
    const arm = (name: string, right: number, total: number) =>
      Array.from({ length: total }, (_, n) =>
        judgment({ arm: name, item: `i${n}`, rater: `r${n % 19}`, probabilities: [n < right ? 0.9 : 0.1] }),
      )
    expect(compareArms([...arm('a', 130, 154), ...arm('b', 71, 96)], ['a', 'b'], 1)).toMatchObject({
      verdict: 'fragile',
      flips: 1,
    })
  })

  test('judgments of one story are alike: the clustered interval holds the difference, the plain test is fooled', () => {
    let held = 0
    let fooled = 0
    for (let seed = 0; seed < 60; seed++) {
      const found = compareArms(study([0.7, 0.7], 40, 8, 0.8, seed), ['a', 'b'], 1)
      if (found.kind !== 'difference' || found.difference.interval.kind !== 'interval') throw new Error()
      const { low, high } = found.difference.interval
      if (low <= 0 && high >= 0) held += 1
      if (found.pAlone < 0.05) fooled += 1
    }
    expect(held).toBeGreaterThanOrEqual(53)
    expect(fooled).toBeGreaterThan(15)
  })

  test('an even guess at the end is not right; an empty arm and few clusters give no number', () => {
    expect(armAccuracy([judgment({ probabilities: [0.9, 0.5] })], 'a', 1)).toMatchObject({
      right: 0,
      total: 1,
      accuracy: { interval: { kind: 'insufficient' } },
    })
    expect(compareArms([judgment({})], ['a', 'b'], 1)).toMatchObject({ kind: 'insufficient' })
  })

  test('means by round are over those who have not stopped', () => {
    const found = roundMeans([judgment({ probabilities: [0.5, 1] }), judgment({ probabilities: [0.7] })], 'a')
    expect(found.map(({ judgments }) => judgments)).toEqual([2, 1])
    expect(found.map(({ mean }) => mean)).toEqual([0.6, 1])
    expect(roundMeans([], 'a')).toEqual([])
  })
})

describe('recalibration', () => {
  /** Right with probability sigmoid(slope * log-odds), stated as log-odds. */
  function stated(slope: number, count: number) {
    const random = seededRandom(11)
    return Array.from({ length: count }, (_, at) => {
      const logOdds = 0.5 + 3 * random()
      const right = random() < 1 / (1 + Math.exp(-slope * logOdds))
      const p = 1 / (1 + Math.exp(-logOdds))
      return judgment({ item: `i${at % 80}`, probabilities: [right ? p : 1 - p] })
    })
  }

  test.each([0.4, 1, 1.6])('finds slope %s', (slope) => {
    const found = recalibration(stated(slope, 4000), 1)
    if (found.kind === 'insufficient') throw new Error(found.reason)
    expect(Math.abs(found.slope - slope)).toBeLessThan(0.1)
    const { gain } = found.logScore
    if (gain.interval.kind !== 'interval') throw new Error()
    // Where nothing is to be gained, nothing is claimed.
    expect(gain.interval.low > 0).toBe(slope !== 1)
  })

  test('certainty that was wrong costs much and not infinitely; few items say nothing', () => {
    const found = recalibration(
      Array.from({ length: 40 }, (_, at) =>
        judgment({ item: `i${at}`, probabilities: [at % 4 === 0 ? 0 : 1] }),
      ),
      1,
    )
    if (found.kind === 'insufficient') throw new Error(found.reason)
    expect(found.logScore.stated).toBeGreaterThan(-2)
    expect(found.logScore.recalibrated).toBeGreaterThan(-0.7)
    expect(recalibration([judgment({})], 1)).toMatchObject({ kind: 'insufficient' })
  })
})

describe('whether raters differ', () => {
  const answers = (rateOf: (rater: number, stratum: number) => number, seed: number, count = 600) => {
    const random = seededRandom(seed)
    return Array.from({ length: count }, (_, at) => {
      const rater = at % 12
      const stratum = Math.floor(at / 12) % 3
      return { rater: `r${rater}`, stratum: `s${stratum}`, right: random() < rateOf(rater, stratum) }
    })
  }

  test('alike raters are called different about as often as 5 %', () => {
    let called = 0
    for (let seed = 0; seed < 100; seed++)
      if (
        raterDifferences(
          answers(() => 0.8, seed, 240),
          seed,
        ).differ
      )
        called += 1
    expect(called).toBeLessThanOrEqual(12)
  })

  test('a bad rater among good ones is found; the order of the rows changes nothing', () => {
    const rows = answers((rater) => (rater === 0 ? 0.5 : 0.85), 1)
    const found = raterDifferences(rows, 1)
    expect(found.differ).toBe(true)
    expect(raterDifferences(rows.toReversed(), 1)).toEqual(found)
  })

  test('whoever got the hard stratum is not called bad', () => {
    const random = seededRandom(4)
    const rows = Array.from({ length: 600 }, (_, at) => {
      const rater = at % 12
      const hard = rater < 4
      return { rater: `r${rater}`, stratum: hard ? 'hard' : 'easy', right: random() < (hard ? 0.5 : 0.9) }
    })
    expect(raterDifferences(rows, 1).differ).toBe(false)
    expect(
      raterDifferences(
        rows.map((row) => ({ ...row, stratum: 'all' })),
        1,
      ).differ,
    ).toBe(true)
  })

  test('nobody, one rater, nobody ever wrong: no difference', () => {
    expect(raterDifferences([], 1).p).toBe(1)
    expect(
      raterDifferences(
        answers(() => 1, 1),
        1,
      ).p,
    ).toBe(1)
    expect(raterDifferences([{ rater: 'r', stratum: 's', right: true }], 1).differ).toBe(false)
  })
})
