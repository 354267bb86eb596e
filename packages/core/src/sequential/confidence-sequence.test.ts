import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { seededRandom } from '../numeric/seeded-random.ts'
import { type Bets, logWealthAgainst, observe, readSequence, startSequence } from './confidence-sequence.ts'
import { CONFSEQ } from './confseq-golden.ts'
import { observeBernstein, readBernstein, startEmpiricalBernstein } from './empirical-bernstein.ts'
import { kellyBet, learn, plugInBet, startMoments } from './predictable-moments.ts'

const series = [
  { name: 'x', values: [...CONFSEQ.x].map(Number), at: CONFSEQ.xAt, expected: CONFSEQ.xExpected },
  { name: 'y', values: CONFSEQ.y, at: CONFSEQ.yAt, expected: CONFSEQ.yExpected },
] as const
type Paths = { readonly l: readonly number[]; readonly u: readonly number[] }

describe.each(series)('confseq, series $name', ({ values, at, expected }) => {
  const times = at as readonly number[]
  const follow = (input: Parameters<typeof startSequence>[0], paths: Paths) => {
    const sequence = startSequence(input)
    for (const [index, value] of values.entries()) {
      observe(sequence, value)
      const look = times.indexOf(index + 1)
      if (look === -1) continue
      const reading = readSequence(sequence)
      if (reading.kind !== 'bounds') throw new Error('empty')
      expect(reading.low, `low at ${index + 1}`).toBeCloseTo(paths.l[look] ?? -1, 9)
      expect(reading.high, `high at ${index + 1}`).toBeCloseTo(paths.u[look] ?? -1, 9)
    }
  }
  test('hedged', () => follow({ alpha: 0.05, bets: { kind: 'hedged' } }, expected.hedged))
  test('diversified', () =>
    follow({ alpha: 0.05, bets: { kind: 'diversified', count: 10 }, gridSteps: 200 }, expected.diversified))
  test('hedged, without replacement', () =>
    follow({ alpha: 0.05, bets: { kind: 'hedged' }, poolSize: 1000 }, expected.hedgedPool1000))

  test('bets and wealth', () => {
    const moments = startMoments()
    const sequence = startSequence({ alpha: 0.05, bets: { kind: 'hedged' } })
    for (const [index, value] of values.entries()) {
      const look = times.indexOf(index + 1)
      const bets = [plugInBet(moments, 0.025), kellyBet(moments, 0.1, 1), kellyBet(moments, 0.4, 1)]
      learn(moments, value)
      observe(sequence, value)
      if (look === -1) continue
      const { plugInBet: plugIn, kellyBet01, kellyBet04, wealth01, wealth04 } = expected
      for (const [k, path] of [plugIn, kellyBet01, kellyBet04].entries())
        expect(bets[k]).toBeCloseTo(path[look] ?? Number.NaN, 10)
      expect(logWealthAgainst(sequence, 0.1)).toBeCloseTo(Math.log(wealth01[look] ?? 0), 8)
      expect(logWealthAgainst(sequence, 0.4)).toBeCloseTo(Math.log(wealth04[look] ?? 0), 8)
    }
  })

  test('empirical Bernstein', () => {
    // confseq reads the series itself for the lower bound and its mirror image for the upper, each from the guess 0.
    const lower = startEmpiricalBernstein(0.05, 0)
    const upper = startEmpiricalBernstein(0.05, 1)
    for (const [index, value] of values.entries()) {
      observeBernstein(lower, value)
      observeBernstein(upper, value)
      const look = times.indexOf(index + 1)
      if (look === -1) continue
      expect(lower.low).toBeCloseTo(expected.empiricalBernstein.l[look] ?? -1, 10)
      expect(upper.high).toBeCloseTo(expected.empiricalBernstein.u[look] ?? -1, 10)
    }
  })
})

const kinds: readonly Bets[] = [{ kind: 'hedged' }, { kind: 'kelly' }, { kind: 'diversified', count: 5 }]

describe.each(kinds)('$kind', (bets) => {
  test('knows nothing before the first observation and never leaves [0, 1]', () => {
    const sequence = startSequence({ alpha: 0.05, bets, gridSteps: 100 })
    expect(readSequence(sequence)).toEqual({ kind: 'bounds', low: 0, high: 1 })
    for (let n = 0; n < 400; n++) observe(sequence, 0)
    const reading = readSequence(sequence)
    expect(reading).toMatchObject({ kind: 'bounds', low: 0 })
    if (reading.kind === 'bounds') expect(reading.high).toBeLessThan(0.1)
  })

  test('says so when the mean moved, instead of answering [0, 1]', () => {
    const sequence = startSequence({ alpha: 0.05, bets, gridSteps: 100 })
    for (let n = 0; n < 300; n++) observe(sequence, 0)
    for (let n = 0; n < 900; n++) observe(sequence, 1)
    expect(readSequence(sequence)).toEqual({ kind: 'assumption-violated' })
  })

  test('a pool drawn to its end leaves its mean, whether or not the grid has it', () => {
    const sequence = startSequence({ alpha: 0.05, bets, gridSteps: 100, poolSize: 7 })
    for (const value of [0, 1, 0, 0, 1, 1, 0]) observe(sequence, value)
    const reading = readSequence(sequence)
    if (reading.kind !== 'bounds') throw new Error('empty')
    expect(reading.low).toBeCloseTo(3 / 7, 12)
    expect(reading.high).toBeCloseTo(3 / 7, 12)
    expect(() => observe(sequence, 0)).toThrow(RangeError)
  })

  test('bounds only ever shrink, and hold no NaN, whatever comes', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(0, 1e-300, 0.2, 0.5, 1), { maxLength: 60 }), (values) => {
        const sequence = startSequence({ alpha: 0.2, bets, gridSteps: 20 })
        let last = { low: 0, high: 1 }
        for (const value of values) {
          observe(sequence, value)
          const reading = readSequence(sequence)
          if (reading.kind !== 'bounds') return
          expect(reading.low).toBeGreaterThanOrEqual(last.low)
          expect(reading.high).toBeLessThanOrEqual(last.high)
          last = reading
        }
      }),
    )
  })

  test('holds the mean at all of 200 looks in at least 95 of 100 runs', () => {
    const random = seededRandom(12)
    const runs = 300
    let missed = 0
    for (let run = 0; run < runs; run++) {
      const sequence = startSequence({ alpha: 0.05, bets, gridSteps: 50 })
      for (let n = 0; n < 200; n++) observe(sequence, random() < 0.3 ? 1 : random() * 0.1)
      const reading = readSequence(sequence)
      // 0.3 and 0.7 draws of mean 0.05.
      if (reading.kind !== 'bounds' || reading.low > 0.335 || reading.high < 0.335) missed += 1
    }
    expect(missed / runs).toBeLessThan(0.05 + 3 * Math.sqrt((0.05 * 0.95) / runs))
  })
})

test('empirical Bernstein: nothing seen, coverage, and a mean that moved', () => {
  expect(readBernstein(startEmpiricalBernstein(0.05))).toEqual({ kind: 'bounds', low: 0, high: 1 })
  const random = seededRandom(13)
  let missed = 0
  for (let run = 0; run < 1000; run++) {
    const state = startEmpiricalBernstein(0.1)
    for (let n = 0; n < 300; n++) observeBernstein(state, random() < 0.2 ? 1 : 0)
    if (state.low > 0.2 || state.high < 0.2) missed += 1
  }
  expect(missed / 1000).toBeLessThan(0.1 + 3 * Math.sqrt(0.09 / 1000))
  const moved = startEmpiricalBernstein(0.05)
  for (let n = 0; n < 300; n++) observeBernstein(moved, 0)
  for (let n = 0; n < 3000; n++) observeBernstein(moved, 1)
  expect(readBernstein(moved)).toEqual({ kind: 'assumption-violated' })
  expect(() => observeBernstein(moved, Number.NaN)).toThrow(RangeError)
})
