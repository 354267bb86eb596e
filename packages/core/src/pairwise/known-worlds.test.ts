/** What a fit finds again of simulated worlds, and how wide its intervals are for it. */
import { describe, expect, test } from 'vitest'
import type { Insufficient } from '../numeric/insufficient.ts'
import type { IntervalEstimate } from '../numeric/interval-estimate.ts'
import { seededRandom } from '../numeric/seeded-random.ts'
import { fitPairwise, type PairwiseFit } from './bradley-terry.ts'
import type { Comparison } from './comparison.ts'
import { designOf } from './design.ts'
import { fitReliability } from './rater-reliability.ts'
import { bare, fitted, interval, PLAIN, ratingOf, simulate, value } from './simulated-comparisons.ts'

describe('recovery of a known world', () => {
  const STRENGTHS = [-1, -0.4, 0, 0.2, 0.5, 0.7]

  test('95 % intervals of ratings, position, length and tie strength hold the truth in 92 % of cases or more', () => {
    const random = seededRandom(21)
    let held = 0
    let all = 0
    for (let run = 0; run < 60; run++) {
      const rows = simulate(random, STRENGTHS, 800, { nu: 0.5, position: 0.2, length: 0.8 })
      const fit = fitted(fitPairwise(rows, { ...PLAIN, ties: 'davidson', features: ['position', 'length'] }))
      const count = (estimate: IntervalEstimate | Insufficient | null | undefined, truth: number) => {
        const { low, high } = interval(estimate ?? undefined)
        all += 1
        if (low <= truth && truth <= high) held += 1
      }
      STRENGTHS.forEach((strength, at) => {
        count(ratingOf(fit, `p${at}`), strength)
      })
      count(fit.effects[0], 0.2)
      count(fit.effects[1], 0.8)
      count(fit.tieStrength, 0.5)
    }
    expect(held / all).toBeGreaterThan(0.92)
    expect(held / all).toBeLessThan(0.99)
  })

  test('raters who answer in bursts: clustering by rater holds the truth, independent comparisons do not', () => {
    const random = seededRandom(22)
    // Each of 25 raters has a taste of its own for A over B and answers 20 times.
    const rows25 = () =>
      Array.from({ length: 25 }, (_, rater) => {
        const taste = random() < 0.5 ? 0.85 : 0.15
        return Array.from(
          { length: 20 },
          (): Comparison => ({
            left: 'A',
            right: 'B',
            outcome: random() < taste ? 1 : 0,
            rater: `r${rater}`,
            features: [],
          }),
        )
      }).flat()
    let clustered = 0
    let naive = 0
    for (let run = 0; run < 100; run++) {
      const rows = rows25()
      const holds = (of: readonly Comparison[]): number => {
        const { low, high } = interval(ratingOf(fitted(fitPairwise(of, PLAIN)), 'A'))
        return low <= 0 && 0 <= high ? 1 : 0
      }
      clustered += holds(rows)
      naive += holds(rows.map((row) => ({ ...row, rater: null })))
    }
    expect(fitted(fitPairwise(rows25(), PLAIN))).toMatchObject({ clusteredBy: 'rater', clusters: 25 })
    expect(clustered).toBeGreaterThan(90)
    expect(naive).toBeLessThan(70)
  })

  test('a rater who answers the opposite is found, and the ratings are better for it', () => {
    const honesty = [0.95, 0.95, 0.9, 0.9, 0.1, 0.5]
    // Far apart: near 0 only the product of honesty and distance shows.
    const strengths = STRENGTHS.map((strength) => 3 * strength)
    const rows = simulate(seededRandom(23), strengths, 3000, { honesty })
    const plain = fitted(fitPairwise(bare(rows), PLAIN))
    const reliable = fitted(fitPairwise(bare(rows), { ...PLAIN, reliability: true }))
    const error = (fit: PairwiseFit) =>
      strengths.reduce((sum, strength, at) => sum + (value(ratingOf(fit, `p${at}`)) - strength) ** 2, 0)
    expect(error(reliable)).toBeLessThan(error(plain) / 4)
    honesty.forEach((truth, at) => {
      const rater = reliable.raters.find(({ name }) => name === `rater ${at}`)
      const { low, high } = interval(rater)
      expect(low).toBeLessThanOrEqual(truth + 0.02)
      expect(high).toBeGreaterThanOrEqual(truth - 0.02)
    })
  })

  test('intervals of honesty hold the truth in 9 of 10 cases or more', () => {
    const honesty = [0.95, 0.9, 0.85, 0.8, 0.75, 0.7, 0.6, 0.5]
    const random = seededRandom(26)
    let held = 0
    for (let run = 0; run < 40; run++) {
      const rows = bare(simulate(random, [-1.2, 0, 1.2], 800, { honesty }))
      const fit = fitted(fitPairwise(rows, { ...PLAIN, reliability: true }))
      honesty.forEach((truth, at) => {
        const { low, high } = interval(fit.raters.find(({ name }) => name === `rater ${at}`))
        if (low <= truth && truth <= high) held += 1
      })
    }
    expect(held / (40 * honesty.length)).toBeGreaterThan(0.9)
  })

  test('the log posterior of reliability never falls', () => {
    const rows = bare(simulate(seededRandom(24), STRENGTHS, 400, { honesty: [0.9, 0.6, 0.2] }))
    const names = [...new Set(rows.flatMap(({ left, right }) => [left, right]))].sort()
    const design = designOf(rows, [names], 0)
    if (design.rater === null) throw new Error('no raters')
    const { objective } = fitReliability(design, design.rater.of, design.rater.names.length, 0)
    expect(objective.length).toBeGreaterThan(5)
    for (let step = 1; step < objective.length; step++)
      expect(objective[step]).toBeGreaterThanOrEqual((objective[step - 1] as number) - 1e-9)
  })

  test('intervals shrink with comparisons', () => {
    const width = (many: number) => {
      const { low, high } = interval(
        ratingOf(fitted(fitPairwise(bare(simulate(seededRandom(25), STRENGTHS, many)), PLAIN)), 'p0'),
      )
      return high - low
    }
    expect(width(4000)).toBeLessThan(0.65 * width(1000))
  })
})

describe('units', () => {
  const rows = (units: number, each: number, seed: number): Comparison[] => {
    const random = seededRandom(seed)
    return Array.from({ length: units }, (_, unit) => {
      const chance = random() < 0.6 ? 0.95 : 0.05
      return Array.from({ length: each }, (_, at) => ({
        left: 'A',
        right: 'B',
        outcome: (random() < chance ? 1 : 0) as 0 | 1,
        rater: `r${at % 3}`,
        unit: `u${unit}`,
        features: [],
      }))
    }).flat()
  }

  test('answers about one unit move together: clustered by unit the interval is as wide as they are few', () => {
    const fit = fitted(fitPairwise(rows(40, 8, 3), PLAIN))
    expect(fit).toMatchObject({ clusteredBy: 'unit', clusters: 40 })
    const alone = fitted(
      fitPairwise(
        rows(40, 8, 3).map(({ unit: _, ...row }) => row),
        PLAIN,
      ),
    )
    expect(alone.clusteredBy).toBe('comparison')
    const width = (one: PairwiseFit) => {
      const { low, high } = interval(ratingOf(one, 'A'))
      return high - low
    }
    expect(width(fit)).toBeGreaterThan(1.8 * width(alone))
  })

  test('beside many raters, the wider of both is taken', () => {
    const many = rows(60, 12, 4).map((row, at) => ({ ...row, rater: `r${at % 12}` }))
    const fit = fitted(fitPairwise(many, PLAIN))
    const byRater = fitted(
      fitPairwise(
        many.map(({ unit: _, ...row }) => row),
        PLAIN,
      ),
    )
    expect([fit.clusteredBy, byRater.clusteredBy]).toEqual(['rater', 'rater'])
    const [wide, narrow] = [interval(ratingOf(fit, 'A')), interval(ratingOf(byRater, 'A'))]
    expect(wide.high - wide.low).toBeGreaterThan(1.3 * (narrow.high - narrow.low))
  })
})
