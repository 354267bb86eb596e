import { seededRandom } from '@leeway/core/numeric/seeded-random'
import type { Criterion } from '@leeway/core/rubrics/rubric'
import { describe, expect, test } from 'vitest'
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
    form: 'find' as const,
    proposed: null,
    unheard: false,
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
      { name: `r${at}`, kind: 'human' as const, voice: `r${at}`, suspended: false },
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

test('a check adds what checking adds: one who accepts whatever is proposed moves little, one who looks much', () => {
  const known = new Map(
    Array.from({ length: 60 }, (_, at): [string, string] => [`e${at}`, at % 4 === 0 ? 'no' : 'yes']),
  )
  const checks = (accepts: (proposed: string, truth: string) => boolean): CriterionRatings => {
    const base = found(600, known)
    const checked = base.answers.slice(0, 300).map((one, at) => {
      const place = Number(one.episodeId.slice(1))
      const truth = place % 4 === 0 ? 'no' : 'yes'
      const proposed = String(one.value)
      const other = proposed === 'yes' ? 'no' : 'yes'
      return {
        ...one,
        raterId: 'checker',
        form: 'verify' as const,
        proposed,
        value: accepts(proposed, truth) ? proposed : other,
        at: new Date(10_000 + at),
      }
    })
    const person = { name: 'checker', kind: 'human' as const, voice: 'checker', suspended: false }
    return {
      ...base,
      answers: [...base.answers, ...checked],
      raters: new Map([...base.raters, ['checker', person]]),
    }
  }
  const without = estimateCriterion(CRITERION, found(600, known), null)
  const yesMan = estimateCriterion(
    CRITERION,
    checks(() => true),
    null,
  )
  const careful = estimateCriterion(
    CRITERION,
    checks((proposed, truth) => proposed === truth),
    null,
  )
  const loss = (estimate: typeof without) => {
    const places = Array.from({ length: 540 }, (_, at) => at + 60).filter((at) =>
      estimate.beliefs.has(`e${at}`),
    )
    const losses = places.map((at) => {
      const right = yes(estimate, `e${at}`)
      return -Math.log(Math.max(1e-6, at % 4 === 0 ? 1 - right : right))
    })
    return losses.reduce((sum, one) => sum + one, 0) / losses.length
  }
  const moved = (estimate: typeof without) => {
    const places = Array.from({ length: 600 }, (_, at) => `e${at}`).filter((one) => without.beliefs.has(one))
    return (
      places.reduce((sum, one) => sum + Math.abs(yes(estimate, one) - yes(without, one)), 0) / places.length
    )
  }
  // As if what was agreed with had been found: the same answer counted twice.
  const { answers, ...rest } = checks(() => true)
  const twice = { ...rest, answers: answers.map((one) => ({ ...one, form: 'find' as const })) }
  expect(moved(yesMan)).toBeLessThan(0.5 * moved(estimateCriterion(CRITERION, twice, null)))
  expect(moved(yesMan)).toBeLessThan(0.05)
  expect(loss(careful)).toBeLessThan(0.8 * loss(without))
  // Cards are of found answers alone.
  const { judged } = careful
  expect(judged?.ratings.some(({ rater }) => judged.raters[rater] === 'checker')).toBe(false)
  expect(judged?.raters).toHaveLength(7)
})

describe('three copies of a model and a person', () => {
  /** The copies share their errors; the person errs apart, and less. `voice` says who counts as one. */
  const panel = (voice: (rater: string) => string): CriterionRatings => {
    const draw = seededRandom(11)
    const copies = ['copy 0', 'copy 1', 'copy 2']
    const said = (at: number, raterId: string, right: boolean) => ({
      episodeId: `e${at}`,
      raterId,
      value: right === (truth(at) === 'yes') ? 'yes' : 'no',
      probability: null,
      form: 'find' as const,
      proposed: null,
      unheard: false,
      at: new Date(at),
    })
    return {
      answers: Array.from({ length: 600 }, (_, at) => {
        const right = draw() < 0.75
        return [
          ...copies.map((copy) => said(at, copy, draw() < 0.03 ? !right : right)),
          said(at, 'Ada', draw() < 0.88),
        ]
      }).flat(),
      raters: new Map(
        [...copies, 'Ada'].map((name) => [
          name,
          {
            name,
            kind: name === 'Ada' ? ('human' as const) : ('model' as const),
            voice: voice(name),
            suspended: false,
          },
        ]),
      ),
      gold: new Map(),
      adjudicated: new Map(),
    }
  }
  const truth = (at: number) => (at % 3 === 0 ? 'no' : 'yes')
  /** How sure the estimate is on average, how often it is right, and its log loss in nats. */
  const record = (found: CriterionRatings) => {
    const estimate = estimateCriterion(CRITERION, found, null)
    let [sure, right, loss] = [0, 0, 0]
    for (let at = 0; at < 600; at++) {
      const p = yes(estimate, `e${at}`)
      sure += Math.max(p, 1 - p) / 600
      right += p > 0.5 === (truth(at) === 'yes') ? 1 / 600 : 0
      loss -= Math.log(Math.max(1e-6, truth(at) === 'yes' ? p : 1 - p)) / 600
    }
    return { sure, right, loss }
  }
  const family = (rater: string) => (rater === 'Ada' ? rater : 'family llama')

  test('as witnesses of their own they outvote the person and are sure of it; as one voice they are not', () => {
    const [naive, ours] = [record(panel((rater) => rater)), record(panel(family))]
    expect(naive.sure - naive.right).toBeGreaterThan(0.15)
    expect(ours.sure - ours.right).toBeLessThan(0.05)
    expect(ours.right).toBeGreaterThan(naive.right)
    expect(ours.loss).toBeLessThan(0.6 * naive.loss)
  })

  test('a copy more changes little', () => {
    const { answers, raters, ...rest } = panel(family)
    const without = { ...rest, raters, answers: answers.filter(({ raterId }) => raterId !== 'copy 2') }
    const [three, two] = [record({ ...rest, answers, raters }), record(without)]
    expect(Math.abs(three.sure - two.sure)).toBeLessThan(0.02)
  })

  test('what is said by no independent voice is believed of nothing, and stays for the card', () => {
    const { answers, ...rest } = panel(family)
    const own = answers.map((one) => ({ ...one, unheard: one.raterId !== 'Ada' }))
    const estimate = estimateCriterion(CRITERION, { ...rest, answers: own }, null)
    const alone = estimateCriterion(
      CRITERION,
      { ...rest, answers: answers.filter(({ raterId }) => raterId === 'Ada') },
      null,
    )
    for (let at = 0; at < 600; at++) expect(yes(estimate, `e${at}`)).toBeCloseTo(yes(alone, `e${at}`), 6)
    expect(estimate.judged?.ratings).toHaveLength(2400)
  })
})
