import fc from 'fast-check'
import { expect, test } from 'vitest'
import { flattenSteps, matchingRows, type StepNode } from './step-tree.ts'

const tree: readonly StepNode[] = [
  { ordinal: 0, parent: null },
  { ordinal: 1, parent: 0 },
  { ordinal: 2, parent: 1 },
  { ordinal: 3, parent: 0 },
  { ordinal: 4, parent: null },
]
const shape = (rows: ReturnType<typeof flattenSteps>) => rows.map((row) => [row.ordinal, row.depth])

test('children follow their parent, indented', () => {
  expect(shape(flattenSteps(tree, new Set()))).toEqual([
    [0, 0],
    [1, 1],
    [2, 2],
    [3, 1],
    [4, 0],
  ])
})

test('a late child is listed under its parent, not where it arrived', () => {
  const late = [...tree, { ordinal: 5, parent: 1 }]
  expect(flattenSteps(late, new Set()).map((row) => row.ordinal)).toEqual([0, 1, 2, 5, 3, 4])
})

test('folding hides everything beneath, and only steps with children can be folded', () => {
  const rows = flattenSteps(tree, new Set([0, 4]))
  expect(shape(rows)).toEqual([
    [0, 0],
    [4, 0],
  ])
  expect(rows.map((row) => row.isFolded)).toEqual([true, false])
})

test('no step is lost or doubled, whatever the parents say', () => {
  const anyTree = fc.array(fc.option(fc.integer({ min: -2, max: 60 }), { nil: null }), { maxLength: 60 })
  fc.assert(
    fc.property(anyTree, (parents) => {
      const steps = parents.map((parent, ordinal) => ({ ordinal, parent }))
      const seen = flattenSteps(steps, new Set()).map((row) => row.ordinal)
      expect([...seen].sort((a, b) => a - b)).toEqual(steps.map((step) => step.ordinal))
    }),
    { seed: 4 },
  )
})

test('a chain of 100,000 steps is flattened without recursion', () => {
  const chain = Array.from({ length: 100_000 }, (_, ordinal) => ({
    ordinal,
    parent: ordinal === 0 ? null : ordinal - 1,
  }))
  expect(flattenSteps(chain, new Set()).at(-1)?.depth).toBe(99_999)
})

test('search ignores case and finds nothing for nothing', () => {
  const rows = flattenSteps(tree, new Set())
  const textOf = (ordinal: number) => (ordinal === 2 ? 'Refund ORDER' : 'other')
  expect(matchingRows(rows, textOf, ' order ')).toEqual([2])
  expect(matchingRows(rows, textOf, ' ')).toEqual([])
})
