import { expect, test } from 'vitest'
import { chooseBest } from './choose-best.ts'

test('the first with the largest reward is taken, and an unknown reward is below all', () => {
  expect(chooseBest([0.2, null, 0.9, 0.9])).toMatchObject({ index: 2, by: 'reward' })
  expect(chooseBest([null, 0])).toMatchObject({ index: 1, by: 'reward' })
})

test('the bound is that of all that were drawn', () => {
  expect(chooseBest([0, 1, null, 0]).klNats).toBeCloseTo(Math.log(4) - 3 / 4, 12)
  expect(chooseBest([1]).klNats).toBe(0)
})

test('where nothing is known the first is taken, and nothing was searched', () => {
  expect(chooseBest([null, null])).toEqual({ index: 0, by: 'first', klNats: 0 })
  expect(() => chooseBest([])).toThrow('nothing to choose')
})
