import { describe, expect, test } from 'vitest'
import { seededRandom } from '../numeric/seeded-random.ts'
import { foreseeSplit, type PartCounts, type SplitEvidence } from './foresee-split.ts'
import { rubricTreeError } from './rubric-tree-error.ts'

const NONE = { both: 0, wholeOnly: 0, splitOnly: 0, neither: 0 }
const part = (right: number, wrong: number): PartCounts => ({
  bothHold: right - Math.floor(right / 2),
  missed: Math.ceil(wrong / 2),
  falseAlarm: Math.floor(wrong / 2),
  neitherHolds: Math.floor(right / 2),
})
const split = (more: Partial<SplitEvidence>): SplitEvidence => ({
  rule: 'all',
  whole: { right: 90, asked: 100 },
  parts: [part(95, 5), part(95, 5)],
  sameItems: NONE,
  ...more,
})
const verdict = (evidence: SplitEvidence) => {
  const found = foreseeSplit(evidence)
  return found.kind === 'forecast' ? found.verdict : found.reason
}

test('the accuracy of two parts by hand', () => {
  // Both hold half the time, and are read rightly 9 times in 10: 1 - 1/4 - 1/4 + 2 * (.45 ^ 2).
  const nine: PartCounts = { bothHold: 45, missed: 5, falseAlarm: 5, neitherHolds: 45 }
  const found = foreseeSplit(split({ parts: [nine, nine] }))
  expect(found).toMatchObject({ kind: 'forecast', basis: 'parts' })
  if (found.kind !== 'forecast') return
  expect(found.split.value).toBeCloseTo(0.905, 12)
  expect(found.split.low).toBeLessThan(0.905)
  expect(found.split.high).toBeGreaterThan(0.905)
  // 'any' of these opposites is the same.
  const any = foreseeSplit(split({ rule: 'any', parts: [nine, nine] }))
  if (any.kind === 'forecast') expect(any.split.value).toBeCloseTo(0.905, 12)
  expect(found.partNeeded).toBeCloseTo(Math.sqrt(0.9), 10)
})

test('a split is called harmful only where known answers show it', () => {
  expect(verdict(split({}))).toBe('undecided')
  // Each holds 96 times in 100, and a sixth of that is missed.
  const poor: PartCounts = { bothHold: 80, missed: 16, falseAlarm: 0, neitherHolds: 4 }
  const bad = { whole: { right: 93, asked: 100 }, parts: Array.from({ length: 6 }, () => poor) }
  const found = foreseeSplit(split(bad))
  expect(found).toMatchObject({ verdict: 'hurts', ratersNeeded: 9 })
  if (found.kind === 'forecast') {
    expect(found.difference.high).toBeLessThan(0)
    expect(found.partNeeded).toBeCloseTo(0.93 ** (1 / 6), 10)
  }
  expect(verdict(split({ whole: { right: 60, asked: 100 }, parts: [part(100, 0), part(100, 0)] }))).toBe(
    'helps',
  )
  // A part worse than a coin is mended by no number of raters.
  const hopeless = foreseeSplit(
    split({ whole: { right: 99, asked: 100 }, parts: [part(40, 60), part(90, 10)] }),
  )
  expect(hopeless).toMatchObject({ verdict: 'hurts', ratersNeeded: null })
})

test('without known answers nothing is foreseen, and that is no advice against it', () => {
  expect(verdict(split({ whole: { right: 0, asked: 0 } }))).toContain('only 0 known answers to the whole')
  expect(verdict(split({ parts: [part(95, 5), part(3, 1)] }))).toContain('only 4 known answers to one')
  expect(verdict(split({ rule: 'view' }))).toBe('nothing follows from the parts by rule')
  expect(() => foreseeSplit(split({ parts: [] }))).toThrow(RangeError)
  expect(() => foreseeSplit(split({ whole: { right: 5, asked: 4 } }))).toThrow(RangeError)
})

test('items that were answered both ways go before the parts', () => {
  const sameItems = { both: 80, wholeOnly: 18, splitOnly: 1, neither: 1 }
  const found = foreseeSplit(split({ sameItems, parts: [part(100, 0), part(100, 0)] }))
  expect(found).toMatchObject({ basis: 'same-items', verdict: 'hurts' })
  if (found.kind === 'forecast') {
    expect(found.difference.value).toBeCloseTo(-0.17, 12)
    expect(found.whole.value).toBeCloseTo(0.98, 12)
  }
  expect(verdict(split({ sameItems: { ...sameItems, wholeOnly: 1, splitOnly: 18 } }))).toBe('helps')
  expect(verdict(split({ sameItems: { both: 90, wholeOnly: 0, splitOnly: 0, neither: 10 } }))).toBe(
    'undecided',
  )
})

describe('over many samples', () => {
  const random = seededRandom(20261130)
  const draw = (count: number, shares: readonly number[]): number[] => {
    const counts = shares.map(() => 0)
    for (let one = 0; one < count; one++) {
      let left = random()
      const at = shares.findIndex((share) => {
        left -= share
        return left < 0
      })
      const place = at === -1 ? shares.length - 1 : at
      counts[place] = (counts[place] ?? 0) + 1
    }
    return counts
  }
  const sample = (parts: number, prior: number, quality: number, gold: number): PartCounts[] =>
    Array.from({ length: parts }, () => {
      const [bothHold = 0, missed = 0, falseAlarm = 0, neitherHolds = 0] = draw(gold, [
        prior * quality,
        prior * (1 - quality),
        (1 - prior) * (1 - quality),
        (1 - prior) * quality,
      ])
      return { bothHold, missed, falseAlarm, neitherHolds }
    })
  const truth = (parts: number, prior: number, quality: number) =>
    rubricTreeError({
      kind: 'every',
      children: Array.from({ length: parts }, () => ({
        kind: 'leaf' as const,
        prior,
        sensitivity: quality,
        specificity: quality,
        raters: 1,
        shared: 0,
      })),
    }).accuracy

  test.each([
    { parts: 2, prior: 0.8, quality: 0.9, gold: 40 },
    { parts: 4, prior: 0.9, quality: 0.95, gold: 60 },
    { parts: 8, prior: 0.95, quality: 0.97, gold: 100 },
  ])('the interval of the combination holds the truth: %o', ({ parts, prior, quality, gold }) => {
    const SAMPLES = 1500
    let held = 0
    for (let one = 0; one < SAMPLES; one++) {
      const found = foreseeSplit(split({ parts: sample(parts, prior, quality, gold) }))
      if (found.kind !== 'forecast') continue
      const accuracy = truth(parts, prior, quality)
      if (found.split.low <= accuracy && accuracy <= found.split.high) held += 1
    }
    expect(held / SAMPLES).toBeGreaterThan(0.925)
  })

  test('a split that does no harm is refused at most once in forty times', () => {
    const SAMPLES = 1500
    let refused = 0
    const accuracy = truth(3, 0.85, 0.92)
    for (let one = 0; one < SAMPLES; one++) {
      const [right = 0] = draw(60, [accuracy, 1 - accuracy])
      const found = foreseeSplit(split({ whole: { right, asked: 60 }, parts: sample(3, 0.85, 0.92, 60) }))
      if (found.kind === 'forecast' && found.verdict === 'hurts') refused += 1
    }
    expect(refused / SAMPLES).toBeLessThan(0.035)
  })
})
