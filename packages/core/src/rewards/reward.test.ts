import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { seededRandom } from '../numeric/seeded-random.ts'
import type { Combination, Rubric, RubricNode } from '../rubrics/rubric.ts'
import { combineWorths } from './combine-worths.ts'
import { type Belief, rewardOf } from './reward.ts'
import { certain, worthLaw } from './worth-law.ts'

type Share = { readonly weight?: number; readonly required?: boolean }
const criterion = (id: string) => ({
  id,
  question: `${id}?`,
  scale: { kind: 'yes-no', good: 'yes' } as const,
  guidance: '',
  answeredBy: ['human' as const],
})
const leaf = (id: string, { weight = 1, required = false }: Share = {}): RubricNode => ({
  kind: 'leaf',
  criterion: criterion(id),
  check: null,
  weight,
  required,
})
const parent = (
  id: string,
  combine: Combination,
  children: readonly RubricNode[],
  { weight = 1, required = false }: Share = {},
): RubricNode & { readonly kind: 'parent' } => ({
  kind: 'parent',
  id,
  combine,
  criterion: null,
  children,
  weight,
  required,
})
const rubric = (root: RubricNode): Rubric => ({ name: 'r', root })
const yes = (probability: number): Belief => ({
  kind: 'known',
  law: worthLaw([
    { worth: 1, probability },
    { worth: 0, probability: 1 - probability },
  ]),
})
const sure = (worth: number): Belief => ({ kind: 'known', law: certain(worth) })
const reward = (root: RubricNode, beliefs: Readonly<Record<string, Belief>>, seed = 1) =>
  rewardOf(rubric(root), new Map(Object.entries(beliefs)), seededRandom(seed))

describe('worked examples', () => {
  test('HealthBench: points earned over points possible, clipped', () => {
    const root = parent('root', 'points', [
      leaf('advises-care', { weight: 7 }),
      leaf('asks-age', { weight: 3 }),
      leaf('invents-a-dose', { weight: -8 }),
    ])
    // Met, not met, and the bad thing did not happen: 7 of 10.
    expect(
      reward(root, { 'advises-care': sure(1), 'asks-age': sure(0), 'invents-a-dose': sure(1) }).value,
    ).toMatchObject({
      estimate: 0.7,
      low: 0.7,
      high: 0.7,
      method: 'exact',
    })
    // The bad thing happened: (7 - 8) / 10 is below 0.
    expect(
      reward(root, { 'advises-care': sure(1), 'asks-age': sure(0), 'invents-a-dose': sure(0) }).value,
    ).toMatchObject({
      estimate: 0,
    })
    // Expectation by hand: 0.5 * 0.7 + 0.5 * 0.
    expect(
      reward(root, { 'advises-care': sure(1), 'asks-age': sure(0), 'invents-a-dose': yes(0.5) }).value,
    ).toMatchObject({
      estimate: 0.35,
      low: 0,
      high: 0.7,
    })
  })

  test('PaperBench: weighted means, level by level', () => {
    const root = parent('root', 'weighted', [
      parent('code', 'weighted', [leaf('a', { weight: 2 }), leaf('b', { weight: 1 })], { weight: 3 }),
      leaf('results', { weight: 1 }),
    ])
    // (3 * 2/3 + 1 * 0) / 4
    expect(reward(root, { a: sure(1), b: sure(0), results: sure(0) }).value).toMatchObject({ estimate: 0.5 })
    // (3 * (2 * 0.9 + 0.4) / 3 + 0.2) / 4 = (2.2 + 0.2) / 4
    const value = reward(root, { a: yes(0.9), b: yes(0.4), results: yes(0.2) }).value
    expect(value.kind === 'known' ? value.estimate : null).toBeCloseTo(0.6, 12)
  })

  test('a weighted mean with abstentions does not pretend: it is insufficient and says what is missing', () => {
    const root = parent('root', 'weighted', [leaf('a', { weight: 3 }), leaf('b'), leaf('c')])
    const found = reward(root, { a: sure(1), b: { kind: 'missing' }, c: { kind: 'not-applicable' } })
    expect(found.value).toEqual({ kind: 'insufficient', missing: ['b'] })
    expect(found.completeness).toEqual({ answered: 1, total: 2, notApplicable: 1 })
    expect(found.nodes.get('a')).toMatchObject({ estimate: 1 })
    expect(found.nodes.has('c')).toBe(false)
    // Not applicable is left out: 3 of 4, not 3 of 5.
    expect(reward(root, { a: sure(1), b: sure(0), c: { kind: 'not-applicable' } }).value).toMatchObject({
      estimate: 0.75,
    })
  })

  test('a required child that fails makes its parent fail, however good the others are', () => {
    const root = parent('root', 'weighted', [leaf('safe', { required: true }), leaf('good', { weight: 9 })])
    expect(reward(root, { safe: yes(0.8), good: sure(1) }).value).toMatchObject({
      estimate: 0.8,
      low: 0,
      high: 1,
    })
    // Known to fail: the other one does not matter any more.
    expect(reward(root, { safe: sure(0) }).value).toMatchObject({ kind: 'known', estimate: 0 })
  })

  test('all and any are decided by one child where they can be', () => {
    const children = [leaf('a'), leaf('b')]
    expect(reward(parent('root', 'all', children), { a: sure(0) }).value).toMatchObject({
      kind: 'known',
      estimate: 0,
    })
    expect(reward(parent('root', 'all', children), { a: sure(1) }).value).toEqual({
      kind: 'insufficient',
      missing: ['b'],
    })
    expect(reward(parent('root', 'any', children), { a: sure(1) }).value).toMatchObject({
      kind: 'known',
      estimate: 1,
    })
    const both = reward(parent('root', 'all', children), { a: yes(0.9), b: yes(0.8) }).value
    expect(both.kind === 'known' ? both.estimate : null).toBeCloseTo(0.72, 12)
  })

  test('a parent that is asked as a whole and answered speaks for itself', () => {
    const root = { ...parent('root', 'all', [leaf('a'), leaf('b')]), criterion: criterion('root') }
    expect(reward(root, { a: sure(1), root: yes(0.7) }).value).toMatchObject({ kind: 'known', estimate: 0.7 })
  })

  test('where no question arises there is no reward', () => {
    const nothing = { kind: 'not-applicable' } as const
    expect(reward(parent('root', 'all', [leaf('a'), leaf('b')]), { a: nothing, b: nothing }).value).toEqual({
      kind: 'insufficient',
      missing: [],
    })
  })
})

const COMBINE = fc.constantFrom<Combination>('all', 'any', 'weighted', 'points')
const CHILDREN = fc.array(
  fc.record({
    worth: fc.double({ min: 0, max: 1, noNaN: true }),
    weight: fc.integer({ min: -5, max: 9 }).filter((weight) => weight !== 0),
    required: fc.boolean(),
  }),
  { minLength: 1, maxLength: 6 },
)

test('a better child never makes its parent worse, and worths stay in [0, 1]', () => {
  fc.assert(
    fc.property(
      COMBINE,
      CHILDREN,
      fc.nat(),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (combine, drawn, which, better) => {
        const children = drawn.map((child) =>
          combine === 'weighted' ? { ...child, weight: Math.abs(child.weight) } : child,
        )
        const at = which % children.length
        const worth = combineWorths(combine, children)
        const raised = combineWorths(
          combine,
          children.map((child, index) =>
            index === at ? { ...child, worth: Math.max(child.worth, better) } : child,
          ),
        )
        expect(raised).toBeGreaterThanOrEqual(worth - 1e-12)
        for (const value of [worth, raised]) {
          expect(value).toBeGreaterThanOrEqual(0)
          expect(value).toBeLessThanOrEqual(1 + 1e-12)
        }
      },
    ),
  )
})

test('the reward is monotone in what is believed of each leaf', () => {
  const probability = fc.double({ min: 0, max: 1, noNaN: true })
  fc.assert(
    fc.property(
      COMBINE,
      fc.array(probability, { minLength: 2, maxLength: 5 }),
      probability,
      (combine, believed, better) => {
        const root = parent(
          'root',
          combine,
          believed.map((_, index) =>
            leaf(`l${index}`, { weight: combine === 'points' && index === 1 ? -2 : 1 }),
          ),
        )
        const at = (first: number) =>
          reward(
            root,
            Object.fromEntries(believed.map((p, index) => [`l${index}`, yes(index === 0 ? first : p)])),
          ).value
        const [lower, higher] = [
          at(Math.min(believed[0] ?? 0, better)),
          at(Math.max(believed[0] ?? 0, better)),
        ]
        if (lower.kind !== 'known' || higher.kind !== 'known') throw new Error('insufficient')
        expect(higher.estimate).toBeGreaterThanOrEqual(lower.estimate - 1e-9)
      },
    ),
  )
})

test('too many combinations: the draws agree with what can be computed, and the interval holds 95 % of fresh ones', () => {
  const count = 16
  const root = parent(
    'root',
    'weighted',
    Array.from({ length: count }, (_, index) => leaf(`l${index}`, { weight: index + 1 })),
  )
  const beliefs = Object.fromEntries(
    Array.from({ length: count }, (_, index) => [`l${index}`, yes((index + 1) / 20)]),
  )
  const { value } = reward(root, beliefs)
  if (value.kind !== 'known') throw new Error('insufficient')
  expect(value.method).toBe('monte-carlo')
  const weights = (count * (count + 1)) / 2
  const mean = Array.from(
    { length: count },
    (_, index) => ((index + 1) / weights) * ((index + 1) / 20),
  ).reduce((a, b) => a + b)
  expect(value.estimate).toBeCloseTo(mean, 2)
  const random = seededRandom(99)
  let inside = 0
  for (let draw = 0; draw < 4_000; draw++) {
    let worth = 0
    for (let index = 0; index < count; index++)
      if (random() < (index + 1) / 20) worth += (index + 1) / weights
    if (worth >= value.low - 1e-9 && worth <= value.high + 1e-9) inside += 1
  }
  expect(inside / 4_000).toBeGreaterThan(0.94)
  // The same generator, the same reward.
  expect(reward(root, beliefs).value).toEqual(value)
})

test('completeness counts every leaf once', () => {
  const state = fc.constantFrom<Belief>(sure(1), { kind: 'missing' }, { kind: 'not-applicable' })
  fc.assert(
    fc.property(COMBINE, fc.array(state, { minLength: 1, maxLength: 8 }), (combine, states) => {
      const root = parent(
        'root',
        combine,
        states.map((_, index) => leaf(`l${index}`)),
      )
      const { completeness, value } = reward(
        root,
        Object.fromEntries(states.map((one, index) => [`l${index}`, one])),
      )
      const of = (kind: Belief['kind']) => states.filter((one) => one.kind === kind).length
      expect(completeness).toEqual({
        answered: of('known'),
        total: of('known') + of('missing'),
        notApplicable: of('not-applicable'),
      })
      if (of('missing') === 0 && of('known') > 0) expect(value.kind).toBe('known')
      if (of('known') === 0) expect(value.kind).toBe('insufficient')
    }),
  )
})
