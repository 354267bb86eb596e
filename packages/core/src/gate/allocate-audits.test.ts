import { expect, test } from 'vitest'
import { seededRandom } from '../numeric/seeded-random.ts'
import { allocateAudits, type EpisodeKind, labelVariance, type Way } from './allocate-audits.ts'

const perfect = (minutes: number): Way => ({ sensitivity: 1, specificity: 1, minutes })

test('without label error and at equal minutes it is the share in proportion to sqrt(f (1 - f))', () => {
  const kinds: EpisodeKind[] = [
    { share: 0.8, failure: 0.02, ways: [perfect(1)] },
    { share: 0.2, failure: 0.5, ways: [perfect(1)] },
  ]
  const { kinds: found, minutes } = allocateAudits(kinds, { minutes: 0.2, floor: 0.01 })
  expect(minutes).toBeCloseTo(0.2, 9)
  expect((found[1]?.probability ?? 0) / (found[0]?.probability ?? 1)).toBeCloseTo(
    Math.sqrt(0.25 / (0.02 * 0.98)),
    9,
  )
})

test('four times as long is looked at half as often', () => {
  const kinds = [1, 4].map((minutes) => ({ share: 0.5, failure: 0.1, ways: [perfect(minutes)] }))
  const { kinds: found } = allocateAudits(kinds, { minutes: 0.3, floor: 0.001 })
  expect((found[0]?.probability ?? 0) / (found[1]?.probability ?? 1)).toBeCloseTo(2, 9)
})

test('the way with the least variance for the minutes is taken: neither the best rater nor the quickest as such', () => {
  const ways: Way[] = [
    { sensitivity: 0.99, specificity: 0.99, minutes: 30 },
    { sensitivity: 0.9, specificity: 0.97, minutes: 2 },
    { sensitivity: 0.55, specificity: 0.55, minutes: 0.5 },
  ]
  const { kinds } = allocateAudits([{ share: 1, failure: 0.1, ways }], { minutes: 1, floor: 0.05 })
  expect(kinds[0]?.way).toBe(1)
  expect(labelVariance(0.1, ways[2] as Way) * 0.5).toBeGreaterThan(labelVariance(0.1, ways[1] as Way) * 2)
})

test('no policy within the budget leaves less variance: a hundred random ones', () => {
  const random = seededRandom(5)
  for (let world = 0; world < 20; world++) {
    const kinds = [0.2, 0.3, 0.5].map((share) => ({
      share,
      failure: 0.02 + 0.5 * random(),
      ways: Array.from({ length: 3 }, () => ({
        sensitivity: 0.6 + 0.4 * random(),
        specificity: 0.6 + 0.4 * random(),
        minutes: 0.5 + 5 * random(),
      })),
    }))
    const best = allocateAudits(kinds, { minutes: 0.8, floor: 0.02 })
    const variance = (policy: typeof best.kinds) =>
      policy.reduce((sum, { way, probability }, at) => {
        const kind = kinds[at] as EpisodeKind
        return sum + (kind.share * labelVariance(kind.failure, kind.ways[way] as Way)) / probability
      }, 0)
    for (let other = 0; other < 100; other++) {
      const drawn = kinds.map(() => ({ way: Math.floor(3 * random()), probability: 0.02 + 0.98 * random() }))
      const minutes = drawn.reduce(
        (sum, { way, probability }, at) =>
          sum + (kinds[at]?.share ?? 0) * probability * (kinds[at]?.ways[way]?.minutes ?? 0),
        0,
      )
      if (minutes <= best.minutes) expect(variance(best.kinds)).toBeLessThanOrEqual(variance(drawn) + 1e-9)
    }
  }
})

test('degenerate: plenty of minutes, hardly any, a certain prediction, a rater who tells nothing', () => {
  const kind: EpisodeKind = { share: 1, failure: 0, ways: [perfect(1)] }
  expect(allocateAudits([kind], { minutes: 9, floor: 0.05 })).toEqual({
    kinds: [{ way: 0, probability: 1 }],
    minutes: 1,
  })
  expect(allocateAudits([kind], { minutes: 1e-6, floor: 0.05 }).minutes).toBeCloseTo(0.05, 12)
  const guess = { sensitivity: 0.5, specificity: 0.5, minutes: 1 }
  expect(() => allocateAudits([{ ...kind, ways: [guess] }], { minutes: 1, floor: 0.05 })).toThrow(
    'tells nothing',
  )
  expect(() => allocateAudits([{ ...kind, ways: [] }], { minutes: 1, floor: 0.05 })).toThrow('nobody')
})
