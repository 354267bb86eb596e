import { expect, test } from 'vitest'
import { seededRandom } from '../numeric/seeded-random.ts'
import { startDetector, watchUnit } from '../sequential/change-detector.ts'
import { UNITS_PER_FALSE_ALARM, watchPlan } from './watch-plan.ts'
import { watchedPayoff } from './watched-payoff.ts'

const last = { reviewed: 0.1, gate: { margin: 0.05 } }

test('what is promised is what the baseline did plus the margin; somebody is always looked at', () => {
  expect(watchPlan(last, 0.2)).toEqual({
    promisedRate: 0.25,
    auditProbability: 0.1,
    alpha: 1 / UNITS_PER_FALSE_ALARM,
  })
  expect(watchPlan({ ...last, reviewed: 0 }, 0.2)?.auditProbability).toBe(0.05)
  expect(watchPlan(last, 0.95)).toBeNull()
})

test('by hand: a failure counts as often as it was likely to be looked at', () => {
  expect(watchedPayoff({ kind: 'observed', failure: 1, probability: 0.25 }, 0.1)).toBeCloseTo(3.9, 12)
  expect(watchedPayoff({ kind: 'unsampled' }, 0.1)).toBe(-0.1)
  expect(watchedPayoff({ kind: 'missing' }, 0.1)).toBe(-0.1)
})

/** Units until the first alarm where each fails at `rate` and is audited with probability 0.2; at most `most`. */
function unitsToAlarm(random: () => number, rate: number, promised: number, alpha: number, most: number) {
  const detector = startDetector()
  for (let unit = 1; unit <= most; unit++) {
    const failed = random() < rate ? 1 : 0
    const drawn = random() < 0.2
    const payoff = watchedPayoff(
      drawn ? { kind: 'observed', failure: failed, probability: 0.2 } : { kind: 'unsampled' },
      promised,
    )
    if (watchUnit(detector, payoff, promised, alpha)) return unit
  }
  return most
}

test('at the promised rate, with one unit in five audited, alarms come 1/alpha units or more apart on average', () => {
  const random = seededRandom(31)
  const runs = Array.from({ length: 800 }, () => unitsToAlarm(random, 0.1, 0.1, 0.005, 4_000))
  expect(runs.reduce((sum, units) => sum + units, 0) / runs.length).toBeGreaterThan(200)
})

test('a rise from 10 to 30 % is seen within a few hundred units, though one in five is audited', () => {
  const random = seededRandom(32)
  const runs = Array.from({ length: 200 }, () => unitsToAlarm(random, 0.3, 0.1, 1e-4, 5_000))
  runs.sort((a, b) => a - b)
  expect(runs[100]).toBeLessThan(600)
})
