import { expect, test } from 'vitest'
import { betaInterval } from '../raters/beta-interval.ts'
import { clusteredShare } from './clustered-share.ts'
import { seededRandom } from './seeded-random.ts'

test('things by themselves get the interval of Jeffreys, nearly', () => {
  const found = clusteredShare(Array.from({ length: 100 }, (_, at) => ({ yes: at < 30 ? 1 : 0, of: 1 })))
  const { low, high } = betaInterval(30.5, 70.5, 0.95)
  expect(found?.share).toBe(0.3)
  expect(found?.low).toBeCloseTo(low, 2)
  expect(found?.high).toBeCloseTo(high, 2)
})

test('ten of one kind count as one', () => {
  const apart = clusteredShare(Array.from({ length: 20 }, (_, at) => ({ yes: at % 2, of: 1 })))
  const together = clusteredShare(Array.from({ length: 20 }, (_, at) => ({ yes: 10 * (at % 2), of: 10 })))
  expect((together?.high ?? 0) - (together?.low ?? 0)).toBeCloseTo((apart?.high ?? 0) - (apart?.low ?? 0), 1)
})

test('nothing is null, one cluster says nothing, and the edges hold what was seen', () => {
  expect(clusteredShare([{ yes: 0, of: 0 }])).toBeNull()
  expect(clusteredShare([{ yes: 3, of: 4 }])).toEqual({ share: 0.75, low: 0, high: 1 })
  expect(clusteredShare([...Array(9)].map(() => ({ yes: 5, of: 5 })))).toMatchObject({ share: 1, high: 1 })
  expect(clusteredShare([...Array(9)].map(() => ({ yes: 5, of: 5 })))?.low).toBeLessThan(0.8)
})

test('covers the truth as often as promised where clusters differ', () => {
  const random = seededRandom(7)
  let covers = 0
  const worlds = 1_000
  for (let world = 0; world < worlds; world++) {
    // Half of the clusters say yes in 9 of 10, the others in 5 of 10: 0.7.
    const clusters = Array.from({ length: 40 }, () => {
      const rate = random() < 0.5 ? 0.9 : 0.5
      const of = 1 + Math.floor(5 * random())
      return { of, yes: Array.from({ length: of }).filter(() => random() < rate).length }
    })
    const found = clusteredShare(clusters)
    if (found !== null && found.low <= 0.7 && found.high >= 0.7) covers += 1
  }
  expect(covers / worlds).toBeGreaterThan(0.93)
})
