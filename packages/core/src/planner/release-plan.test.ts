import { describe, expect, test } from 'vitest'
import { planAt } from '../gate/plan.ts'
import { seededRandom } from '../numeric/seeded-random.ts'
import { forecastUnits } from './forecast.ts'
import { changesThatShorten, type PlanRequest, planRelease } from './release-plan.ts'
import { type Design, momentsOf, summandLaw } from './summand-law.ts'

const design: Design = {
  candidateFailure: 0.07,
  baselineFailure: 0.1,
  judgeAccuracy: null,
  budget: 0.1,
  labelError: null,
  identicalShare: 0,
}
const request: PlanRequest = {
  margin: 0.05,
  alpha: 0.05,
  baselineFailure: 0.1,
  difference: 0,
  judgeAccuracy: null,
  budget: 0.1,
  exposure: 1,
  unitsPerDay: 500,
  labelsPerDay: 200,
  labelSeconds: 90,
  judgeCost: 0.01,
  identicalShare: 0,
  check: null,
  labelsMax: null,
}
const simulation = (runs = 150) => ({ runs, unitsMax: 20_000, random: seededRandom(11) })

describe('the law of a summand', () => {
  test.each<Partial<Design>>([
    {},
    { judgeAccuracy: 0.8 },
    { identicalShare: 0.5 },
    { labelError: { sensitivity: 0.8, specificity: 0.95, reaudit: 0.25 } },
  ])('sums to 1 and has the true difference as its mean: %j', (changes) => {
    const law = summandLaw({ ...design, ...changes })
    expect(law.atoms.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1, 10)
    expect(momentsOf(law).mean).toBeCloseTo(-0.03, 10)
    for (const { value } of law.atoms) {
      expect(value).toBeLessThanOrEqual(law.max + 1e-9)
      expect(value).toBeGreaterThanOrEqual(law.min - 1e-9)
    }
  })

  test('shared label error shrinks the difference by J', () => {
    const law = summandLaw({ ...design, labelError: { sensitivity: 0.85, specificity: 0.98, reaudit: null } })
    expect(momentsOf(law).mean).toBeCloseTo(-0.03 * 0.83, 10)
  })
})

test('the forecast of all-human labels agrees with 4,000 simulated gates: 284 pairs', () => {
  const forecast = forecastUnits(design, planAt(0.03), simulation(400))
  if (forecast.kind !== 'units') throw new Error(forecast.kind)
  expect(forecast.median).toBeGreaterThan(284 * 0.85)
  expect(forecast.median).toBeLessThan(284 * 1.15)
  expect(forecast.labels).toBe(2 * forecast.median)
})

test('what a decision needs, by hand from its units', () => {
  const plan = planRelease(request, simulation())
  const { units, labels, peopleHours, days } = plan.needs ?? { units: 0, labels: 0, peopleHours: 0, days: 0 }
  expect(plan.verdict).toBe('decidable')
  expect(labels).toBe(2 * units)
  expect(peopleHours).toBeCloseTo((labels * 90) / 3600, 10)
  expect(days).toBeCloseTo(labels / 200, 10)
  const slow = planRelease({ ...request, exposure: 0.05, labelsPerDay: 1e6 }, simulation())
  expect(slow.needs?.days).toBeCloseTo((20 * (slow.needs?.units ?? 0)) / 500, 10)
})

test('futile and impossible are said before anyone starts', () => {
  expect(planRelease({ ...request, difference: 0.06 }, simulation())).toMatchObject({
    verdict: 'futile',
    reason: 'difference-too-large',
    needs: null,
  })
  expect(planRelease({ ...request, labelsMax: 50 }, simulation())).toMatchObject({
    verdict: 'futile',
    reason: 'beyond-budget',
  })
  const check = { sensitivity: 0.6, specificity: 0.6, goldFaults: 20, goldSound: 20, reaudit: null }
  expect(planRelease({ ...request, check }, simulation())).toMatchObject({
    verdict: 'impossible',
    reason: 'labels-tell-too-little',
  })
  // Even labels of known quality cannot show a rise of 4 points where only half of 5 points is in force.
  const weak = { sensitivity: 0.95, specificity: 0.95, goldFaults: 15, goldSound: 15, reaudit: null }
  expect(planRelease({ ...request, difference: 0.04, check: weak }, simulation()).verdict).toBe('impossible')
})

test('label error costs units, second looks less at a higher share', () => {
  const units = (reaudit: number | null, sound = 1000) =>
    planRelease(
      {
        ...request,
        check: { sensitivity: 0.85, specificity: 0.98, goldFaults: 400, goldSound: sound, reaudit },
      },
      simulation(),
    ).needs?.units ?? 0
  const plain = planRelease(request, simulation()).needs?.units ?? 0
  expect(units(null)).toBeGreaterThan(1.2 * plain)
  expect(units(0.2)).toBeGreaterThan(units(0.5))
})

test('the changes that shorten are real, cheapest first', () => {
  const plan = planRelease(request, simulation())
  const changes = changesThatShorten(request, plan, simulation())
  expect(changes.map(({ what }) => what)).toContain('more-raters')
  expect(changes.at(-1)?.what).toBe('wider-margin')
  for (const { days } of changes) expect(days).toBeLessThanOrEqual(0.9 * (plan.needs?.days ?? 0))
})
