import { expect, test } from 'vitest'
import { costCells, perErrorRemoved } from './cost-of-oversight.ts'
import { costRow } from './critique-cost.ts'
import { WORLDS } from './critique-world.ts'
import { debateCosts } from './debate-cost.ts'
import { HUMAN } from './debate-records.ts'
import { splitCosts } from './question-tree-cost.ts'

test('an error less at 3 minutes and 1,000 tokens, where one answer in ten is mended', () => {
  const cost = perErrorRemoved(0.1, { minutes: 3, tokens: 1_000 })
  expect(cost?.minutes).toBeCloseTo(30, 9)
  expect(cost?.tokens).toBeCloseTo(10_000, 6)
  expect(cost?.dollars).toBeCloseTo(30.1, 9)
})

test('where nothing is removed, or errors are added, there is no price and the table says so', () => {
  for (const removed of [0, -0.2, 1e-15, Number.NaN])
    expect(costCells(perErrorRemoved(removed, { minutes: 3, tokens: 1_000 }))[0]).toBe('none removed')
})

test('critiques: cheaper than a second reader for inserted bugs, no price where flaws are rare', () => {
  const of = (name: string) => {
    const world = WORLDS.find((one) => one.name === name)
    if (world === undefined) throw new Error(`no world ${name}`)
    return costRow(world)
  }
  const bugs = of('inserted bugs')
  expect(bugs.critiques?.dollars ?? 1e9).toBeLessThan(bugs.secondReader?.dollars ?? 0)
  expect(bugs.critiques?.tokens).toBeGreaterThan(0)
  expect(bugs.secondReader?.tokens).toBe(0)
  expect(of('flaws are rare').critiques).toBeNull()
})

test('debates of speakers without skill remove no error, and no cost is made up', () => {
  const rows = debateCosts({ honest: 0.3, dishonest: -0.07, noise: 0.52 }, HUMAN)
  const of = (skills: number, protocol: string) =>
    rows.find((row) => row.skills === skills && row.help === protocol)?.cost
  expect(of(0, 'debate')).toBeNull()
  expect(of(0, 'consultancy')).toBeNull()
  expect(of(0.25, 'debate')?.dollars).toBeGreaterThan(of(1, 'debate')?.dollars ?? Number.POSITIVE_INFINITY)
})

test('a split that hurts has no price', () => {
  const rows = splitCosts()
  expect(rows.some(({ split }) => split === null)).toBe(true)
  for (const { removed, split } of rows) expect(split === null).toBe(removed <= 0)
})
