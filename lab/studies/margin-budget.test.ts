import { expect, test } from 'vitest'
import { marginBudget } from './margin-budget.ts'

const rows = marginBudget({ chains: 4, releases: 6 })
const row = (world: string, policing: string) => {
  const found = rows.find((one) => one.world.startsWith(world) && one.policing === policing)
  if (found === undefined) throw new Error(`no ${world}, ${policing}`)
  return found
}

test('small steps down do not add up to a fall: the margin budget stops the chain', () => {
  expect(row('each 3.3', 'no budget').through.every((count) => count > 2)).toBe(true)
  expect(row('each 3.3', 'budget')).toMatchObject({ through: [2, 2, 2, 2], stoppedByBudget: 4 })
  expect(row('each 3.3', 'budget, then against the anchor')).toMatchObject({
    through: [2, 2, 2, 2],
    stoppedByBudget: 4,
  })
  for (const world of ['each 3.3', 'drawn'])
    for (const policing of ['budget', 'budget, then against the anchor', 'oracle'])
      expect(row(world, policing).overBudget, `${world}, ${policing}`).toBe(0)
})

test('where it loses: releases that are all better are stopped, too, until they are compared with the anchor', () => {
  const world = 'each half a point better'
  expect(row(world, 'no budget').through).toEqual([6, 6, 6, 6])
  expect(row(world, 'budget').through).toEqual([2, 2, 2, 2])
  expect(row(world, 'budget, then against the anchor').through).toEqual([6, 6, 6, 6])
  expect(row(world, 'budget, then against the anchor').labels).toBeGreaterThan(
    row(world, 'no budget').labels ?? Number.POSITIVE_INFINITY,
  )
})
