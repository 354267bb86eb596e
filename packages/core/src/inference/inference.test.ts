import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { seededRandom } from '../numeric/seeded-random.ts'
import { shuffled } from '../numeric/shuffled.ts'
import { digamma } from './digamma.ts'
import { goldPart } from './gold-part.ts'
import { inferTruth } from './infer-truth.ts'
import { summariseRatings } from './numeric-ratings.ts'
import { raterAccuracy } from './rater-accuracy.ts'
import { type RatingColumns, ratingIndex } from './rating-index.ts'
import { scoreBeliefs } from './score-beliefs.ts'
import type { TruthMethod } from './truth-method.ts'

const METHODS: readonly TruthMethod[] = ['majority', 'dawid-skene', 'map-ds', 'one-coin', 'ebcc', 'stacked']

type Triple = readonly [item: number, rater: number, label: number]

function columns(rows: readonly Triple[], items: number, raters: number, classes: number): RatingColumns {
  return {
    items,
    raters,
    classes,
    item: Int32Array.from(rows, (row) => row[0]),
    rater: Int32Array.from(rows, (row) => row[1]),
    label: Int32Array.from(rows, (row) => row[2]),
  }
}

/** Raters of different skill and bias; the truth is returned beside their ratings. */
function world(seed: number, classes: number, items = 200, raters = 12) {
  const random = seededRandom(seed)
  const truth = Int32Array.from({ length: items }, () => Math.floor(random() * classes))
  const skill = Array.from({ length: raters }, () => 0.4 + 0.6 * random())
  const rows: Triple[] = []
  for (let i = 0; i < items; i++)
    for (let w = 0; w < raters; w++)
      if (random() < 0.5)
        rows.push([
          i,
          w,
          random() < (skill[w] as number) ? (truth[i] as number) : Math.floor(random() * classes),
        ])
  return { rows, truth, items, raters, classes }
}

function infer(
  { rows, items, raters, classes }: Omit<ReturnType<typeof world>, 'truth'>,
  method: TruthMethod | 'auto',
  gold: Int32Array | null = null,
) {
  const index = ratingIndex(columns(rows, items, raters, classes))
  return inferTruth(index, { method, gold, iterations: null, seed: 3 })
}

function expectDistributions(logBeliefs: Float64Array, classes: number): void {
  for (let at = 0; at < logBeliefs.length; at += classes) {
    let sum = 0
    for (let k = 0; k < classes; k++) {
      expect(logBeliefs[at + k]).not.toBeNaN()
      sum += Math.exp(logBeliefs[at + k] as number)
    }
    expect(sum).toBeCloseTo(1, 9)
  }
}

describe('the objective', () => {
  test.each([2, 3, 4, 7])('never falls, with %i classes, with and without gold', (classes) => {
    for (let seed = 1; seed <= 3; seed++) {
      const made = world(seed, classes, 120, 9)
      const gold = made.truth.map((truth, item) => (item % 6 === 0 ? truth : -1))
      for (const method of ['dawid-skene', 'map-ds', 'one-coin', 'ebcc'] as const)
        for (const known of [null, gold]) {
          const { objective } = infer(made, method, known)
          expect(objective.length).toBeGreaterThan(1)
          for (let at = 1; at < objective.length; at++)
            expect(objective[at] as number).toBeGreaterThanOrEqual(
              (objective[at - 1] as number) - 1e-9 * Math.abs(objective[at] as number),
            )
        }
    }
  })

  test('is the log likelihood plus the log prior, computed independently for one rater pair', () => {
    const made = {
      rows: [
        [0, 0, 0],
        [0, 1, 0],
        [1, 0, 1],
        [1, 1, 1],
      ] as Triple[],
      items: 2,
      raters: 2,
      classes: 2,
    }
    const index = ratingIndex(columns(made.rows, 2, 2, 2))
    const { objective } = inferTruth(index, { method: 'map-ds', gold: null, iterations: 1, seed: 1 })
    // One item of each class with certainty: pi(right) = (1 + 2.55) / (1 + 3), prior 1/2.
    const right = Math.log(3.55 / 4)
    const wrong = Math.log(0.45 / 4)
    const likelihood = 2 * (Math.log(0.5) + Math.log(Math.exp(2 * right) + Math.exp(2 * wrong)))
    const prior = 4 * (2.55 * right + 0.45 * wrong) + 2 * Math.log(0.5)
    expect(objective[0]).toBeCloseTo(likelihood + prior, 10)
  })
})

describe('accuracy', () => {
  test('every model beats the majority of raters of unequal skill', () => {
    const means = new Map<string, number>()
    for (let seed = 1; seed <= 10; seed++) {
      const made = world(seed, 3, 300, 9)
      for (const method of ['majority', 'map-ds', 'one-coin', 'ebcc'] as const) {
        const score = scoreBeliefs(infer(made, method).logBeliefs, 3, made.truth, null)
        means.set(method, (means.get(method) ?? 0) + (score?.accuracy ?? 0) / 10)
      }
    }
    for (const method of ['map-ds', 'one-coin', 'ebcc'])
      expect(means.get(method)).toBeGreaterThan((means.get('majority') as number) + 0.005)
  })

  test('raters who are wrong together win without gold and lose to stacking with 30 gold items', () => {
    const random = seededRandom(5)
    const items = 300
    const truth = Int32Array.from({ length: items }, () => (random() < 0.5 ? 1 : 0))
    const rows: Triple[] = []
    for (let i = 0; i < items; i++) {
      const right = truth[i] as number
      const fooled = random() < 0.45 ? 1 - right : right
      for (let w = 0; w < 8; w++) rows.push([i, w, random() < 0.95 ? fooled : 1 - fooled])
      for (let w = 8; w < 10; w++) rows.push([i, w, random() < 0.85 ? right : 1 - right])
    }
    const made = { rows, items, raters: 10, classes: 2 }
    const gold = truth.map((known, item) => (item < 30 ? known : -1))
    const auto = infer(made, 'auto', gold)
    expect(auto.method).toBe('stacked')
    expect(scoreBeliefs(auto.logBeliefs, 2, truth, gold)?.accuracy).toBeGreaterThan(0.82)
    expect(scoreBeliefs(infer(made, 'majority').logBeliefs, 2, truth, gold)?.accuracy).toBeLessThan(0.6)
  })

  test('accuracy of raters is found back', () => {
    const made = world(4, 2, 600, 8)
    const index = ratingIndex(columns(made.rows, made.items, made.raters, made.classes))
    const { logBeliefs } = inferTruth(index, { method: 'map-ds', gold: null, iterations: null, seed: 1 })
    const { accuracy } = raterAccuracy(index, logBeliefs)
    for (let w = 0; w < made.raters; w++) {
      const own = made.rows.filter((row) => row[1] === w)
      const hits = own.filter((row) => made.truth[row[0]] === row[2]).length
      expect(Math.abs((accuracy[w] as number) - hits / own.length)).toBeLessThan(0.06)
    }
  })

  test('gold clamps its items, and its own answer does not temper it', () => {
    const made = world(2, 3)
    const gold = made.truth.map((known, item) => (item < 25 ? (known + 1) % 3 : -1))
    for (const method of METHODS) {
      const { logBeliefs } = infer(made, method, gold)
      for (let item = 0; item < 25; item++) expect(logBeliefs[item * 3 + (gold[item] as number)]).toBe(0)
    }
  })

  test('auto says why, and falls back to MAP Dawid-Skene below 20 gold items', () => {
    const made = world(3, 2)
    const few = made.truth.map((known, item) => (item < 19 ? known : -1))
    const enough = made.truth.map((known, item) => (item < 20 ? known : -1))
    expect(infer(made, 'auto', few)).toMatchObject({ method: 'map-ds' })
    expect(infer(made, 'auto', few).chosenBecause).toContain('19 gold items')
    expect(infer(made, 'auto', enough).chosenBecause).toMatch(/map-ds .*one-coin .*ebcc/)
  })
})

describe('degenerate input', () => {
  test.each([
    ['no items', [], 0, 0],
    ['no ratings', [], 4, 3],
    [
      'one rater',
      [
        [0, 0, 0],
        [1, 0, 1],
        [2, 0, 0],
        [3, 0, 0],
      ],
      4,
      1,
    ],
    ['one rater, ten times the same item', Array.from({ length: 10 }, () => [0, 0, 0]), 4, 1],
    [
      'one rating an item',
      [
        [0, 0, 0],
        [1, 1, 1],
        [2, 2, 0],
        [3, 3, 0],
      ],
      4,
      4,
    ],
  ] as [string, Triple[], number, number][])(
    '%s: no NaN and no confident answer',
    (_, rows, items, raters) => {
      for (const method of METHODS) {
        const { logBeliefs, objective } = infer({ rows, items, raters, classes: 2 }, method)
        expectDistributions(logBeliefs, 2)
        for (const value of objective) expect(Number.isFinite(value)).toBe(true)
        if (method === 'map-ds' || method === 'one-coin' || method === 'ebcc')
          // EBCC takes the votes for its prior of the classes too.
          for (const log of logBeliefs) expect(Math.exp(log)).toBeLessThan(method === 'ebcc' ? 0.97 : 0.95)
      }
    },
  )

  test('a million raters with one label each', () => {
    const items = 200_000
    const random = seededRandom(1)
    const made: RatingColumns = {
      items,
      raters: 1_000_000,
      classes: 2,
      item: Int32Array.from({ length: 1_000_000 }, (_, at) => at % items),
      rater: Int32Array.from({ length: 1_000_000 }, (_, at) => at),
      label: Uint8Array.from({ length: 1_000_000 }, () => (random() < 0.5 ? 1 : 0)),
    }
    const fit = inferTruth(ratingIndex(made), { method: 'map-ds', gold: null, iterations: 5, seed: 1 })
    expect(fit.objective.every(Number.isFinite)).toBe(true)
    expect(fit.logBeliefs.every(Number.isFinite)).toBe(true)
  })

  test('what is out of range is refused', () => {
    expect(() => ratingIndex(columns([[0, 5, 0]], 1, 1, 2))).toThrow(/out of range/)
    expect(() => ratingIndex(columns([[0, 0, 2]], 1, 1, 2))).toThrow(/out of range/)
    expect(() => ratingIndex(columns([], 1, 1, 1))).toThrow(/at least 2 classes/)
  })
})

test('the order of rows, items and raters changes nothing', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e6 }), fc.constantFrom(2, 3, 4), (seed, classes) => {
      const made = world(seed, classes, 30, 6)
      const random = seededRandom(seed + 1)
      const shuffle = (count: number) => shuffled([...Array(count).keys()], random)
      const items = shuffle(made.items)
      const raters = shuffle(made.raters)
      const rows = shuffle(made.rows.length).map((at): Triple => {
        const [item, rater, label] = made.rows[at] as Triple
        return [items[item] as number, raters[rater] as number, label]
      })
      for (const method of ['majority', 'map-ds', 'one-coin'] as const) {
        // A fixed number of iterations: where to stop may hang on the last digit.
        const fitted = (of: readonly Triple[]) =>
          inferTruth(ratingIndex(columns(of, made.items, made.raters, classes)), {
            method,
            gold: null,
            iterations: 15,
            seed: 1,
          }).logBeliefs
        const plain = fitted(made.rows)
        const permuted = fitted(rows)
        for (let item = 0; item < made.items; item++)
          for (let k = 0; k < classes; k++)
            expect(
              Math.exp(permuted[(items[item] as number) * classes + k] as number) -
                Math.exp(plain[item * classes + k] as number),
            ).toBeCloseTo(0, 7)
      }
    }),
    { numRuns: 25, seed: 7 },
  )
})

test('mean and median of numbers', () => {
  const item = Int32Array.from([0, 0, 0, 2, 2])
  const value = Float64Array.from([1, 2, 9, 3, 4])
  expect(summariseRatings(item, value, 3, 'mean')).toEqual([4, null, 3.5])
  expect(summariseRatings(item, value, 3, 'median')).toEqual([2, null, 3.5])
  expect(() => summariseRatings(item, Float64Array.from([1, 2, Number.NaN, 3, 4]), 3, 'mean')).toThrow(
    /finite/,
  )
})

test('digamma: known values (Abramowitz and Stegun, table 6.1)', () => {
  expect(digamma(1)).toBeCloseTo(-0.5772156649015329, 11)
  expect(digamma(0.5)).toBeCloseTo(-1.9635100260214235, 11)
  expect(digamma(2)).toBeCloseTo(0.4227843350984671, 11)
})

test('gold keeps its part, and the share is met', () => {
  const parts = Array.from({ length: 10_000 }, (_, at) => goldPart(`item ${at}`, 1, 0.3))
  expect(parts.filter((part) => part === 'measure').length / 10_000).toBeCloseTo(0.3, 1)
  expect(goldPart('item 7', 1, 0.3)).toBe(parts[7])
  expect(goldPart('x', 1, 0)).toBe('fit')
  expect(goldPart('x', 1, 1)).toBe('measure')
})

describe('gold of another kind', () => {
  /** Half of the items are hard: raters agree less on them. Gold from the easy half, or from both. */
  function twoKinds(pick: (item: number) => boolean) {
    const random = seededRandom(8)
    const rows: Triple[] = []
    const truth = Int32Array.from({ length: 400 }, () => (random() < 0.5 ? 1 : 0))
    for (let i = 0; i < 400; i++)
      for (let w = 0; w < 15; w++)
        rows.push([
          i,
          w,
          random() < (i % 2 === 0 ? 0.95 : 0.6) ? (truth[i] as number) : 1 - (truth[i] as number),
        ])
    const gold = truth.map((known, item) => (pick(item) ? known : -1))
    const inferred = infer({ rows, items: 400, raters: 15, classes: 2 }, 'auto', gold)
    return { gold, inferred }
  }

  test('widens the beliefs of the others, and leaves gold certain', () => {
    const { gold, inferred } = twoKinds((item) => item % 8 === 0)
    expect(inferred.goldShift).toBeGreaterThan(0.3)
    for (let i = 0; i < 400; i++)
      for (let k = 0; k < 2; k++) {
        const belief = Math.exp(inferred.logBeliefs[2 * i + k] as number)
        if (gold[i] === k) expect(belief).toBe(1)
        if (gold[i] === -1) expect(belief).toBeGreaterThanOrEqual(inferred.goldShift / 2 - 1e-12)
      }
    expectDistributions(inferred.logBeliefs, 2)
  })

  test('gold of both kinds widens nothing, nor do nine gold items', () => {
    expect(twoKinds((item) => item % 7 === 0).inferred.goldShift).toBe(0)
    expect(twoKinds((item) => item % 2 === 0 && item < 18).inferred.goldShift).toBe(0)
  })
})
