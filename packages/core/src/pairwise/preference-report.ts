/**
 * What answers to "which of the two is better?" say about policies: shares and strengths from people, and beside them, on
 * the same pairs, what models say and what raters would who look at nothing but the side or the length.
 *
 * Estimates   preference-share.ts for each two policies, from direct comparisons alone; bradley-terry.ts for all together,
 *             with the side as a covariate and each person's reliability where the answers allow it.
 * Models      are asked in both orders, and both answers are one: a winner that changes with the order is a tie.
 * Assumes     that pairs were drawn without looking at them, and the side of each at random. Preferences say which is liked
 *             more, not whether either is right: they are no evidence for a gate.
 * Degenerate  two runs of one policy say nothing about policies and are left out of shares and strengths.
 * Evidence    preference-report.test.ts
 */
import { type Insufficient, insufficient } from '../numeric/insufficient.ts'
import type { IntervalEstimate } from '../numeric/interval-estimate.ts'
import { fitPairwise, type PairwiseFit } from './bradley-terry.ts'
import type { Comparison } from './comparison.ts'
import { type Preference, preferenceShare } from './preference-share.ts'

export type ComparedSide = {
  readonly episode: string
  readonly policy: string
  /** Characters that a rater sees. */
  readonly length: number
}
export type ComparisonAnswer = {
  readonly pair: string
  readonly unit: string
  readonly rater: string
  readonly kind: 'human' | 'model'
  readonly left: ComparedSide
  readonly right: ComparedSide
  readonly value: 'left' | 'right' | 'equal'
}

type Share = IntervalEstimate | Insufficient

/** Raters who look at nothing: what they agree with shows what people may have gone by. */
export const NULL_RATERS = ['left', 'longer', 'shorter'] as const
export type NullRater = (typeof NULL_RATERS)[number]

export type PolicyPair = {
  /** Preferred at least half of the time, by people; by models where no person answered. */
  readonly better: string
  readonly worse: string
  readonly answers: number
  readonly pairs: number
  readonly ties: number
  /** How often `better` is preferred. */
  readonly people: Share
  readonly models: readonly { readonly rater: string; readonly share: Share }[]
  readonly nulls: Readonly<Record<NullRater, Share>>
}
export type ModelRecord = {
  readonly rater: string
  /** Pairs answered in both orders. */
  readonly pairs: number
  /** Share of them whose winner changed with the order. */
  readonly flipped: Share
  /** Share of pairs on which it is with most people, where both prefer one. */
  readonly withPeople: Share
}
export type PreferenceReport = {
  readonly answers: number
  readonly ties: number
  readonly raters: number
  readonly units: number
  readonly policies: readonly PolicyPair[]
  /** People's, where one of the two was preferred. */
  readonly leftChosen: Share
  /** The same, where one was longer. */
  readonly longerChosen: Share
  /** How often each rater who looks at nothing says what a person who preferred one said. */
  readonly nullsAgree: Readonly<Record<NullRater, Share>>
  readonly strengths: PairwiseFit | Insufficient
  readonly models: readonly ModelRecord[]
}

const SIDE = 'shown left'

export function preferenceReport(answers: readonly ComparisonAnswer[], alpha = 0.05): PreferenceReport {
  const people = answers.filter(({ kind }) => kind === 'human')
  const models = [...new Set(answers.flatMap(({ kind, rater }) => (kind === 'model' ? [rater] : [])))].sort()
  const readings = new Map(
    models.map((rater) => [rater, bothOrders(answers.filter((one) => one.rater === rater))]),
  )
  const decided = people.filter(({ value }) => value !== 'equal')
  const chosen = (is: (one: ComparisonAnswer) => number, of = decided): Share =>
    preferenceShare(
      of.map((one) => ({ unit: one.unit, rater: one.rater, outcome: is(one) })),
      alpha,
    )
  return {
    answers: people.length,
    ties: people.length - decided.length,
    raters: new Set(people.map(({ rater }) => rater)).size,
    units: new Set(people.map(({ unit }) => unit)).size,
    policies: policyPairs(people, readings, alpha),
    leftChosen: chosen(({ value }) => Number(value === 'left')),
    longerChosen: chosen(
      (one) => Number(one.value === nullAnswer('longer', one)),
      decided.filter(({ left, right }) => left.length !== right.length),
    ),
    nullsAgree: ofNulls((rater) =>
      chosen((one) => {
        const says = nullAnswer(rater, one)
        return says === 'equal' ? 0.5 : Number(says === one.value)
      }),
    ),
    strengths: strengthsOf(people, alpha),
    models: [...readings].map(([rater, own]) => ({
      rater,
      pairs: own.length,
      flipped: preferenceShare(
        own.map(({ unit, flipped }) => ({ unit, rater, outcome: Number(flipped) })),
        alpha,
      ),
      withPeople: withPeople(rater, own, people, alpha),
    })),
  }
}

/** What a rater says who looks at nothing but the side or the length. */
export function nullAnswer(
  rater: NullRater,
  { left, right }: Pick<ComparisonAnswer, 'left' | 'right'>,
): ComparisonAnswer['value'] {
  if (rater === 'left') return 'left'
  if (left.length === right.length) return 'equal'
  return left.length > right.length === (rater === 'longer') ? 'left' : 'right'
}

function ofNulls<Value>(value: (rater: NullRater) => Value): Readonly<Record<NullRater, Value>> {
  return { left: value('left'), longer: value('longer'), shorter: value('shorter') }
}

/** 1: the left one won. */
const outcomeOf = (value: ComparisonAnswer['value']): 0 | 0.5 | 1 =>
  value === 'equal' ? 0.5 : value === 'left' ? 1 : 0

/** A model's answers to one pair in both orders as one. */
type Reading = Pick<ComparisonAnswer, 'pair' | 'unit' | 'left' | 'right' | 'value'> & {
  readonly flipped: boolean
}

function bothOrders(answers: readonly ComparisonAnswer[]): readonly Reading[] {
  const ofPair = new Map<string, ComparisonAnswer[]>()
  for (const one of answers) ofPair.set(one.pair, [...(ofPair.get(one.pair) ?? []), one])
  return [...ofPair.values()].flatMap(([first, second]) => {
    if (first === undefined || second === undefined) return []
    const turned = second.value === 'equal' ? 'equal' : second.value === 'left' ? 'right' : 'left'
    return [
      {
        ...first,
        value: first.value === turned ? first.value : ('equal' as const),
        flipped: first.value !== 'equal' && second.value !== 'equal' && first.value !== turned,
      },
    ]
  })
}

function policyPairs(
  people: readonly ComparisonAnswer[],
  readings: ReadonlyMap<string, readonly Reading[]>,
  alpha: number,
): readonly PolicyPair[] {
  const found = new Map<string, readonly [string, string]>()
  for (const { left, right } of [...people, ...[...readings.values()].flat()]) {
    const names = [left.policy, right.policy].sort() as [string, string]
    if (names[0] !== names[1]) found.set(JSON.stringify(names), names)
  }
  return [...found.values()].map((names) => {
    const own = people.filter((one) => isBetween(one, names))
    const shareOf = (policy: string, answers: readonly Directed[]) =>
      preferenceShare(
        answers.filter((one) => isBetween(one, names)).map((one) => preferenceFor(policy, one)),
        alpha,
      )
    const byModels = [...readings].map(([rater, answers]) => answers.map((one) => ({ ...one, rater })))
    const first = shareOf(names[0], own.length > 0 ? own : byModels.flat())
    const [better, worse] = first.kind === 'estimate' && first.value < 0.5 ? [names[1], names[0]] : names
    return {
      better,
      worse,
      answers: own.length,
      pairs: new Set(own.map(({ pair }) => pair)).size,
      ties: own.filter(({ value }) => value === 'equal').length,
      people: shareOf(better, own),
      models: byModels.flatMap((answers) =>
        answers[0] === undefined ? [] : [{ rater: answers[0].rater, share: shareOf(better, answers) }],
      ),
      nulls: ofNulls((rater) =>
        shareOf(
          better,
          own.map((one) => ({ ...one, rater, value: nullAnswer(rater, one) })),
        ),
      ),
    }
  })
}

type Directed = Pick<ComparisonAnswer, 'unit' | 'rater' | 'left' | 'right' | 'value'>

const isBetween = ({ left, right }: Directed, [one, other]: readonly [string, string]): boolean =>
  (left.policy === one && right.policy === other) || (left.policy === other && right.policy === one)

function preferenceFor(policy: string, { unit, rater, left, value }: Directed): Preference {
  const outcome = outcomeOf(value)
  return { unit, rater, outcome: left.policy === policy ? outcome : 1 - outcome }
}

function withPeople(
  rater: string,
  own: readonly Reading[],
  people: readonly ComparisonAnswer[],
  alpha: number,
): Share {
  const forFirst = new Map<string, number>()
  const firstOf = new Map(own.map((one) => [one.pair, one]))
  for (const one of people) {
    const mine = firstOf.get(one.pair)
    if (mine === undefined) continue
    const lean = outcomeOf(one.value) - 0.5
    const sameWay = one.left.episode === mine.left.episode
    forFirst.set(one.pair, (forFirst.get(one.pair) ?? 0) + (sameWay ? lean : -lean))
  }
  return preferenceShare(
    [...forFirst].flatMap(([pair, lean]) => {
      const mine = firstOf.get(pair)
      if (mine === undefined || mine.value === 'equal' || lean === 0) return []
      return [{ unit: mine.unit, rater, outcome: Number(lean > 0 === (mine.value === 'left')) }]
    }),
    alpha,
  )
}

/** As much as the answers can tell: first with reliability and side, then with less. */
function strengthsOf(people: readonly ComparisonAnswer[], alpha: number): PairwiseFit | Insufficient {
  const comparisons = people
    .filter(({ left, right }) => left.policy !== right.policy)
    .map(
      ({ left, right, value, rater, unit }): Comparison => ({
        left: left.policy,
        right: right.policy,
        outcome: outcomeOf(value),
        rater,
        unit,
        features: [1],
      }),
    )
  const plain = { ties: 'half', features: [SIDE], ridge: 0, alpha, reliability: false } as const
  if (comparisons.length === 0) return insufficient('nobody has compared two policies yet')
  const several = new Set(people.map(({ rater }) => rater)).size > 1
  const full = several ? fitPairwise(comparisons, { ...plain, reliability: true }) : null
  if (full?.kind === 'fit') return full
  const withSide = fitPairwise(comparisons, plain)
  if (withSide.kind === 'fit') return withSide
  return fitPairwise(
    comparisons.map((one) => ({ ...one, features: [] })),
    { ...plain, features: [] },
  )
}
