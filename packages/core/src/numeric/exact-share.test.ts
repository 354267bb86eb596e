import { expect, test } from 'vitest'
import { exactShare } from './exact-share.ts'

const intervalOf = (yes: number, draws: number) => {
  const share = exactShare(yes, draws, 0.95)
  if (share.kind !== 'estimate' || share.interval.kind !== 'interval') throw new Error('no interval')
  return [share.value, share.interval.low, share.interval.high] as const
}

test('the interval is that of other programs', () => {
  // binom.test(7, 50) of R; where none of n is seen the upper bound is 1 - 0.025^(1/n).
  const [value, low, high] = intervalOf(7, 50)
  expect(value).toBe(0.14)
  expect(low).toBeCloseTo(0.0581917, 6)
  expect(high).toBeCloseTo(0.267396, 6)
  expect(intervalOf(0, 20)[1]).toBe(0)
  expect(intervalOf(0, 20)[2]).toBeCloseTo(0.1684335, 6)
  expect(intervalOf(20, 20)[1]).toBeCloseTo(1 - 0.1684335, 6)
})

test('it holds the truth as often as it says, whatever the truth', () => {
  for (const truth of [0.01, 0.12, 0.5])
    for (const draws of [5, 40]) {
      let covered = 0
      let mass = (1 - truth) ** draws
      for (let yes = 0; yes <= draws; yes++) {
        const [, low, high] = intervalOf(yes, draws)
        if (low <= truth && truth <= high) covered += mass
        mass *= ((draws - yes) / (yes + 1)) * (truth / (1 - truth))
      }
      expect(covered).toBeGreaterThanOrEqual(0.95)
    }
})

test('of nothing it says nothing', () => {
  expect(exactShare(0, 0, 0.95)).toEqual({ kind: 'insufficient', reason: 'nothing was counted' })
})
