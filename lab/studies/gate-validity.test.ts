import { expect, test } from 'vitest'
import { faultRates } from './gate-validity.ts'
import { rateAtLeast, rateAtMost } from './gate-validity-bound.ts'
import { simulateClimbs, simulateYears } from './gate-validity-climb.ts'
import { simulateLabels } from './gate-validity-label-error.ts'
import { type Cell, simulateCell } from './gate-validity-world.ts'

const runs = 200
const limit = 0.05 + 3 * Math.sqrt((0.05 * 0.95) / runs)

test.each<Cell>([
  { base: 0.1, delta: 0.05, judge: null, budget: 1, missing: 0 },
  { base: 0.1, delta: 0.05, judge: null, budget: 1, missing: 0.05 },
  { base: 0.3, delta: 0.05, judge: 0.9, budget: 0.5, missing: 0 },
  { base: 0.1, delta: 0.03, judge: 0.7, budget: 0.1, missing: 0 },
  { base: 0.1, delta: 0.05, judge: 'adversarial', budget: 0.1, missing: 0 },
])('base $base, margin $delta, judge $judge, $missing missing: errors stay at alpha', (cell) => {
  const tally = simulateCell(cell, { runs, pairs: 1000 }, 5)
  expect(tally.promoted / runs).toBeLessThanOrEqual(limit)
  expect(tally.rolledBack / runs).toBeLessThanOrEqual(limit)
})

test('every planted fault shows', () => {
  for (const { fault, sound, broken } of faultRates(150, 1200)) {
    const of = (tally: typeof sound) =>
      (fault === 'same imputation in both' ? tally.rolledBack : tally.promoted) / tally.runs
    expect(of(sound), `${fault}: without`).toBeLessThanOrEqual(limit + 0.02)
    expect(of(broken), `${fault}: with`).toBeGreaterThan(0.13)
  }
})

test('only differential label error stops a candidate that hides its failures', () => {
  const size = { runs: 120, pairs: 2500 }
  const share = (...args: Parameters<typeof simulateLabels>) =>
    simulateLabels(...args).filter(Number.isFinite).length / size.runs
  expect(share('none', 'hides faults, at the margin', size, 1)).toBeGreaterThan(0.9)
  expect(share('shared', 'hides faults, at the margin', size, 1)).toBeGreaterThan(0.6)
  expect(share('differential', 'hides faults, at the margin', size, 1)).toBeLessThan(0.11)
  expect(share('shared', 'honest, at the margin', size, 1)).toBeLessThan(0.11)
  expect(share('differential', 'honest, better', size, 1)).toBeGreaterThan(0.9)
})

test('a climb and a year of candidates at the margin', () => {
  const climb = simulateClimbs(150, 1)
  expect(climb.leftBottom / 150).toBeLessThanOrEqual(0.05 + 3 * Math.sqrt((0.05 * 0.95) / 150))
  expect(simulateClimbs(150, 1, true).leftBottom).toBeGreaterThan(2 * climb.leftBottom)
  expect(simulateYears(25, 50, 1, true)).toBeLessThanOrEqual(0.2)
  expect(simulateYears(25, 50, 1, false)).toBeGreaterThan(0.6)
})

test('Clopper-Pearson by hand: none of 10 is at most 1 - 0.05^(1/10)', () => {
  expect(rateAtMost(0, 10, 0.05)).toBeCloseTo(1 - 0.05 ** 0.1, 10)
  expect(rateAtLeast(10, 10, 0.05)).toBeCloseTo(0.05 ** 0.1, 10)
  expect(rateAtLeast(0, 10, 0.05)).toBe(0)
  expect(rateAtMost(10, 10, 0.05)).toBe(1)
})
