import { seededRandom } from '@leeway/core/numeric/seeded-random'
import type { Criterion } from '@leeway/core/rubrics/rubric'
import { expect, test } from 'vitest'
import { estimateCriterion } from './criterion-estimate.ts'
import type { CriterionRatings } from './criterion-ratings.ts'

const CRITERION: Criterion = {
  id: 'followed',
  question: 'Did the agent follow the instructions?',
  scale: { kind: 'yes-no', good: 'yes' },
  guidance: '',
  answeredBy: ['human'],
}

const random = seededRandom(5)
const ANSWERS = Array.from({ length: 2400 }, (_, at) => {
  const rater = Math.floor(random() * 6)
  const right = random() < 0.65 + 0.05 * rater
  const truth = (at % 600) % 4 === 0 ? 'no' : 'yes'
  return {
    episodeId: `e${at % 600}`,
    raterId: `r${rater}`,
    value: right ? truth : truth === 'yes' ? 'no' : 'yes',
    probability: null,
    at: new Date(at),
  }
})
const found = (
  answers: number,
  gold = new Map<string, string>(),
  adjudicated = new Map<string, string | null>(),
): CriterionRatings => ({
  answers: ANSWERS.slice(0, answers),
  raters: new Map(
    Array.from({ length: 6 }, (_, at) => [
      `r${at}`,
      { name: `r${at}`, kind: 'human' as const, suspended: false },
    ]),
  ),
  gold,
  adjudicated,
})
const yes = (estimate: ReturnType<typeof estimateCriterion>, episode: string) => {
  const belief = estimate.beliefs.get(episode)
  if (belief?.kind !== 'known') throw new Error('nothing is known')
  return belief.law.find(({ worth }) => worth === 1)?.probability ?? 0
}

test('a few more answers refresh what stands, and come to what a new estimate says', () => {
  const before = estimateCriterion(CRITERION, found(2390), null)
  const anew = estimateCriterion(CRITERION, found(2400), null)
  const refreshed = estimateCriterion(CRITERION, found(2400), before.standing)
  expect(refreshed.standing?.truth.iterations).toBeLessThanOrEqual(10)
  expect(anew.standing?.truth.iterations).toBeGreaterThan(10)
  for (let at = 0; at < 600; at++)
    expect(Math.abs(yes(refreshed, `e${at}`) - yes(anew, `e${at}`))).toBeLessThan(0.02)
  const last = ANSWERS[2399]
  const moved = yes(refreshed, last?.episodeId ?? '') - yes(before, last?.episodeId ?? '')
  expect(Math.sign(moved)).toBe(last?.value === 'yes' ? 1 : -1)
})

test('gold that has changed, or a tenth more answers, infers anew', () => {
  const before = estimateCriterion(CRITERION, found(2100), null)
  const gold = new Map([['e0', 'no']])
  for (const later of [found(2110, gold), found(2400)]) {
    const estimate = estimateCriterion(CRITERION, later, before.standing)
    expect(estimate.standing?.truth.logBeliefs).toEqual(
      estimateCriterion(CRITERION, later, null).standing?.truth.logBeliefs,
    )
  }
})

test('what an adjudicator decided is what is believed of the item, and chooses no method', () => {
  const wrong = new Map([...Array(40).keys()].map((at) => [`e${at}`, at % 4 === 0 ? 'yes' : 'no']))
  const plain = estimateCriterion(CRITERION, found(2400), null)
  const decided = estimateCriterion(CRITERION, found(2400, new Map(), wrong), plain.standing)
  for (const [episode, value] of wrong) expect(yes(decided, episode)).toBe(value === 'yes' ? 1 : 0)
  // Forty known answers of the part `fit` choose a method and temper; forty decisions do neither.
  const known = estimateCriterion(CRITERION, found(2400, wrong), null)
  expect(known.standing?.truth.temper).not.toBeNull()
  expect(decided.standing?.truth.temper).toBeNull()
  expect(decided.standing?.truth.chosenBecause).toBe(plain.standing?.truth.chosenBecause)
  expect(decided.judged?.gold).toEqual(plain.judged?.gold)
})

test('that the question does not arise can be decided too, and a known answer goes before a decision', () => {
  const episode = 'e1'
  const decided = (gold: Map<string, string>) =>
    estimateCriterion(CRITERION, found(2400, gold, new Map([[episode, null]])), null)
  expect(decided(new Map()).beliefs.get(episode)).toEqual({ kind: 'not-applicable' })
  expect(yes(decided(new Map([[episode, 'no']])), episode)).toBe(0)
})
