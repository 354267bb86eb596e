import { expect, test } from 'vitest'
import { seededRandom } from '../numeric/seeded-random.ts'
import { type KlBudget, klStanding } from './kl-budget.ts'

const BUDGET: KlBudget = { natsMax: 10, alpha: 0.05, missingShareMax: 0.1 }
const random = seededRandom(3)
const exponential = (mean: number) => -mean * Math.log(1 - random())
const draw = (count: number, one: () => number) => Array.from({ length: count }, one)

test('well below the budget is within, well above it over, at it open', () => {
  const near = klStanding(
    draw(300, () => exponential(4)),
    BUDGET,
  )
  expect(near).toMatchObject({ standing: 'within', scored: 300, notScored: 0, natsMax: 10 })
  expect(near.low).toBeLessThan(4)
  expect(near.high).toBeGreaterThan(4)
  expect(
    klStanding(
      draw(300, () => 12 + 6 * random()),
      BUDGET,
    ).standing,
  ).toBe('over')
  expect(
    klStanding(
      draw(300, () => exponential(10)),
      BUDGET,
    ).standing,
  ).toBe('open')
})

test('nothing scored, or too little of it, is insufficient and never within', () => {
  expect(klStanding([], BUDGET)).toMatchObject({
    standing: 'insufficient',
    mean: null,
    low: null,
    high: null,
  })
  expect(klStanding([null, null], BUDGET)).toMatchObject({ standing: 'insufficient', notScored: 2 })
  const scored = draw(300, () => exponential(4))
  const missing = (count: number) => klStanding([...draw(count, () => 0).map(() => null), ...scored], BUDGET)
  expect(missing(33).standing).toBe('within')
  expect(missing(34)).toMatchObject({
    standing: 'insufficient',
    reason: '34 of 334 conversations were not scored',
  })
})

test('one conversation that spent very much counts as four times the budget, and is told', () => {
  const found = klStanding([1e13, ...draw(9, () => 1)], BUDGET)
  expect(found).toMatchObject({ mean: 4.9, capped: 1 })
})

/** What a bound has reached it keeps, so the last look tells of all. */
test.each([
  { name: 'exponential', one: () => exponential(10) },
  { name: 'mostly nothing, now and then much', one: () => (random() < 0.3 ? 10 / 0.3 : 0) },
  { name: 'heavy', one: () => Math.min(40, 4 / Math.sqrt(1 - random()) + 2.4) },
])('at the budget it is called within in at most alpha of runs, at any look: $name', ({ one }) => {
  const runs = 300
  let wrong = 0
  let over = 0
  for (let run = 0; run < runs; run++) {
    const { standing } = klStanding(draw(400, one), BUDGET)
    if (standing === 'within') wrong += 1
    if (standing === 'over') over += 1
  }
  expect(wrong / runs).toBeLessThanOrEqual(0.05)
  expect(over / runs).toBeLessThanOrEqual(0.05)
})
