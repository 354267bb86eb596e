import { expect, test } from 'vitest'
import { seededRandom } from './seeded-random.ts'
import { shuffled } from './shuffled.ts'

test('each order comes as often as every other, and what is shuffled stays as it was', () => {
  const random = seededRandom(1)
  const items = ['a', 'b', 'c'] as const
  const seen = new Map<string, number>()
  const times = 60_000
  for (let time = 0; time < times; time++) {
    const order = shuffled(items, random).join('')
    seen.set(order, (seen.get(order) ?? 0) + 1)
  }
  expect([...seen.keys()].sort()).toEqual(['abc', 'acb', 'bac', 'bca', 'cab', 'cba'])
  // Within 4.5 standard errors.
  for (const count of seen.values()) expect(Math.abs(count / times - 1 / 6)).toBeLessThan(0.0069)
  expect(items).toEqual(['a', 'b', 'c'])
  expect(shuffled([], random)).toEqual([])
})
