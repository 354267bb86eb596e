import { describe, expect, test } from 'vitest'
import { seededRandom } from '../numeric/seeded-random.ts'
import { inferTruth } from './infer-truth.ts'
import { ratingIndex } from './rating-index.ts'
import { refreshTruth } from './refresh-truth.ts'
import type { TruthMethod } from './truth-method.ts'

const ITEMS = 300
const RATERS = 10
const random = seededRandom(21)
const TRUTH = Int32Array.from({ length: ITEMS }, () => (random() < 0.3 ? 1 : 0))
const GOLD = TRUTH.map((known, item) => (item % 10 === 0 ? known : -1))
const ROWS = Array.from({ length: 5 * ITEMS }, (_, at) => {
  const item = at % ITEMS
  const rater = Math.floor(random() * RATERS)
  const right = random() < 0.6 + 0.035 * rater
  const known = TRUTH[item] as number
  return { item, rater, label: right ? known : 1 - known }
})

function indexOf(rows: typeof ROWS, items: number, number = (item: number) => item) {
  return ratingIndex({
    items,
    raters: RATERS,
    classes: 2,
    item: Int32Array.from(rows, ({ item }) => number(item)),
    rater: Int32Array.from(rows, ({ rater }) => rater),
    label: Int32Array.from(rows, ({ label }) => label),
  })
}

const largest = (a: Float64Array, b: Float64Array) =>
  a.reduce((most, log, at) => Math.max(most, Math.abs(Math.exp(log) - Math.exp(b[at] as number))), 0)

describe.each<[TruthMethod, boolean]>([
  ['map-ds', false],
  ['map-ds', true],
  ['one-coin', true],
])('%s, gold %s', (method, withGold) => {
  const gold = withGold ? GOLD : null
  const options = { method, gold, iterations: null, seed: 1 }
  const same = Int32Array.from({ length: ITEMS }, (_, item) => item)

  test('twenty more ratings: nearly what a whole new fit says, in ten iterations', () => {
    const before = inferTruth(indexOf(ROWS.slice(0, -20), ITEMS), options)
    const all = indexOf(ROWS, ITEMS)
    const anew = inferTruth(all, options)
    const found = refreshTruth(all, { truth: before, place: same }, { gold, seed: 1 })
    expect(found.iterations).toBeLessThanOrEqual(10)
    expect(found.temper).toBe(before.temper)
    expect(largest(found.logBeliefs, anew.logBeliefs)).toBeLessThan(0.05)
    // The old beliefs are not that near, so it is the refresh that did it.
    expect(largest(before.logBeliefs, anew.logBeliefs)).toBeGreaterThan(0.2)
  })

  test('items may be new and numbered anew', () => {
    const last = ITEMS - 1
    const before = inferTruth(
      indexOf(
        ROWS.filter(({ item }) => item < last),
        last,
      ),
      options,
    )
    const turned = (item: number) => ITEMS - 1 - item
    const all = indexOf(ROWS, ITEMS, turned)
    const goldTurned = gold === null ? null : Int32Array.from(gold, (_, item) => gold[turned(item)] as number)
    const anew = inferTruth(all, { ...options, gold: goldTurned })
    const place = Int32Array.from({ length: ITEMS }, (_, item) => (item === 0 ? -1 : turned(item)))
    const found = refreshTruth(all, { truth: before, place }, { gold: goldTurned, seed: 1 })
    expect(largest(found.logBeliefs, anew.logBeliefs)).toBeLessThan(0.05)
  })
})

test('one rating moves its item, and its rater, at once', () => {
  const before = inferTruth(indexOf(ROWS, ITEMS), { method: 'map-ds', gold: null, iterations: null, seed: 1 })
  const same = Int32Array.from({ length: ITEMS }, (_, item) => item)
  const item = TRUTH.indexOf(0)
  const found = refreshTruth(
    indexOf([...ROWS, { item, rater: RATERS - 1, label: 1 }], ITEMS),
    { truth: before, place: same },
    { gold: null, seed: 1 },
  )
  const belief = ({ logBeliefs }: typeof found) => Math.exp(logBeliefs[2 * item + 1] as number)
  expect(belief(found)).toBeGreaterThan(belief(before) + 0.2)
})
