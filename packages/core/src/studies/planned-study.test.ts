/** Planning a study and reading what came of it. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { seededRandom } from '../numeric/seeded-random.ts'
import { planFor } from './study-plan.ts'
import { answersForPower, answersPerArm, type PlannedStudy, studyPower } from './study-power.ts'
import { type StudyAnswer, studyReport } from './study-report.ts'

/** Looks uniform, and is the same for the same words. */
const draw = (words: string) => {
  let hash = 2166136261
  for (let at = 0; at < words.length; at++) hash = Math.imul(hash ^ words.charCodeAt(at), 16777619)
  return seededRandom(hash >>> 0)()
}

describe('plan', () => {
  test('each item once, arms as even as can be after every block, the same again for the same rater', () => {
    fc.assert(
      fc.property(
        fc.nat(30),
        fc.integer({ min: 1, max: 4 }),
        fc.nat(40),
        fc.string(),
        (size, arms, count, rater) => {
          const design = {
            items: Array.from({ length: size }, (_, at) => `i${at}`),
            arms: ['a', 'b', 'c', 'd'].slice(0, arms),
            count,
          }
          const plan = planFor(rater, design, draw)
          expect(plan).toHaveLength(Math.min(size, count))
          expect(new Set(plan.map(({ item }) => item)).size).toBe(plan.length)
          const counts = design.arms.map((arm) => plan.filter((one) => one.arm === arm).length)
          expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1)
          expect(planFor(rater, design, draw)).toEqual(plan)
        },
      ),
      { numRuns: 50 },
    )
  })

  test('over raters every item comes in every arm about as often', () => {
    const design = { items: ['x', 'y', 'z', 'w'], arms: ['a', 'b'], count: 4 }
    let inA = 0
    for (let rater = 0; rater < 400; rater++)
      inA += planFor(`r${rater}`, design, draw).filter(({ item, arm }) => item === 'x' && arm === 'a').length
    expect(inA).toBeGreaterThan(160)
    expect(inA).toBeLessThan(240)
  })

  test('refuses arms that are not there, or twice', () => {
    expect(() => planFor('r', { items: ['x'], arms: [], count: 1 }, draw)).toThrow(RangeError)
    expect(() => planFor('r', { items: ['x'], arms: ['a', 'a'], count: 1 }, draw)).toThrow(RangeError)
  })
})

/** Items differ in how hard they are, raters in skill; help adds to the chance of being right. */
function simulate(study: PlannedStudy, seed: number): readonly StudyAnswer[] {
  const random = seededRandom(seed)
  const items = Array.from({ length: study.items }, () => (random() < 0.5 ? -0.15 : 0.15))
  const answers: StudyAnswer[] = []
  for (let rater = 0; rater < study.raters; rater++) {
    const skill = random() < 0.5 ? -0.05 : 0.05
    const plan = planFor(
      `${seed} ${rater}`,
      { items: items.map((_, at) => String(at)), arms: ['unaided', 'critique'], count: study.itemsPerRater },
      draw,
    )
    for (const { item, arm } of plan) {
      const chance =
        study.control + (items[Number(item)] as number) + skill + (arm === 'critique' ? study.difference : 0)
      const right = random() < chance ? 0.8 : 0.2
      answers.push({
        arm,
        rater: `r${rater}`,
        item,
        right,
        rightBefore: null,
        seconds: 60,
        helpSeconds: 0,
        usd: 0,
        tokens: 0,
      })
    }
  }
  return answers
}

describe('power', () => {
  /** Correlation of two answers to one item: variance of an item over that of an answer. */
  const study: PlannedStudy = {
    raters: 12,
    itemsPerRater: 30,
    items: 40,
    arms: 2,
    control: 0.65,
    difference: 0.12,
    itemCorrelation: 0.15 ** 2 / (0.65 * 0.35),
  }
  const found = (of: PlannedStudy, runs: number) => {
    let shown = 0
    for (let seed = 0; seed < runs; seed++) {
      const [, help] = studyReport(simulate(of, seed), ['unaided', 'critique'], 1)
      const interval = help?.against?.kind === 'difference' ? help.against.difference.interval : null
      if (interval?.kind === 'interval' && (interval.low > 0 || interval.high < 0)) shown += 1
    }
    return shown / runs
  }
  test('is what studies of that size find, or somewhat less', () => {
    const simulated = found(study, 60)
    expect(studyPower(study)).toBeGreaterThan(simulated - 0.25)
    expect(studyPower(study)).toBeLessThan(simulated + 0.1)
    // No help: false alarms stay few.
    expect(found({ ...study, difference: 0 }, 60)).toBeLessThanOrEqual(0.12)
  })
  test('grows with answers and effect, and the answers asked for give the power asked for', () => {
    const more = { ...study, raters: 24 }
    expect(studyPower(more)).toBeGreaterThan(studyPower(study))
    expect(studyPower({ ...study, difference: 0.2 })).toBeGreaterThan(studyPower(study))
    expect(studyPower({ ...study, difference: 0 })).toBeCloseTo(0.05, 6)
    const needed = answersForPower(study, 0.8)
    const raters = (needed * study.arms) / study.itemsPerRater
    expect(answersPerArm({ ...study, raters })).toBeCloseTo(needed, 6)
    expect(studyPower({ ...study, raters })).toBeCloseTo(0.8, 2)
    // Five items tell nothing of others, however many people answer them.
    expect(answersForPower({ ...study, items: 5, itemCorrelation: 0.3 }, 0.8)).toBe(Number.POSITIVE_INFINITY)
    expect(answersForPower({ ...study, difference: 0 }, 0.8)).toBe(Number.POSITIVE_INFINITY)
  })
})

test('the report counts what help did to first answers, and what an error removed costs', () => {
  const base = { seconds: 60, helpSeconds: 0, usd: 0, tokens: 0, rightBefore: null }
  const answers: StudyAnswer[] = []
  for (let at = 0; at < 20; at++) {
    const place = { rater: `r${at % 5}`, item: `i${at % 10}` }
    answers.push({ ...base, ...place, arm: 'unaided', right: at < 10 ? 0.9 : 0.1 })
    answers.push({
      ...place,
      arm: 'critique',
      right: at < 15 ? 0.7 : 0.3,
      rightBefore: at < 10 || at === 19 ? 0.7 : 0.3,
      seconds: 120,
      helpSeconds: 60,
      usd: 0.01,
      tokens: 500,
    })
  }
  const [unaided, critique] = studyReport(answers, ['unaided', 'critique'], 1)
  expect(unaided).toMatchObject({ raters: 5, medianSeconds: 60, against: null, spoilt: 0, mended: 0 })
  expect(unaided?.overconfidence).toBeCloseTo(0.4, 12)
  expect(critique).toMatchObject({ spoilt: 1, mended: 5, medianSeconds: 120 })
  // A quarter of the errors less for a minute more of the one who answers, and one of those who helped: eight minutes an error.
  expect(critique?.minutesPerErrorRemoved).toBeCloseTo(8, 9)
  expect([unaided?.helpMinutesAnAnswer, critique?.helpMinutesAnAnswer]).toEqual([0, 1])
  expect(critique?.usdPerErrorRemoved).toBeCloseTo(0.04, 9)
  expect(critique?.tokensPerErrorRemoved).toBeCloseTo(2000, 6)
  expect(critique?.logScore).toBeCloseTo(0.75 * Math.log(0.7) + 0.25 * Math.log(0.3), 12)
  const [, none] = studyReport(
    answers.filter(({ arm }) => arm === 'unaided'),
    ['unaided', 'critique'],
    1,
  )
  expect(none).toMatchObject({ logScore: null, medianSeconds: null, minutesPerErrorRemoved: null })
  expect(none?.against?.kind).toBe('insufficient')
})
