import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Insufficient } from '../numeric/insufficient.ts'
import type { IntervalEstimate } from '../numeric/interval-estimate.ts'
import { seededRandom } from '../numeric/seeded-random.ts'
import { fitPairwise, type PairwiseFit } from './bradley-terry.ts'
import type { Comparison } from './comparison.ts'
import { designOf } from './design.ts'
import { fitReliability } from './rater-reliability.ts'
import type { PairwiseOptions } from './solve-pairwise.ts'

const PLAIN: PairwiseOptions = { ties: 'half', features: [], ridge: 0, alpha: 0.05, reliability: false }

/** `A>B` A beats B, `A=B` a tie; `x` after it names the rater. */
function read(text: string): Comparison[] {
  return text
    .trim()
    .split(/\s+/)
    .map((word) => {
      const [left, sign, right, ...rater] = word
      return {
        left: left as string,
        right: right as string,
        outcome: sign === '>' ? 1 : sign === '<' ? 0 : 0.5,
        rater: rater.length > 0 ? rater.join('') : null,
        features: [],
      }
    })
}

function fitted(result: PairwiseFit | Insufficient): PairwiseFit {
  if (result.kind === 'insufficient') throw new Error(result.reason)
  return result
}

function value(estimate: IntervalEstimate | Insufficient | undefined): number {
  if (estimate?.kind !== 'estimate') throw new Error('no estimate')
  return estimate.value
}

function interval(estimate: IntervalEstimate | Insufficient | undefined): { low: number; high: number } {
  if (estimate?.kind !== 'estimate' || estimate.interval.kind !== 'interval') throw new Error('no interval')
  return estimate.interval
}

function ratingOf(fit: PairwiseFit, name: string): IntervalEstimate | Insufficient {
  const player = fit.components.flat(2).find((one) => one.name === name)
  if (player === undefined) throw new Error(`no player ${name}`)
  return player.rating
}

/** Comparisons of players 0..strengths-1 with an optional tie strength, position effect and raters of given honesty. */
function simulate(
  random: () => number,
  strengths: readonly number[],
  many: number,
  world: { nu?: number; position?: number; length?: number; honesty?: readonly number[] } = {},
): Comparison[] {
  return Array.from({ length: many }, () => {
    const a = Math.floor(random() * strengths.length)
    const b = (a + 1 + Math.floor(random() * (strengths.length - 1))) % strengths.length
    const length = random() * 2 - 1
    const d =
      (strengths[a] as number) -
      (strengths[b] as number) +
      (world.position ?? 0) +
      (world.length ?? 0) * length
    const left = Math.exp(d / 2)
    const right = Math.exp(-d / 2)
    const at = random() * (left + right + (world.nu ?? 0))
    const rater = Math.floor(random() * (world.honesty?.length ?? 20))
    const lies = random() > (world.honesty?.[rater] ?? 1)
    const outcome = at < left ? 1 : at < left + right ? 0 : 0.5
    return {
      left: `p${a}`,
      right: `p${b}`,
      outcome: (lies ? 1 - outcome : outcome) as 0 | 0.5 | 1,
      rater: `rater ${rater}`,
      features: [1, length],
    }
  })
}

/** Without covariates. */
const bare = (rows: readonly Comparison[]): readonly Comparison[] =>
  rows.map((row) => ({ ...row, features: [] }))

describe('two players', () => {
  test('three wins to one is log 3 apart, with the error of a binomial', () => {
    const fit = fitted(fitPairwise(read(`${'A>B '.repeat(30)} ${'A<B '.repeat(10)}`), PLAIN))
    expect(value(ratingOf(fit, 'A')) - value(ratingOf(fit, 'B'))).toBeCloseTo(Math.log(3), 10)
    // Each carries half of the log odds, whose variance is 1/30 + 1/10.
    const { low, high } = interval(ratingOf(fit, 'A'))
    expect((high - low) / 2).toBeCloseTo((1.959964 * Math.sqrt(1 / 30 + 1 / 10)) / 2, 5)
    expect(fit.components[0]?.[0]?.map(({ name, rank }) => [name, rank])).toEqual([
      ['A', { best: 1, worst: 1 }],
      ['B', { best: 2, worst: 2 }],
    ])
  })

  test('Davidson: 6 wins, 3 losses, 4 ties have a closed form', () => {
    const fit = fitted(
      fitPairwise(read(`${'A>B '.repeat(6)} ${'A<B '.repeat(3)} ${'A=B '.repeat(4)}`), {
        ...PLAIN,
        ties: 'davidson',
      }),
    )
    expect(value(ratingOf(fit, 'A')) - value(ratingOf(fit, 'B'))).toBeCloseTo(Math.log(2), 8)
    expect(value(fit.tieStrength ?? undefined)).toBeCloseTo(4 / Math.sqrt(18), 8)
  })

  test('Davidson: errors are those of three counts', () => {
    const fit = fitted(
      fitPairwise(read(`${'A>B '.repeat(60)} ${'A<B '.repeat(30)} ${'A=B '.repeat(40)}`), {
        ...PLAIN,
        ties: 'davidson',
      }),
    )
    const rating = interval(ratingOf(fit, 'A'))
    expect((rating.high - rating.low) / 2 / 1.959964).toBeCloseTo(Math.sqrt(1 / 60 + 1 / 30) / 2, 6)
    const tie = interval(fit.tieStrength ?? undefined)
    const logSpread = Math.log(tie.high / tie.low) / 2 / 1.959964
    expect(logSpread).toBeCloseTo(Math.sqrt(1 / 40 + (1 / 60 + 1 / 30) / 4), 6)
  })
})

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

describe('where no finite answer exists', () => {
  test('no comparisons; unconnected players are never on one scale', () => {
    expect(fitPairwise([], PLAIN).kind).toBe('insufficient')
    const fit = fitted(fitPairwise(read('A>B A<B A>B C>D C<D'), PLAIN))
    expect(
      fit.components.map((groups) => groups.map((group) => group.map(({ name }) => name).sort())),
    ).toEqual([[['A', 'B']], [['C', 'D']]])
  })

  test('one who never lost stands above, without a distance; the others are rated among themselves', () => {
    const fit = fitted(fitPairwise(read('A>B A>C A>B B>C B<C B=C C>D B>D'), PLAIN))
    expect(fit.components).toHaveLength(1)
    expect(fit.components[0]?.map((group) => group.map(({ name }) => name))).toEqual([
      ['A'],
      ['B', 'C'],
      ['D'],
    ])
    expect(ratingOf(fit, 'A')).toMatchObject({
      kind: 'insufficient',
      reason: expect.stringContaining('never lost'),
    })
    expect(ratingOf(fit, 'D')).toMatchObject({
      kind: 'insufficient',
      reason: expect.stringContaining('never won'),
    })
    expect(ratingOf(fit, 'B').kind).toBe('estimate')
  })

  test('what happens between groups does not move ratings inside them', () => {
    const inside = 'A>B A>B A<B C>D C<D C<D'
    const once = fitted(fitPairwise(read(`${inside} A>C`), PLAIN))
    const often = fitted(fitPairwise(read(`${inside} ${'A>C B>C A>D '.repeat(50)}`), PLAIN))
    for (const name of ['A', 'B', 'C', 'D'])
      expect(value(ratingOf(often, name))).toBeCloseTo(value(ratingOf(once, name)), 9)
    expect(value(ratingOf(once, 'A'))).toBeCloseTo(Math.log(2) / 2, 9)
  })

  test('a ridge gives them one scale', () => {
    const fit = fitted(fitPairwise(read('A>B A>C B>C'), { ...PLAIN, ridge: 0.5 }))
    expect(fit.components[0]?.map((group) => group.map(({ name }) => name))).toEqual([['A', 'B', 'C']])
    for (const name of ['A', 'B', 'C']) expect(Math.abs(value(ratingOf(fit, name)))).toBeLessThan(5)
  })

  test('only ties: equal, and not certain', () => {
    const fit = fitted(fitPairwise(read('A=B A=B A=B A=B'), PLAIN))
    expect(ratingOf(fit, 'A')).toMatchObject({ value: 0, interval: { kind: 'insufficient' } })
    expect(fitPairwise(read('A=B A=B'), { ...PLAIN, ties: 'davidson' }).kind).toBe('insufficient')
  })

  test('one rater: the comparisons are taken one by one', () => {
    const fit = fitted(fitPairwise(read(`${'A>Bx '.repeat(9)} ${'A<Bx '.repeat(5)}`), PLAIN))
    expect(fit.clusteredBy).toBe('comparison')
    expect(interval(ratingOf(fit, 'A')).high).toBeGreaterThan(0.5)
  })

  test('a feature that decides every comparison, one that is constant, one that repeats another', () => {
    const rows = read('A>B A<B B>A B<A A>B B>A')
    const having = (of: (row: Comparison) => readonly number[]) =>
      rows.map((row) => ({ ...row, features: of(row) }))
    const why = (of: (row: Comparison) => readonly number[], features: readonly string[]) => {
      const found = fitPairwise(having(of), { ...PLAIN, features })
      return found.kind === 'insufficient' ? found.reason : 'a fit'
    }
    expect(why((row) => [row.outcome * 2 - 1], ['length'])).toContain('"length" decides every comparison')
    expect(why(() => [0], ['length'])).toContain('"length" is constant')
    expect(why((row) => [row.left === 'A' ? 1 : 2, row.left === 'A' ? 2 : 4], ['one', 'other'])).toContain(
      '"other"',
    )
  })

  test('a feature of three comparisons is not certain', () => {
    const rows = read('A>B B>A A<B').map((row, at) => ({ ...row, features: [at + 1] }))
    const fit = fitted(fitPairwise(rows, { ...PLAIN, features: ['x'], ridge: 1 }))
    const { low, high } = interval(fit.effects[0])
    expect(low).toBeLessThan(0)
    expect(high).toBeGreaterThan(0)
  })

  test('whatever the comparisons, every number is finite', () => {
    const word = fc.record({
      left: fc.constantFrom('A', 'B', 'C', 'D', 'E'),
      right: fc.constantFrom('A', 'B', 'C', 'D', 'E'),
      outcome: fc.constantFrom<0 | 0.5 | 1>(0, 0.5, 1),
      rater: fc.constantFrom('x', 'y', 'z'),
      features: fc.tuple(
        fc.oneof(fc.constantFrom(0, 1e-300, 1e6), fc.double({ min: -3, max: 3, noNaN: true })),
      ),
    })
    const options = fc.record({
      ties: fc.constantFrom<'half' | 'davidson'>('half', 'davidson'),
      features: fc.constantFrom<readonly string[]>([], ['x']),
      ridge: fc.constantFrom(0, 0.5),
      alpha: fc.constant(0.05),
      reliability: fc.boolean(),
    })
    fc.assert(
      fc.property(fc.array(word, { maxLength: 25 }), options, (words, chosen) => {
        const rows = words
          .filter(({ left, right }) => left !== right)
          .map((row) => ({ ...row, features: chosen.features.length === 0 ? [] : row.features }))
        const found = fitPairwise(rows, chosen)
        expect(
          JSON.stringify(found, (_, part) => {
            if (typeof part === 'number' && !Number.isFinite(part)) throw new Error(`not finite: ${part}`)
            return part
          }),
        ).toContain('kind')
      }),
      { seed: 7, numRuns: 300 },
    )
  })
})

describe('what may not matter', () => {
  const rows = simulate(seededRandom(31), [-0.5, 0, 0.2, 0.9], 300, { nu: 0.4, position: 0.3 })
  const options: PairwiseOptions = { ...PLAIN, ties: 'davidson', features: ['position', 'length'] }
  const expected = fitted(fitPairwise(rows, options))

  test('the order of the rows', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(rows, { minLength: rows.length }), (shuffled) => {
        const fit = fitted(fitPairwise(shuffled, options))
        for (const name of ['p0', 'p1', 'p2', 'p3']) {
          expect(value(ratingOf(fit, name))).toBeCloseTo(value(ratingOf(expected, name)), 9)
          expect(interval(ratingOf(fit, name)).low).toBeCloseTo(interval(ratingOf(expected, name)).low, 9)
        }
      }),
      { seed: 8, numRuns: 5 },
    )
  })

  test('which of the two is called left, once its features are turned too', () => {
    const turned = rows.map((row, at) =>
      at % 2 === 0
        ? row
        : {
            ...row,
            left: row.right,
            right: row.left,
            outcome: (1 - row.outcome) as 0 | 0.5 | 1,
            features: row.features.map((x) => -x),
          },
    )
    const fit = fitted(fitPairwise(turned, options))
    for (const name of ['p0', 'p1', 'p2', 'p3'])
      expect(value(ratingOf(fit, name))).toBeCloseTo(value(ratingOf(expected, name)), 9)
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
