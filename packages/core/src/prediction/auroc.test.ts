import fc from 'fast-check'
import { expect, test } from 'vitest'
import { auroc } from './auroc.ts'

const rows = (positives: readonly number[], negatives: readonly number[]) => [
  ...positives.map((score) => ({ score, positive: true })),
  ...negatives.map((score) => ({ score, positive: false })),
]

test('by hand: of six pairs four are in order and one is tied', () => {
  expect(auroc(rows([3, 2], [1, 2, 2.5]))?.estimate).toBeCloseTo(4.5 / 6, 12)
})

test('a score that says nothing is at one half, with an interval around it', () => {
  const area = auroc(rows([1, 1, 1, 1], [1, 1, 1, 1]))
  expect(area?.estimate).toBe(0.5)
  expect(area?.low).toBeLessThan(0.25)
  expect(area?.high).toBeGreaterThan(0.75)
})

test('told apart without error, the interval still has a width that shrinks with data', () => {
  const width = (count: number) => {
    const area = auroc(rows(Array(count).fill(1), Array(count).fill(0)))
    expect(area?.estimate).toBe(1)
    return 1 - (area?.low ?? 0)
  }
  expect(width(5)).toBeGreaterThan(width(50))
  expect(width(50)).toBeGreaterThan(0)
})

test('fewer than two of either kind give nothing', () => {
  expect(auroc([])).toBeNull()
  expect(auroc(rows([1], [0, 0, 0]))).toBeNull()
})

test('turning the scores round mirrors area and interval; order of rows does not matter', () => {
  const scores = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 2, maxLength: 20 })
  fc.assert(
    fc.property(scores, scores, (positives, negatives) => {
      const area = auroc(rows(positives, negatives))
      const mirrored = auroc(
        rows(
          positives.map((score) => -score),
          negatives.map((score) => -score),
        ),
      )
      const reversed = auroc(rows(positives, negatives).reverse())
      if (!area || !mirrored || !reversed) throw new Error('null')
      expect(mirrored.estimate).toBeCloseTo(1 - area.estimate, 10)
      expect(mirrored.low).toBeCloseTo(1 - area.high, 6)
      expect(reversed).toEqual(area)
      expect(area.low).toBeLessThanOrEqual(area.estimate)
      expect(area.high).toBeGreaterThanOrEqual(area.estimate)
    }),
  )
})

test('the interval covers the true area about as often as it says', () => {
  // Scores of a positive are uniform on [0, 1], of a negative uniform on [-1/2, 1/2]: the area is 7/8.
  let seed = 7
  const random = () => {
    seed = (seed * 16_807) % 2_147_483_647
    return seed / 2_147_483_647
  }
  let covered = 0
  for (let run = 0; run < 1_000; run++) {
    const area = auroc(
      rows(
        Array.from({ length: 20 }, () => random()),
        Array.from({ length: 30 }, () => random() - 0.5),
      ),
    )
    if (area && area.low <= 0.875 && area.high >= 0.875) covered += 1
  }
  expect(covered / 1_000).toBeGreaterThan(0.93)
})
