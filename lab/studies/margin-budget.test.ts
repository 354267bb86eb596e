import { expect, test } from 'vitest'
import { marginBudget } from './margin-budget.ts'

test('small steps down do not add up to a fall: the margin budget stops the chain', () => {
  const [without, budget, anchored] = marginBudget({ chains: 4, releases: 6 })
  expect(without?.through.every((count) => count > 2)).toBe(true)
  expect(budget).toMatchObject({ through: [2, 2, 2, 2], stoppedByBudget: 4 })
  expect(anchored).toMatchObject({ through: [2, 2, 2, 2], stoppedByBudget: 4 })
  // The rise stays within the budget of 10 points.
  expect(budget?.riseMax).toBeLessThan(0.1)
})
