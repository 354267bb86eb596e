import { expect, test } from 'vitest'
import { oraclePairs, power } from './power.ts'

test('the oracle of 7 against 10 % at 3 points: 526 labels', () => {
  expect(2 * oraclePairs(0.07, 0.1, 0.03, 0.05)).toBeGreaterThan(520)
  expect(2 * oraclePairs(0.07, 0.1, 0.03, 0.05)).toBeLessThan(532)
})

test('labels to promote, identical pairs, and what the planner foresees', () => {
  const rows = power({ people: 400, judged: 0 }, ({ design }) => design.judgeAccuracy === null)
  const row = (name: string) => {
    const found = rows.find((one) => one.name === name)
    if (!found) throw new Error(`no row "${name}"`)
    return found
  }
  const plain = row('candidate fails on 7 %, people label all')
  expect(plain.labels ?? 1e9).toBeLessThan(1.1 * 555)
  const identical = row('9 %, 80 % of the pairs identical (aim: 35 % of labelling all)')
  expect(identical.labels ?? 1e9).toBeLessThan(0.35 * 2 * (identical.pairs ?? 0))
  expect(row('7 %, people label all, blocks at exposure 0.05').arrivals ?? 1e9).toBeLessThan(6150)
  // 400 runs a side: a median is known to about 7 %.
  for (const { name, pairs, forecastPairs } of rows)
    expect(Math.abs((forecastPairs ?? 0) / (pairs ?? 1) - 1), name).toBeLessThan(0.25)
})
