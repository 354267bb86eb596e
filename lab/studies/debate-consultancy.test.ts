import { seededRandom } from '@leeway/core/numeric/seeded-random'
import { describe, expect, test } from 'vitest'
import { debateConsultancy } from './debate-consultancy.ts'
import { fitJudge } from './debate-fit.ts'
import { expectedOf, type Judge, judgeMany } from './debate-judge.ts'
import { quoteChecker, quotesOf } from './debate-quotes.ts'
import { HUMAN, PROTOCOLS, type Protocol, type Records, recordOf } from './debate-records.ts'

/** What would have been recorded of this judge, as exactly as of the human ones. */
function recordsOf(judge: Judge): Records {
  const of = (protocol: Protocol) => {
    const own = HUMAN[protocol]
    const { rounds, last, accuracy } = expectedOf(judge, protocol, own.stops)
    return {
      ...own,
      accuracy,
      rounds: own.rounds.map((recorded, round) => ({ ...recorded, ...rounds[round] })),
      last: { ...own.last, ...last },
    }
  }
  return { debate: of('debate'), consultancy: of('consultancy') }
}

test('the search finds the judge that made the records', () => {
  const judge = { honest: 0.8, dishonest: 0.3, noise: 1.2 }
  const fit = fitJudge(recordsOf(judge), 'last beliefs', 1)
  expect(fit.distance).toBeLessThan(0.05)
  for (const name of ['honest', 'dishonest', 'noise'] as const)
    expect(Math.abs(fit.judge[name] - judge[name])).toBeLessThan(0.1)
})

test('the negative control: from records without learning no skill is fitted', () => {
  const { judge } = fitJudge(recordsOf({ honest: 0, dishonest: 0, noise: 0.5 }), 'last beliefs', 1)
  expect(Math.abs(judge.honest - judge.dishonest)).toBeLessThan(0.02)
})

describe('the fitted judge and its family', () => {
  const { fitted, gap, persuasion, strength, attack } = debateConsultancy({ judgments: 4_000, studies: 40 })

  test('accuracies that no fit has seen lie within 3 points of the recorded ones, given how sure judges were', () => {
    const [means, ...withSpreads] = fitted
      .filter(({ speakers }) => speakers === 'human')
      .map(({ fit, records }) =>
        PROTOCOLS.map((protocol) => Math.abs(fit.accuracies[protocol] - records[protocol].accuracy)),
      )
    expect(withSpreads).toHaveLength(2)
    for (const distance of withSpreads.flat()) expect(distance).toBeLessThan(0.03)
    // The round means alone leave the accuracies open.
    for (const distance of means ?? []) expect(distance).toBeGreaterThan(0.1)
  })

  test('a wider gap raises debates, more persuasion lowers consultancies, for every noise', () => {
    for (const { accuracies } of gap) {
      expect(Math.abs((accuracies[0] ?? 0) - 0.5)).toBeLessThan(0.03)
      for (const [at, accuracy] of accuracies.slice(1).entries())
        expect(accuracy).toBeGreaterThan(accuracies[at] ?? 1)
    }
    for (const { accuracies } of persuasion)
      for (const [at, accuracy] of accuracies.slice(1).entries())
        expect(accuracy).toBeLessThan(accuracies[at] ?? 0)
  })

  test('simulated as expected, and weak speakers gain nothing by debate', () => {
    const [strong] = strength
    const simulated = fitted.find(({ to, speakers }) => speakers === 'human' && to === 'last beliefs')?.fit
    if (simulated === undefined) throw new Error('no human fit')
    for (const protocol of PROTOCOLS)
      expect(Math.abs((strong?.[protocol] ?? 0) - simulated.accuracies[protocol])).toBeLessThan(0.025)
    expect((strong?.debate ?? 0) - (strong?.consultancy ?? 0)).toBeGreaterThan(0.08)
    for (const weak of strength.slice(-2)) expect(Math.abs(weak.debate - weak.consultancy)).toBeLessThan(0.03)
  })

  test('invented quotes win until they are verified; real words torn from their context win all the same', () => {
    for (const { force, accuracies } of attack) {
      const [none = 0, unverified = 0, byLetter = 0, verified = 0, realWords = 0] = accuracies
      expect(unverified).toBeLessThan(none - 0.15)
      expect(realWords).toBeLessThan(none - 0.15)
      expect(Math.abs(verified - none)).toBeLessThan(0.03)
      // Comparing letter by letter calls the honest debater's quotes invented as well.
      expect(byLetter, `force ${force}`).toBeLessThan(none - 0.15)
    }
  })
})

test('a quote stands whatever its capitals and commas, and no altered or halved word does', () => {
  const { copied, invented, story } = quotesOf(seededRandom(3))
  const stands = quoteChecker(story)
  for (let quote = 0; quote < 50; quote++) {
    expect(stands(copied())).toBe(true)
    expect(stands(invented())).toBe(false)
  }
  expect(quoteChecker('The cat sat.')('at')).toBe(false)
  expect(quoteChecker('The cat sat.')('…')).toBe(false)
})

test('what is recorded of three judgments', () => {
  const { judgments, accuracy, rounds, last, stops } = recordOf([
    [0.5, 0.55, 0.99],
    [0.5, 0.7, 0.5],
    [0.5, 0.05],
  ])
  expect(judgments).toBe(3)
  // An even guess at the end is not right.
  expect(accuracy).toBeCloseTo(1 / 3, 12)
  expect(rounds[0]?.mean).toBeCloseTo((0.55 + 0.7 + 0.05) / 3, 12)
  expect(rounds[1]?.mean).toBeCloseTo((0.99 + 0.5) / 2, 12)
  expect(rounds[1]?.spread).toBeCloseTo(0.49 ** 2 / 2, 12)
  expect(last.mean).toBeCloseTo((0.99 + 0.5 + 0.05) / 3, 12)
  // Below 60 %: 0.55 goes on and 0.5 stops. 0.7 goes on; 0.05 is 95 % sure of the other answer, and stops.
  expect(stops).toEqual([0.5, 0, Number.NaN, 1, 1])
})

test('what is expected of a judge is what simulated ones do, for every noise', () => {
  for (const noise of [0.4, 0.8, 1.6])
    for (const protocol of PROTOCOLS) {
      const judge = { honest: 0.6, dishonest: 0, noise }
      const { stops } = HUMAN[protocol]
      const right = judgeMany({ judge, protocol, stops }, 40_000, seededRandom(5)) / 40_000
      // Four standard errors.
      expect(Math.abs(right - expectedOf(judge, protocol, stops).accuracy)).toBeLessThan(0.01)
    }
})

test('finer noise than the cells hold is refused', () => {
  expect(() => expectedOf({ honest: 1, dishonest: 0, noise: 0.1 }, 'debate', HUMAN.debate.stops)).toThrow(
    'noise 0.1',
  )
})
