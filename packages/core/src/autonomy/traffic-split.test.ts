import { expect, test } from 'vitest'
import { seededRandom } from '../numeric/seeded-random.ts'
import { trafficSplit } from './traffic-split.ts'

const units = (candidate: number, baseline: number, conversations = 1) => [
  ...Array.from({ length: candidate }, () => ({ conversations, byCandidate: conversations })),
  ...Array.from({ length: baseline }, () => ({ conversations, byCandidate: 0 })),
]

test('a split as it was drawn has an interval around it', () => {
  const split = trafficSplit(units(24, 456), 0.05)
  expect(split).toMatchObject({ conversations: 480, byCandidate: 24, share: 0.05, standing: 'as-drawn' })
  // Jeffreys' interval of 24 of 480.
  expect(split?.low).toBeCloseTo(0.0331, 3)
  expect(split?.high).toBeCloseTo(0.0723, 3)
})

test('conversations of one unit hang together', () => {
  const apart = trafficSplit(units(50, 150), 0.25)
  const together = trafficSplit(units(10, 30, 5), 0.25)
  expect(together?.share).toBe(apart?.share)
  const width = (split: typeof apart) => (split?.high ?? 0) - (split?.low ?? 0)
  expect(width(together)).toBeGreaterThan(2 * width(apart))
})

test('a broken split says which way; a small one is not broken', () => {
  expect(trafficSplit(units(0, 480), 0.05)?.standing).toBe('fewer')
  expect(trafficSplit(units(480, 0), 0.5)?.standing).toBe('more')
  expect(trafficSplit(units(1, 0), 0.05)?.standing).toBe('as-drawn')
  expect(trafficSplit([], 0.05)).toBeNull()
})

test('of a thousand fair windows hardly any is called broken', () => {
  const random = seededRandom(20)
  const windows = Array.from({ length: 1_000 }, () => {
    const candidate = Array.from({ length: 300 }, () => random()).filter((one) => one < 0.1).length
    return trafficSplit(units(candidate, 300 - candidate), 0.1)?.standing
  })
  expect(windows.filter((one) => one !== 'as-drawn').length).toBeLessThanOrEqual(3)
})
