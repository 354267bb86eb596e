import { expect, test } from 'vitest'
import { seededRandom } from '../numeric/seeded-random.ts'
import { LEAK_ALPHA, leakSign } from './leak-sign.ts'

const answers = (seconds: readonly number[], right: (at: number) => boolean = () => true) =>
  seconds.map((one, at) => ({ right: right(at), seconds: one }))

test('by hand: eight that are all quicker than eight before them', () => {
  // The later ones beat none of 64: mean 32, variance 8 * 8 * 17 / 12, z = -31.5 / 9.522 = -3.308.
  const found = leakSign(answers([...[60, 61, 62, 63, 64, 65, 66, 67], ...[10, 11, 12, 13, 14, 15, 16, 17]]))
  if (found.kind === 'insufficient') throw new Error(found.reason)
  expect(found.kind).toBe('quicker')
  expect(found.chance).toBeCloseTo(0.00047, 5)
})

test('no sign where later ones are slower, alike, or quick and wrong', () => {
  const quick = [...[60, 61, 62, 63, 64, 65, 66, 67], ...[10, 11, 12, 13, 14, 15, 16, 17]]
  expect(leakSign(answers([...quick].reverse())).kind).toBe('none')
  expect(leakSign(answers(quick.map(() => 30)))).toEqual({ kind: 'none', chance: 1 })
  expect(leakSign(answers(quick, (at) => at !== 12)).kind).toBe('none')
})

test('about one item in a hundred is called so where the order means nothing', () => {
  const random = seededRandom(7)
  let called = 0
  for (let item = 0; item < 4_000; item++)
    if (
      leakSign(answers(Array.from({ length: 24 }, () => Math.exp(3 + random() + random())))).kind ===
      'quicker'
    )
      called += 1
  expect(called / 4_000).toBeLessThanOrEqual(LEAK_ALPHA + 0.004)
  expect(called).toBeGreaterThan(10)
})

test('few answers, or none with a time, say nothing; impossible times are refused', () => {
  expect(leakSign(answers(Array.from({ length: 15 }, () => 9))).kind).toBe('insufficient')
  expect(leakSign(Array.from({ length: 40 }, () => ({ right: true, seconds: null }))).kind).toBe(
    'insufficient',
  )
  expect(() => leakSign(answers([-1]))).toThrow(RangeError)
})
