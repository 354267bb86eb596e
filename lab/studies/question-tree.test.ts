import { expect, test } from 'vitest'
import { questionTree } from './question-tree.ts'
import { WORLDS } from './question-tree-world.ts'

const worldsCalled = (name: string) => WORLDS.filter((world) => world.name === name)

test('the planner foretells the break-even, splits where it helps alone, and the interval covers', () => {
  const { breakEven, advice, coverage } = questionTree(
    { trees: 12_000, runs: 300 },
    worldsCalled('as modelled'),
    [2, 8],
  )
  for (const { everyPart, yesOrNo } of breakEven) {
    expect(Math.abs(everyPart ?? 1)).toBeLessThan(0.02)
    expect(Math.abs(yesOrNo ?? 1)).toBeLessThan(0.02)
  }
  for (const { split, splitHurt, refusedHurt, refusedHelp } of advice) {
    expect(split).toBeGreaterThan(20)
    expect(splitHurt).toBe(0)
    expect(refusedHurt).toBeGreaterThan(20)
    expect(refusedHelp).toBe(0)
  }
  // Two standard errors of 300 runs below 95 %.
  for (const { ours } of coverage) expect(ours).toBeGreaterThanOrEqual(0.925)
  expect(coverage.at(-1)?.partByPart).toBeLessThan(0.85)
})

test('the negative control: with a part left out the trees are worse than foretold, unless the planner is told', () => {
  const { breakEven, advice, coverage } = questionTree(
    { trees: 4_000, runs: 200 },
    worldsCalled('a part is missing'),
    [2, 8],
  )
  for (const { everyPart } of breakEven) expect(everyPart).toBeNull()
  const [unaware, told] = advice
  expect(unaware?.splitHurt).toBeGreaterThan((unaware?.split ?? 0) / 2)
  expect(told?.splitHurt).toBe(0)
  for (const { ours } of coverage) expect(ours).toBeLessThan(0.5)
})

test('items that are hard in every part at once: only counting whole items covers', () => {
  const [row] = questionTree({ trees: 500, runs: 200 }, worldsCalled('hard items'), [16]).coverage
  expect(row?.ours).toBeLessThan(0.8)
  expect(row?.counted).toBeGreaterThanOrEqual(0.9)
})
