import { expect, test } from 'vitest'
import { seededRandom } from '../numeric/seeded-random.ts'
import { describeDifferences } from './describe-differences.ts'
import type { JudgedRatings } from './judged-ratings.ts'

/** Every rater answers every item; the first `known` of them are gold. */
function panel(rates: readonly number[], items: number, known: number, seed = 1): JudgedRatings {
  const random = seededRandom(seed)
  return {
    classes: ['no', 'yes'],
    raters: rates.map((_, rater) => `r${rater}`),
    gold: Array.from({ length: items }, (_, item) => (item < known ? item % 2 : -1)),
    belief: new Array<number>(2 * items).fill(0.5),
    ratings: Array.from({ length: items }, (_, item) =>
      rates.map((rate, rater) => ({
        row: item,
        item,
        rater,
        label: random() < rate ? item % 2 : 1 - (item % 2),
        confidence: null,
      })),
    ).flat(),
  }
}

test('raters who differ are said to, and alike ones are not told apart', () => {
  expect(describeDifferences([panel([0.95, 0.9, 0.6], 80, 80)])).toMatch(
    /^On known answers the 3 raters differ/,
  )
  expect(describeDifferences([panel([0.8, 0.8, 0.8], 80, 80)])).toContain('3 raters are not shown to differ')
})

test('only known answers count, over all questions; a rater with four of them is left out', () => {
  expect(describeDifferences([panel([0.95, 0.6], 80, 0)])).toBeNull()
  expect(describeDifferences([panel([0.95, 0.6], 80, 4)])).toBeNull()
  expect(describeDifferences([panel([0.95, 0.6], 80, 4), panel([0.95, 0.6], 80, 4, 2)])).toContain(
    '16 answers',
  )
  expect(describeDifferences([])).toBeNull()
})
