import { expect, test } from 'vitest'
import { seededRandom } from '../numeric/seeded-random.ts'
import { blockedAt, type ChainItem, chainOutcome, forecastChain } from './vouching-chain.ts'

/** Agents of these accuracies; with probability `shared` an agent repeats the one below it. */
function world(
  accuracies: readonly number[],
  shared: number,
  count: number,
  seed: number,
): readonly ChainItem[] {
  const random = seededRandom(seed)
  return Array.from({ length: count }, () => {
    const truth = random() < 0.5 ? 1 : 0
    const answers: number[] = []
    for (const accuracy of accuracies) {
      const below = answers.at(-1)
      answers.push(below !== undefined && random() < shared ? below : random() < accuracy ? truth : 1 - truth)
    }
    return { truth, answers }
  })
}

const measured = (items: readonly ChainItem[]) => {
  const { passed, wrong } = chainOutcome(items)
  return wrong / passed
}

test('agents that err apart: both forecasts come to what is measured', () => {
  const forecast = forecastChain(world([0.9, 0.8, 0.7], 0, 4000, 1), 1)
  const truth = (0.1 * 0.2 * 0.3) / (0.1 * 0.2 * 0.3 + 0.9 * 0.8 * 0.7)
  expect(forecast.independent).toBeCloseTo(truth, 2)
  expect(forecast.linkByLink).toBeCloseTo(truth, 2)
  expect(forecast.links[0]?.catchRate).toBeCloseTo(0.9, 1)
})

test('agents that err together: link by link is right, independence is far too hopeful', () => {
  const forecast = forecastChain(world([0.9, 0.85, 0.8, 0.8], 0.6, 4000, 2), 1)
  const rest = measured(world([0.9, 0.85, 0.8, 0.8], 0.6, 100_000, 3))
  expect(Math.abs(forecast.linkByLink - rest)).toBeLessThan(0.01)
  expect(forecast.independent).toBeLessThan(rest / 4)
  expect(Math.abs(forecast.counted.wrong / forecast.counted.passed - rest)).toBeLessThan(0.01)
  expect(forecast.counted.interval.low).toBeLessThan(rest)
})

test('from 100 items the interval holds what is measured, nine times in ten or more', () => {
  const accuracies = [0.85, 0.8, 0.75]
  const rest = measured(world(accuracies, 0.5, 200_000, 4))
  let held = 0
  for (let seed = 0; seed < 60; seed++) {
    const { interval } = forecastChain(world(accuracies, 0.5, 100, 100 + seed), seed)
    if (interval.low <= rest && rest <= interval.high) held += 1
  }
  expect(held).toBeGreaterThanOrEqual(54)
})

test('a link that copies, and one that nothing has tested, block what is above them', () => {
  const rule = { catchRateMin: 0.5, mistakesMin: 20 }
  const { links } = forecastChain(world([0.9, 0.8, 0.7], 0, 1000, 5), 1)
  expect(blockedAt(links, rule)).toBeNull()
  expect(blockedAt(forecastChain(world([0.9, 0.8, 0.7], 0.95, 1000, 6), 1).links, rule)).toBe(0)
  expect(blockedAt(forecastChain(world([0.9, 0.8, 0.7], 0, 20, 7), 1).links, rule)).toBe(0)
})

test('no answer is nobody’s agreement; nothing to learn from is refused', () => {
  expect(chainOutcome([{ truth: 0, answers: [-1, -1] }])).toEqual({ passed: 0, wrong: 0 })
  const silent = forecastChain(
    Array.from({ length: 50 }, () => ({ truth: 0, answers: [-1, 1] })),
    1,
  )
  expect(silent.links[0]?.caught).toBe(50)
  expect(Number.isFinite(silent.linkByLink)).toBe(true)
  for (const items of [
    [],
    [{ truth: 0, answers: [0] }],
    [
      { truth: 0, answers: [0, 0] },
      { truth: 0, answers: [0] },
    ],
  ])
    expect(() => forecastChain(items, 1)).toThrow(RangeError)
})
