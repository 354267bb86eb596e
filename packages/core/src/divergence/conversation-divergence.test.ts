import { expect, test } from 'vitest'
import { seededRandom } from '../numeric/seeded-random.ts'
import {
  type AnswerDivergence,
  answerDivergence,
  type ConversationDivergence,
  givesWay,
  NO_DIVERGENCE,
  withAnswer,
} from './conversation-divergence.ts'

const after = (...answers: readonly (AnswerDivergence | null)[]) => answers.reduce(withAnswer, NO_DIVERGENCE)

test('two answers, by hand', () => {
  const first = answerDivergence({ candidate: [-0.5, -1], baseline: [-1.5, -0.5] }, true)
  expect(first).toEqual({
    tokens: 2,
    nats: expect.closeTo(Math.exp(-1) - 1 + 1 + (Math.exp(0.5) - 1 - 0.5), 12),
    logRatio: 0.5,
    logRatioMax: 1,
    isWhole: true,
  })
  const second = answerDivergence({ candidate: [-1], baseline: [-4] }, true)
  const both = after(first, second)
  expect(both).toMatchObject({ scored: 2, notScored: 0, start: 1, logRatio: 3.5 })
  expect(both.nats).toBeCloseTo(first.nats + Math.exp(-3) - 1 + 3, 12)
  expect(both.surprise).toBeCloseTo(3.5 - Math.log(2), 12)
})

test('behind an answer that was not scored, or not to its end, the product starts anew and has to reach more', () => {
  const far = answerDivergence({ candidate: [-1], baseline: [-6] }, true)
  const cut = { ...far, isWhole: false }
  expect(after(far, far).surprise).toBeCloseTo(10 - Math.log(2), 12)
  expect(after(cut, far)).toMatchObject({ start: 2, logRatio: 5, surprise: 5 - Math.log(2) })
  expect(after(null, far)).toMatchObject({ notScored: 1, start: 2, surprise: 5 - Math.log(6) })
  expect(after(null, null, far).surprise).toBeCloseTo(5 - Math.log(12), 12)
  expect(after(far, null).surprise).toBeCloseTo(5 - Math.log(2), 12)
})

test('the budget is passed above it, the stop at it, and neither where none is set', () => {
  const spent: ConversationDivergence = { ...NO_DIVERGENCE, nats: 3, surprise: Math.log(1 / 0.01) }
  expect(givesWay(spent, { klNatsMax: null })).toBeNull()
  expect(givesWay(spent, { klNatsMax: 3 })).toBeNull()
  expect(givesWay(spent, { klNatsMax: 2.99 })).toBe('kl-budget')
  expect(givesWay(spent, { klNatsMax: 3, falseStopMax: 0.01 })).toBe('log-ratio')
  expect(givesWay(spent, { klNatsMax: 3, falseStopMax: 0.0099 })).toBeNull()
})

/**
 * Three words and an end, with other chances each. What the baseline writes is stopped at most as often as promised, also where
 * whether an answer is scored depends on what it says, and where nobody scores its end.
 */
const BASELINE = [0.3, 0.2, 0.25, 0.25]
const CANDIDATE = [0.1, 0.45, 0.35, 0.1]
const END = 3

const logs = (of: readonly number[], words: readonly number[]) =>
  words.map((word) => Math.log(of[word] as number))
const logRatio = (words: readonly number[]) =>
  logs(CANDIDATE, words).reduce((sum, log) => sum + log, 0) -
  logs(BASELINE, words).reduce((sum, log) => sum + log, 0)

test.each([
  { name: 'all scored', isScored: () => true, scoresEnd: true },
  { name: 'ends not scored', isScored: () => true, scoresEnd: false },
  {
    name: 'what speaks against it not scored',
    isScored: (words: readonly number[]) => logRatio(words) > 0,
    scoresEnd: true,
  },
])('the baseline is stopped no more often than promised: $name', ({ isScored, scoresEnd }) => {
  const random = seededRandom(7)
  const falseStopMax = 0.05
  const draw = (chances: readonly number[]) => {
    let left = random()
    const at = chances.findIndex((chance) => {
      left -= chance
      return left < 0
    })
    return at === -1 ? chances.length - 1 : at
  }
  const runs = 5_000
  let stopped = 0
  for (let run = 0; run < runs; run++) {
    let divergence = NO_DIVERGENCE
    for (let answer = 0; answer < 12; answer++) {
      const words: number[] = []
      do words.push(draw(BASELINE))
      while (words.at(-1) !== END)
      const read = scoresEnd ? words : words.slice(0, -1)
      divergence = withAnswer(
        divergence,
        isScored(words)
          ? answerDivergence({ candidate: logs(CANDIDATE, read), baseline: logs(BASELINE, read) }, scoresEnd)
          : null,
      )
    }
    if (givesWay(divergence, { klNatsMax: null, falseStopMax }) !== null) stopped += 1
  }
  expect(stopped / runs).toBeLessThan(falseStopMax)
  expect(stopped).toBeGreaterThan(0)
})
