import { seededRandom } from '@leeway/core/numeric/seeded-random'
import { expect, test } from 'vitest'
import { foundAtTheEnd, plantedUntilFound } from './critique-safeguards.ts'
import { critiqueTrade } from './critique-trade.ts'
import { type CritiqueWorld, expectedError, WORLDS } from './critique-world.ts'

const worldCalled = (name: string): CritiqueWorld => {
  const world = WORLDS.find((one) => one.name === name)
  if (world === undefined) throw new Error(`no world ${name}`)
  return world
}

test('critiques: recall rises, false ones cost precision, and the arm drawn at random measures the effect', () => {
  const { trade, rules, planted } = critiqueTrade({ items: 4_000, arms: 40, tests: 400 }, [
    worldCalled('inserted bugs'),
  ])
  for (const { recall, error, expected } of trade) {
    // 1 - .75 * (1 - .75 * .9); three standard errors of 4,000 items, half of them with a flaw.
    expect(Math.abs(recall - 0.756)).toBeLessThan(0.03)
    expect(Math.abs(error - expected)).toBeLessThan(0.025)
  }
  expect(trade.at(-1)?.precision).toBeLessThan(0.5)
  expect(trade[0]?.precision).toBeGreaterThan(0.8)
  const [rule] = rules
  // Three standard errors of 40 runs below 95 %.
  expect(rule?.coverage).toBeGreaterThanOrEqual(0.845)
  // The negative control: raters who ask for critiques where an item looks suspicious.
  expect(rule?.chosenCoverage).toBeLessThan(0.6)
  expect(rule?.oracle).toBeLessThan(rule?.rater ?? 0)
  expect(rule?.rater).toBeLessThan(rule?.unaided ?? 0)
  const at = (accepts: number) => planted.find((row) => row.accepts === accepts)
  expect(at(0.3)?.found).toBeLessThanOrEqual(0.07)
  expect(at(0.5)?.found).toBeGreaterThanOrEqual(0.9)
  // A z-test at every look cries wolf.
  expect(at(0.3)?.peeked).toBeGreaterThan(0.15)
})

test('where flaws are rare critiques do harm; where raters trust none the naive rule is better than theirs', () => {
  const rare = worldCalled('flaws are rare')
  expect(expectedError(rare, true)).toBeGreaterThan(expectedError(rare, false))
  const distrust = worldCalled('raters who trust no critique')
  const naive = expectedError({ ...distrust, acceptsValid: 1, acceptsInvalid: 2 }, true)
  expect(naive).toBeLessThan(expectedError(distrust, true))
})

test('planted critiques that are easier to see through than real ones find nothing', () => {
  const world = worldCalled('planted ones are easier to see')
  const random = seededRandom(4)
  const found = (accepts: number) =>
    Array.from({ length: 100 }, () => plantedUntilFound(accepts, random)).filter((one) => one !== null).length
  expect(found(world.acceptsPlanted)).toBeLessThanOrEqual(5)
  expect(found(world.acceptsInvalid)).toBeGreaterThanOrEqual(90)
  expect(Array.from({ length: 200 }, () => foundAtTheEnd(0.3, random)).filter(Boolean).length).toBeLessThan(
    20,
  )
})
