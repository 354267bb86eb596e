import fc from 'fast-check'
import { expect, test } from 'vitest'
import { seededRandom } from '../numeric/seeded-random.ts'
import { BET_CAP, FRACTIONS, playUnit, startBetting } from './betting-process.ts'

const prior = { gap: 0.05, variance: 0.2, weight: 300 }

test('two units by hand', () => {
  const process = startBetting()
  playUnit(process, 0.05, 0.95, prior)
  // Plug-in before any data: 0.05 / (0.2 + 0.0025).
  const first = 0.05 / 0.2025
  expect(process.logPlugIn).toBeCloseTo(Math.log(1 + first * 0.05), 12)
  const fractions = FRACTIONS.map((share) => Math.log(1 + ((share * BET_CAP) / 0.95) * 0.05))
  for (const [index, log] of fractions.entries()) expect(process.logFractions[index]).toBeCloseTo(log, 12)
  const mixture = fractions.reduce((sum, log) => sum + Math.exp(log), 0) / FRACTIONS.length
  expect(Math.exp(process.logWealth)).toBeCloseTo((1 + first * 0.05) / 2 + mixture / 2, 12)
  playUnit(process, -0.95, 0.95, prior)
  // (300 * 0.05 + 0.05) / 301 over (300 * 0.2025 + 0.0025) / 301.
  const second = (300 * 0.05 + 0.05) / (300 * 0.2025 + 0.0025)
  expect(process.logPlugIn).toBeCloseTo(Math.log(1 + first * 0.05) + Math.log(1 - second * 0.95), 12)
  expect(process.logWealthMax).toBeGreaterThan(process.logWealth)
})

test('a payoff below its declared bound is a bug of the caller', () => {
  expect(() => playUnit(startBetting(), -1, 0.95, prior)).toThrow(RangeError)
})

test('constant fractions end the same whatever the order of the units', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(-0.95, 0.05, 1.05), { maxLength: 60 }),
      fc.nat(),
      (payoffs, seed) => {
        const random = seededRandom(seed)
        const shuffled = payoffs.map((payoff) => ({ payoff, key: random() })).sort((a, b) => a.key - b.key)
        const [one, other] = [startBetting(), startBetting()]
        for (const payoff of payoffs) playUnit(one, payoff, 0.95, prior)
        for (const { payoff } of shuffled) playUnit(other, payoff, 0.95, prior)
        for (const [index, log] of one.logFractions.entries())
          expect(other.logFractions[index]).toBeCloseTo(log, 8)
      },
    ),
  )
})

test('wealth is on average at most 1 where nothing is to be won', () => {
  const random = seededRandom(5)
  const ends = Array.from({ length: 4_000 }, () => {
    const process = startBetting()
    for (let unit = 0; unit < 30; unit++) playUnit(process, random() < 0.5 ? 0.5 : -0.5, 0.5, prior)
    return Math.exp(process.logWealth)
  })
  const mean = ends.reduce((sum, wealth) => sum + wealth, 0) / ends.length
  const variance = ends.reduce((sum, wealth) => sum + (wealth - mean) ** 2, 0) / ends.length
  expect(mean).toBeLessThan(1 + 4 * Math.sqrt(variance / ends.length))
})
