/** The two forms compared: by hand, whatever share is planted, and with intervals that hold. */
import { describe, expect, test } from 'vitest'
import { seededRandom } from '../numeric/seeded-random.ts'
import { compareForms, type FormAnswer } from './compare-forms.ts'
import { describeForms } from './describe-forms.ts'

const found = (at: number, right: boolean): FormAnswer => ({
  rater: `r${at % 6}`,
  item: `i${at % 20}`,
  form: 'find',
  right,
  proposal: null,
  seconds: 60,
  usd: null,
})
const checked = (
  at: number,
  proposal: { readonly right: boolean; readonly planted?: boolean },
  accepted: boolean,
): FormAnswer => ({
  ...found(at, accepted === proposal.right),
  form: 'verify',
  proposal: { planted: false, ...proposal, accepted },
  seconds: 30,
})
const times = (many: number, make: (at: number) => FormAnswer) =>
  Array.from({ length: many }, (_, at) => make(at))

describe('by hand', () => {
  // Found: 15 of 20 right. Natural proposals: 16 right (all accepted) and 4 wrong (1 accepted); planted: 6, 3 of them accepted.
  const answers = [
    ...times(20, (at) => found(at, at < 15)),
    ...times(16, (at) => checked(at, { right: true }, true)),
    ...times(4, (at) => checked(at, { right: false }, at < 1)),
    ...times(6, (at) => checked(at, { right: false, planted: true }, at < 3)),
  ]
  const compared = compareForms(answers, 1)

  test('checked answers are weighed by how often natural proposals are wrong', () => {
    const { accuracy } = compared
    if (accuracy.kind !== 'accuracy') throw new Error(accuracy.reason)
    expect(accuracy.found.value).toBeCloseTo(0.75)
    // 0.8 · 1 + 0.2 · (1 − 4/10)
    expect(accuracy.checked.value).toBeCloseTo(0.92)
    expect(accuracy.difference.value).toBeCloseTo(0.17)
    // 30 seconds remove 0.2 − 0.08 errors; finding anew is wrong more often than the proposals were.
    expect(accuracy.perErrorRemoved.verify.seconds).toBeCloseTo(250)
    expect(accuracy.perErrorRemoved.find).toEqual({ seconds: null, usd: null })
  })

  test('over-reliance counts planted and natural wrong proposals', () => {
    expect(compared.acceptedWrong).toMatchObject({ count: 4, of: 10 })
    const { interval } = compared.acceptedWrong
    expect(interval?.low).toBeLessThan(0.17)
    expect(interval?.high).toBeGreaterThan(0.68)
    expect(compared.refusedRight).toEqual({ count: 0, of: 16 })
    expect(compared.wrongProposals).toEqual({ count: 4, of: 20 })
  })

  test('is said in sentences', () => {
    const [first, second, third] = describeForms(compared)
    expect(first).toMatch(
      /^Checking took 0\.50 of the time of finding, 0\.5 minutes an answer against 1\.0\./,
    )
    expect(first).toContain('right in 92 % against 75 % on known items')
    expect(second).toMatch(/^Wrong proposals were accepted in 40 % of 10, between \d+ and \d+ %;/)
    expect(third).toBe(
      'Of the answers that were checked, 20 % of 20 had been wrong. An error removed costs 4.2 minutes by checking and more than can be told by answering anew.',
    )
  })
})

test('how many are planted changes nothing but the interval', () => {
  const natural = [
    ...times(20, (at) => found(at, at < 15)),
    ...times(16, (at) => checked(at, { right: true }, true)),
    ...times(4, (at) => checked(at, { right: false }, at < 2)),
  ]
  const planted = times(40, (at) => checked(at, { right: false, planted: true }, at < 20))
  const values = [natural, [...natural, ...planted]].map((answers) => {
    const { accuracy } = compareForms(answers, 1)
    return accuracy.kind === 'accuracy' ? accuracy.checked.value : null
  })
  expect(values[0]).toBeCloseTo(0.9)
  expect(values[1]).toBeCloseTo(0.9)
})

test('who accepts all that is proposed removes no error, at no price', () => {
  const answers = [
    ...times(18, (at) => found(at, at < 17)),
    ...times(11, (at) => checked(at, { right: true }, true)),
    ...times(7, (at) => checked(at, { right: false }, true)),
    ...times(9, (at) => checked(at, { right: false, planted: true }, true)),
  ]
  const { accuracy } = compareForms(answers, 1)
  if (accuracy.kind !== 'accuracy') throw new Error(accuracy.reason)
  expect(accuracy.checked.value).toBeCloseTo(11 / 18)
  expect(accuracy.perErrorRemoved.verify.seconds).toBeNull()
  expect(accuracy.perErrorRemoved.find.seconds).toBeCloseTo(60 / (7 / 18 - 1 / 18))
})

test('what is missing is said, and nothing is made up', () => {
  const alone = compareForms(
    times(3, (at) => checked(at, { right: false, planted: true }, false)),
    1,
  )
  expect(alone.accuracy).toEqual({
    kind: 'insufficient',
    reason: 'on known items there are 0 found answers and 0 checks of an answer that somebody gave',
  })
  expect(describeForms(alone)[0]).toContain('cannot be compared yet')
  expect(describeForms(compareForms([], 1))).toEqual(['No answer has been checked yet.'])
  const unknown = { ...found(0, true), form: 'verify' as const, right: null }
  expect(compareForms([unknown], 1).acceptedWrong).toEqual({ count: 0, of: 0, interval: null })
  const few = compareForms([found(0, true), checked(0, { right: true }, true)], 1).accuracy
  expect(few.kind === 'accuracy' && few.difference.interval.kind).toBe('insufficient')
})

test('the interval of the difference holds the truth where raters differ in skill and trust', () => {
  const WORLDS = 100
  let held = 0
  for (let world = 0; world < WORLDS; world++) {
    const random = seededRandom(world + 1)
    const answers: FormAnswer[] = []
    for (let rater = 0; rater < 20; rater++) {
      // Means 0.8, 0.95 and 0.25, spread by rater.
      const spread = 0.3 * (random() - 0.5)
      const [find, keep, believe] = [0.8 + spread, 0.95, 0.25 + spread]
      for (let item = 0; item < 20; item++) {
        const name = { rater: `r${rater}`, item: `i${item}` }
        if (random() < 0.5) answers.push({ ...found(0, random() < find), ...name })
        else {
          const planted = random() < 0.2
          const right = !planted && random() < 0.85
          answers.push({
            ...checked(0, { right, planted }, random() < (right ? keep : believe)),
            ...name,
          })
        }
      }
    }
    const { accuracy } = compareForms(answers, 1)
    const interval = accuracy.kind === 'accuracy' ? accuracy.difference.interval : null
    const truth = 0.85 * 0.95 + 0.15 * 0.75 - 0.8
    if (interval?.kind === 'interval' && interval.low <= truth && truth <= interval.high) held += 1
  }
  expect(held / WORLDS).toBeGreaterThan(0.88)
})
