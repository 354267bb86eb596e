import { seededRandom } from '@leeway/core/numeric/seeded-random'
import { describe, expect, test } from 'vitest'
import { debateConsultancy } from './debate-consultancy.ts'
import { expectedAccuracy, fitJudge, HUMAN, type Judge, meanAfter, type Records } from './debate-judge.ts'
import { quoteChecker, quotesOf } from './debate-quotes.ts'

/** What would have been recorded of this judge. */
function recordsOf(judge: Judge): Records {
  const of = (protocol: 'debate' | 'consultancy') => ({
    ...HUMAN[protocol],
    means: [1, 2, 3, 4].map((rounds) => meanAfter(judge, protocol, rounds)),
    accuracy: expectedAccuracy(judge, protocol, HUMAN[protocol].stop),
  })
  return { debate: of('debate'), consultancy: of('consultancy') }
}

test('the search finds the judge that made the records', () => {
  const judge = { honest: 0.8, dishonest: 0.3, noise: 1.2 }
  const fit = fitJudge(recordsOf(judge), 'means and accuracies', 1)
  expect(fit.distance).toBeLessThan(0.05)
  for (const name of ['honest', 'dishonest', 'noise'] as const)
    expect(Math.abs(fit.judge[name] - judge[name])).toBeLessThan(0.1)
})

test('the negative control: from records without learning no skill is fitted', () => {
  const { judge } = fitJudge(recordsOf({ honest: 0, dishonest: 0, noise: 0.5 }), 'means and accuracies', 1)
  expect(Math.abs(judge.honest - judge.dishonest)).toBeLessThan(0.02)
})

describe('the fitted judge and its family', () => {
  const { fitted, gap, persuasion, strength, attack } = debateConsultancy({ judgments: 4_000, studies: 40 })

  test('accuracies lie within 3 points of the recorded ones, but only where they were fitted', () => {
    const distances = fitted
      .filter(({ speakers }) => speakers === 'human')
      .map(({ fit, records }) =>
        (['debate', 'consultancy'] as const).map((protocol) =>
          Math.abs(
            expectedAccuracy(fit.judge, protocol, records[protocol].stop) - records[protocol].accuracy,
          ),
        ),
      )
    for (const distance of distances[1] ?? [1]) expect(distance).toBeLessThan(0.03)
    // The round means alone leave the accuracy of consultancies open.
    expect(distances[0]?.[1]).toBeGreaterThan(0.1)
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
    const simulated = fitted.find(({ to, speakers }) => speakers === 'human' && to !== 'means')?.fit.judge
    if (simulated === undefined) throw new Error('no human fit')
    for (const protocol of ['debate', 'consultancy'] as const)
      expect(
        Math.abs((strong?.[protocol] ?? 0) - expectedAccuracy(simulated, protocol, HUMAN[protocol].stop)),
      ).toBeLessThan(0.025)
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
