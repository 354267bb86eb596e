/**
 * Reference values: NLTK and crowd-kit style implementations run once on simulated ratings (3 answers, 4 raters, 60 items),
 * Krippendorff's own example (2011) with Gwet's values for it (irrCAC, "raw 4 raters").
 */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Insufficient } from '../numeric/insufficient.ts'
import type { IntervalEstimate } from '../numeric/interval-estimate.ts'
import { seededRandom } from '../numeric/seeded-random.ts'
import { cohenKappa } from './cohen.ts'
import { fleissKappa, gwetAC1 } from './kappa.ts'
import { krippendorffAlpha } from './krippendorff.ts'
import { type ItemRating, ratingTable, type Scale } from './rating-table.ts'

const OPTIONS = { alpha: 0.05, replicates: 400, seed: 1 }

/** One word an item, one character a rater, a dot where a rating is missing. */
const FULL = `
  0010 1222 0000 0020 0000 1111 0000 0000 2022 1111 1111 1011 1101 1121 0002 1011 1112 1200 1111 1101
  1111 0000 1111 2122 2122 2122 2222 0001 2120 0010 0001 1011 0000 0000 2121 0002 2220 1211 0001 1211
  2200 2202 0220 2122 2220 2222 2222 0000 0112 0001 0010 1111 1111 0001 1111 2222 1122 1111 1111 0001`
const MISSING = `
  .0.0 1222 0.00 0020 0000 .... 000. .000 .022 111. 11.1 1.11 1101 1..1 00.2 1011 1.12 12.0 1111 1.01
  1111 000. 11.1 2122 2122 2.22 22.2 00.1 2.20 ..10 0001 1011 .0.. 0000 2121 0002 2220 .211 0001 .211
  2.00 2202 0220 2.2. 2220 22.2 2.22 0.00 0112 0.01 .01. 1111 1111 0001 11.1 ...2 1122 11.1 .111 0001`
const KRIPPENDORFF = '11.1 2232 3333 3333 2222 1234 4444 1121 2222 .555 ..11 .3..'

function ratingsOf(text: string): ItemRating[] {
  return text
    .trim()
    .split(/\s+/)
    .flatMap((word, item) =>
      [...word].flatMap((value, rater) =>
        value === '.' ? [] : [{ item: `item ${item}`, rater: `rater ${rater}`, value, cluster: null }],
      ),
    )
}

const tableOf = (text: string, scale: Scale) => ratingTable(ratingsOf(text), scale, null)

function value(result: IntervalEstimate | Insufficient): number {
  if (result.kind === 'insufficient') throw new Error(result.reason)
  return result.value
}

function bounds(result: IntervalEstimate | Insufficient): { low: number; high: number } {
  if (result.kind === 'insufficient' || result.interval.kind === 'insufficient')
    throw new Error('no interval')
  return result.interval
}

describe('reference values', () => {
  test('Krippendorff with missing ratings, Fleiss and Cohen on simulated ratings', () => {
    expect(value(krippendorffAlpha(tableOf(MISSING, 'nominal'), OPTIONS))).toBeCloseTo(0.4601075626524729, 12)
    expect(value(krippendorffAlpha(tableOf(MISSING, 'interval'), OPTIONS))).toBeCloseTo(
      0.4188289184220837,
      12,
    )
    expect(value(fleissKappa(tableOf(FULL, 'nominal'), OPTIONS))).toBeCloseTo(0.48893933794414246, 12)
    const cohen = (weights: 'plain' | 'linear' | 'quadratic') =>
      value(cohenKappa(tableOf(FULL, 'nominal'), [0, 1], weights, OPTIONS))
    expect(cohen('plain')).toBeCloseTo(0.5911413969335605, 12)
    expect(cohen('linear')).toBeCloseTo(0.6392785571142284, 12)
    expect(cohen('quadratic')).toBeCloseTo(0.6920205319645357, 12)
  })

  test.each([
    ['nominal', 0.743],
    ['ordinal', 0.815],
    ['interval', 0.849],
    ['ratio', 0.797],
  ] as const)("Krippendorff's example, %s", (scale, alpha) => {
    expect(value(krippendorffAlpha(tableOf(KRIPPENDORFF, scale), OPTIONS))).toBeCloseTo(alpha, 3)
  })

  test("Gwet's values of the same example", () => {
    expect(value(gwetAC1(tableOf(KRIPPENDORFF, 'nominal'), OPTIONS))).toBeCloseTo(0.77544, 5)
    expect(value(fleissKappa(tableOf(KRIPPENDORFF, 'nominal'), OPTIONS))).toBeCloseTo(0.76117, 5)
  })

  test("the bootstrap interval of Cohen's kappa is as wide as its asymptotic standard error says", () => {
    const { low, high } = bounds(
      cohenKappa(tableOf(FULL, 'nominal'), [0, 1], 'plain', { ...OPTIONS, replicates: 4000 }),
    )
    // Asymptotic standard error of the reference: 0.08573.
    expect((high - low) / (2 * 1.96 * 0.0857277818783146)).toBeGreaterThan(0.9)
    expect((high - low) / (2 * 1.96 * 0.0857277818783146)).toBeLessThan(1.1)
  })
})

describe('intervals', () => {
  test('95 % intervals hold the truth in 92 % of cases or more, with 20 items', () => {
    const random = seededRandom(5)
    // Three raters, each right with probability 0.8 and otherwise uniform over three answers, rates .5, .3, .2.
    const draw = (): number => {
      const at = random()
      return at < 0.5 ? 0 : at < 0.8 ? 1 : 2
    }
    const simulate = (items: number): ItemRating[] =>
      Array.from({ length: items }, (_, item) => {
        const truth = draw()
        return [0, 1, 2].map((rater) => ({
          item: String(item),
          rater: String(rater),
          value: String(random() < 0.8 ? truth : draw()),
          cluster: null,
        }))
      }).flat()
    // Answers of two raters on one item are the same "true" answer with probability .64, else independent.
    const truth = 0.64
    let held = { alpha: 0, fleiss: 0, cohen: 0 }
    const runs = 300
    for (let run = 0; run < runs; run++) {
      const table = ratingTable(simulate(20), 'nominal', null)
      const holds = (result: IntervalEstimate | Insufficient): number => {
        const { low, high } = bounds(result)
        return low <= truth && truth <= high ? 1 : 0
      }
      held = {
        alpha: held.alpha + holds(krippendorffAlpha(table, { ...OPTIONS, seed: run })),
        fleiss: held.fleiss + holds(fleissKappa(table, { ...OPTIONS, seed: run })),
        cohen: held.cohen + holds(cohenKappa(table, [0, 1], 'plain', { ...OPTIONS, seed: run })),
      }
    }
    expect(Math.min(held.alpha, held.fleiss, held.cohen) / runs).toBeGreaterThan(0.92)
  })

  test('items of one cluster are drawn together: copying every item tenfold does not narrow the interval', () => {
    const once = ratingsOf(FULL)
    const tenfold = Array.from({ length: 10 }, (_, copy) =>
      once.map((rating) => ({ ...rating, cluster: rating.item, item: `${rating.item} copy ${copy}` })),
    ).flat()
    const width = (ratings: readonly ItemRating[]): number => {
      const { low, high } = bounds(fleissKappa(ratingTable(ratings, 'nominal', null), OPTIONS))
      return high - low
    }
    expect(width(tenfold)).toBeCloseTo(width(once), 1)
    expect(width(tenfold.map((rating) => ({ ...rating, cluster: null })))).toBeLessThan(0.5 * width(once))
  })

  test('agreement that was never broken is not certain agreement, and more of it is more certain', () => {
    const lows = [10, 100, 1000].map((items) => {
      const text = Array.from({ length: items }, (_, item) => (item % 2 === 0 ? '11' : '00')).join(' ')
      return bounds(krippendorffAlpha(tableOf(text, 'nominal'), OPTIONS)).low
    })
    expect(lows[0]).toBeLessThan(0.5)
    expect(lows[1]).toBeGreaterThan(lows[0] as number)
    expect(lows[2]).toBeGreaterThan(lows[1] as number)
    expect(lows[2]).toBeLessThan(1)
  })

  test('items rated once do not make certain what one pair showed', () => {
    const text = `${'1. '.repeat(500)} ${'0. '.repeat(500)} 11 00`
    const result = gwetAC1(tableOf(text, 'nominal'), OPTIONS)
    expect(result).toMatchObject({ kind: 'estimate', value: 1, interval: { kind: 'insufficient' } })
  })
})

describe('degenerate and hostile input', () => {
  const all = (text: string, scale: Scale) => {
    const table = tableOf(text, scale)
    return [krippendorffAlpha(table, OPTIONS), fleissKappa(table, OPTIONS), gwetAC1(table, OPTIONS)]
  }

  test.each([
    ['nothing', ''],
    ['one rater', '1 0 1 1 0'],
    ['one class', '111 111 11. 111'],
    ['no item rated twice', '1.. .0. ..1'],
  ])('%s is insufficient', (_, text) => {
    for (const result of all(text, 'nominal')) expect(result.kind).toBe('insufficient')
  })

  test('words have no order unless one is given', () => {
    const words = ratingsOf('12 21 11').map((rating) => ({
      ...rating,
      value: rating.value === '1' ? 'low' : 'high',
    }))
    expect(() => ratingTable(words, 'ordinal', null)).toThrow(RangeError)
    expect(value(krippendorffAlpha(ratingTable(words, 'ordinal', ['low', 'high']), OPTIONS))).toBeLessThan(1)
    expect(cohenKappa(ratingTable(words, 'nominal', null), [0, 1], 'linear', OPTIONS).kind).toBe(
      'insufficient',
    )
  })

  test('whatever the ratings, every number is finite, and intervals hold their estimate', () => {
    const number = fc.oneof(
      fc.integer({ min: 0, max: 4 }),
      fc.constantFrom(0, 1e-300, 1e300, 1.7e308, 5e-324),
      fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }),
    )
    const rows = fc.array(fc.array(fc.option(number), { minLength: 1, maxLength: 4 }), { maxLength: 30 })
    fc.assert(
      fc.property(rows, fc.constantFrom<Scale>('nominal', 'ordinal', 'interval', 'ratio'), (items, scale) => {
        const ratings = items.flatMap((row, item) =>
          row.flatMap((rating, rater) =>
            rating === null
              ? []
              : [{ item: String(item), rater: String(rater), value: String(rating), cluster: null }],
          ),
        )
        const table = ratingTable(ratings, scale, null)
        const options = { ...OPTIONS, replicates: 40 }
        const results = [
          krippendorffAlpha(table, options),
          fleissKappa(table, options),
          gwetAC1(table, options),
          ...(table.raters.length > 1
            ? (['plain', 'linear', 'quadratic'] as const).map((weights) =>
                cohenKappa(table, [0, 1], weights, options),
              )
            : []),
        ]
        for (const result of results) {
          if (result.kind === 'insufficient') continue
          expect(result.value).toBeLessThanOrEqual(1)
          expect(result.value).toBeGreaterThan(Number.NEGATIVE_INFINITY)
          if (result.interval.kind === 'insufficient') continue
          expect(result.interval.high).toBeLessThanOrEqual(1)
          expect(Number.isFinite(result.interval.low)).toBe(true)
          expect(result.interval.low).toBeLessThanOrEqual(result.interval.high)
        }
      }),
      { seed: 3, numRuns: 300 },
    )
  })

  test('the order of rows and of raters, and the names of items, change nothing', () => {
    const ratings = ratingsOf(MISSING)
    const results = (rows: readonly ItemRating[]) =>
      (['nominal', 'ordinal'] as const).flatMap((scale) => {
        const table = ratingTable(rows, scale, null)
        return [
          krippendorffAlpha(table, OPTIONS),
          fleissKappa(table, OPTIONS),
          gwetAC1(table, OPTIONS),
          cohenKappa(table, [0, 1], 'plain', OPTIONS),
        ]
      })
    const expected = results(ratings)
    fc.assert(
      fc.property(
        fc.shuffledSubarray(ratings, { minLength: ratings.length }),
        fc.nat(1000),
        (shuffled, salt) => {
          const renamed = shuffled.map((row) => ({
            ...row,
            item: `${(Number(row.item.slice(5)) * 7919 + salt) % 10007}`,
          }))
          expect(results(renamed)).toEqual(expected)
        },
      ),
      { seed: 4, numRuns: 20 },
    )
    const swapped = ratings.map((row) => ({ ...row, rater: `rater ${3 - Number(row.rater.slice(6))}` }))
    expect(results(swapped).filter((_, at) => at % 4 !== 3)).toEqual(expected.filter((_, at) => at % 4 !== 3))
  })
})
