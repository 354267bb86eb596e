import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { seededRandom } from '../numeric/seeded-random.ts'
import { fitPairwise } from './bradley-terry.ts'
import type { Comparison } from './comparison.ts'
import { fitted, interval, PLAIN, ratingOf, read, simulate, value } from './simulated-comparisons.ts'
import type { PairwiseOptions } from './solve-pairwise.ts'

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
