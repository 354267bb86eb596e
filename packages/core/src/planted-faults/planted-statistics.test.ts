import { expect, test } from 'vitest'
import { seededRandom } from '../numeric/seeded-random.ts'
import { detectionDifference, detectionOf } from './detection-difference.ts'
import { guessesToGo } from './guesses-to-go.ts'
import { type Guess, plantedValidity } from './planted-validity.ts'
import { readingTime, testRubberStamp } from './rubber-stamp.ts'

/** `tells(rater, item)`: the chance of a right guess. */
function guesses(many: number, tells: (rater: number, item: number) => number, seed: number): Guess[] {
  const random = seededRandom(seed)
  return Array.from({ length: many }, (_, at) => {
    const planted = random() < 0.5
    const item = Math.floor(random() * 30)
    const right = random() < tells(at % 10, item)
    return { rater: `r${at % 10}`, item: `${planted}${item}`, planted, saidPlanted: planted === right }
  })
}
const verdictOf = (found: ReturnType<typeof plantedValidity>) =>
  found.kind === 'insufficient' ? 'insufficient' : found.verdict

test('faults that nobody can tell are validated, faults that all can tell fail, few guesses say nothing', () => {
  expect(verdictOf(plantedValidity(guesses(800, () => 0.5, 3)))).toBe('validated')
  expect(verdictOf(plantedValidity(guesses(400, () => 0.8, 4)))).toBe('failed')
  expect(verdictOf(plantedValidity(guesses(60, () => 0.5, 5)))).toBe('undecided')
  expect(verdictOf(plantedValidity(guesses(12, () => 0.5, 6)))).toBe('insufficient')
  expect(
    verdictOf(plantedValidity(guesses(800, () => 0.5, 3).map((one) => ({ ...one, rater: 'one' })))),
  ).toBe('insufficient')
})

test('whoever is always wrong tells them apart as well', () => {
  expect(verdictOf(plantedValidity(guesses(400, () => 0.2, 7)))).toBe('failed')
})

test('always saying planted is chance, however often it is said', () => {
  const found = plantedValidity(guesses(800, () => 0.5, 8).map((one) => ({ ...one, saidPlanted: true })))
  if (found.kind === 'insufficient') throw new Error(found.reason)
  expect(Math.abs(found.accuracy.value - 0.5)).toBeLessThan(0.05)
})

test('guesses that hang together count for less: two of ten raters see nearly all of it', () => {
  const alike = plantedValidity(guesses(900, () => 0.59, 9))
  const together = plantedValidity(guesses(900, (rater) => (rater < 2 ? 0.95 : 0.5), 9))
  if (alike.kind === 'insufficient' || together.kind === 'insufficient') throw new Error('insufficient')
  const width = ({ low, high }: { low: number; high: number }) => high - low
  expect(width(together.accuracy)).toBeGreaterThan(1.3 * width(alike.accuracy))
})

test('a validity at the limit is seldom granted, at any of many looks', () => {
  let granted = 0
  for (let run = 0; run < 60; run++) {
    const all = guesses(900, () => 0.6, 100 + run)
    if (
      [100, 200, 300, 450, 600, 900].some(
        (many) => verdictOf(plantedValidity(all.slice(0, many))) === 'validated',
      )
    )
      granted += 1
  }
  expect(granted).toBeLessThanOrEqual(6)
})

test('detection: nothing caught and all caught keep an interval, and the difference has the sign of its parts', () => {
  const answers = (caught: number, missed: number, name: string) =>
    Array.from({ length: caught + missed }, (_, at) => ({
      rater: `r${at % 6}`,
      item: `${name}${at}`,
      caught: at < caught,
    }))
  expect(detectionOf([])).toEqual({ caught: 0, answers: 0, low: 0, high: 1 })
  const all = detectionOf(answers(10, 0, 'x'))
  expect(all.high).toBe(1)
  expect(all.low).toBeGreaterThan(0.7)
  expect(all.low).toBeLessThan(0.85)
  const found = detectionDifference(answers(10, 0, 'p'), answers(2, 8, 'n'))
  if (found.kind === 'insufficient') throw new Error(found.reason)
  expect(found.difference.value).toBeCloseTo(0.8)
  expect(found.difference.low).toBeGreaterThan(0.3)
  expect(found.difference.high).toBeGreaterThan(0.9)
  expect(detectionDifference([], answers(1, 1, 'n')).kind).toBe('insufficient')
  const same = detectionDifference(answers(5, 0, 'p'), answers(5, 0, 'n'))
  if (same.kind === 'insufficient') throw new Error(same.reason)
  expect(same.difference.high).toBeGreaterThan(0.2)
})

test('the reading time is the low end of careful answers, and of too few there is none', () => {
  expect(readingTime(Array.from({ length: 100 }, (_, at) => 200 - at))).toBe(106)
  expect(readingTime(Array.from({ length: 19 }, () => 60))).toMatchObject({ kind: 'insufficient' })
  expect(() => readingTime([-1])).toThrow(RangeError)
})

test('fast misses in a row are rubber-stamping; slow misses, fast catches and unknown times are not', () => {
  const times = (many: number, caught: boolean, seconds: number | null) =>
    Array.from({ length: many }, () => ({ caught, seconds, readingSeconds: 30 }))
  expect(testRubberStamp([]).verdict).toBe('undecided')
  expect(testRubberStamp(times(3, false, 4)).verdict).toBe('undecided')
  expect(testRubberStamp(times(4, false, 4))).toMatchObject({
    verdict: 'rubber-stamping',
    fastMisses: 4,
    answers: 4,
  })
  for (const innocent of [times(200, false, 40), times(200, true, 4), times(200, false, null)])
    expect(testRubberStamp(innocent).verdict).toBe('undecided')
  expect(testRubberStamp(times(9, false, 4).map((one) => ({ ...one, readingSeconds: null }))).verdict).toBe(
    'undecided',
  )
})

test('guesses to go: those that are missing for a verdict, none when it is there, and about right in between', () => {
  expect(guessesToGo(plantedValidity([]), { planted: 0, natural: 0 })).toBe(20)
  const some = plantedValidity(guesses(100, () => 0.5, 11))
  const more = guessesToGo(some, { planted: 50, natural: 50 })
  expect(more).toBeGreaterThan(100)
  expect(more).toBeLessThan(2_000)
  expect(guessesToGo(plantedValidity(guesses(400, () => 0.8, 4)), { planted: 200, natural: 200 })).toBe(0)
  const atTheLimit = {
    kind: 'validity' as const,
    verdict: 'undecided' as const,
    guesses: 1_000,
    right: 600,
    planted: { guesses: 500, saidPlanted: 300 },
    natural: { guesses: 500, saidPlanted: 200 },
    accuracy: { value: 0.6, low: 0.55, high: 0.65 },
  }
  expect(guessesToGo(atTheLimit, { planted: 500, natural: 500 })).toBeNull()
})
