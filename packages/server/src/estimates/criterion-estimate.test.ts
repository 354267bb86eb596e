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
const found = (answers: number, gold = new Map<string, string>()): CriterionRatings => ({
  answers: ANSWERS.slice(0, answers),
  raters: new Map(
    Array.from({ length: 6 }, (_, at) => [
      `r${at}`,
      { name: `r${at}`, kind: 'human' as const, suspended: false },
    ]),
  ),
  gold,
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
