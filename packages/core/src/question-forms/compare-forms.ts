/**
 * Whether the answers to a question are as good, and cheaper, when an answer is checked as when it is found.
 *
 * Estimates   found: chance that an answer is right in the form "find".
 *             checked: chance that it is right in the form "verify", where proposals are as often wrong as they are by nature:
 *             (1 - w)·P(right | right proposal) + w·P(right | wrong proposal), w the share of the natural proposals that are
 *             wrong. Planted proposals count in P(right | wrong proposal) alone, so that how many are planted changes nothing.
 *             Over-reliance: share of wrong proposals, planted or not, that were accepted.
 *             Cost for each error removed, of taking the natural proposals as they stand: cost of an answer over (w less the
 *             share still wrong after it), in either form. Null where no error is removed.
 * Assumes     raters cannot tell planted proposals from natural ones, and the found answers are of items like the checked
 *             ones: the caller gives found answers of the same items, or of items between which a lot decided.
 * Interval    95 %. Of the two chances and their difference: cluster bootstrap by item and by rater, whichever is wider
 *             (`numeric/cluster-interval.ts`). Of accepted: Jeffreys, or the cluster bootstrap where that is wider.
 * Degenerate  no found answer on a known item, or no natural proposal to one: insufficient, with what is missing.
 * Units       seconds and US dollars an answer, means; a mean of nothing is null.
 */
import { type Tally, widestClusterInterval } from '../numeric/cluster-interval.ts'
import { type Insufficient, insufficient } from '../numeric/insufficient.ts'
import type { Interval, IntervalEstimate } from '../numeric/interval-estimate.ts'
import { betaInterval } from '../raters/beta-interval.ts'

export type FormAnswer = {
  readonly rater: string
  readonly item: string
  readonly form: 'find' | 'verify'
  /** Null: nothing is known of the item, and the answer tells of its cost alone. */
  readonly right: boolean | null
  /** Of a check on a known item; null otherwise. */
  readonly proposal: { readonly right: boolean; readonly planted: boolean; readonly accepted: boolean } | null
  /** Null where nobody counted. */
  readonly seconds: number | null
  readonly usd: number | null
}

export type FormSide = {
  readonly answers: number
  /** Of them on known items, and right there. */
  readonly known: number
  readonly right: number
  readonly seconds: number | null
  readonly usd: number | null
}
export type Count = { readonly count: number; readonly of: number }

export type FormComparison = {
  readonly find: FormSide
  readonly verify: FormSide
  /** Wrong proposals that were accepted. */
  readonly acceptedWrong: Count & { readonly interval: Interval | null }
  /** Right proposals that were turned down. */
  readonly refusedRight: Count
  /** Natural proposals to known items that are wrong. */
  readonly wrongProposals: Count
  readonly accuracy: Accuracy | Insufficient
}
export type Accuracy = {
  readonly kind: 'accuracy'
  readonly found: IntervalEstimate
  readonly checked: IntervalEstimate
  /** Checked less found. */
  readonly difference: IntervalEstimate
  readonly clusteredBy: 'item' | 'rater' | null
  readonly perErrorRemoved: { readonly find: Cost; readonly verify: Cost }
}
/** For each error removed; null where none is, or the cost of an answer is not known. */
export type Cost = { readonly seconds: number | null; readonly usd: number | null }

const LEVEL = 0.95
const JEFFREYS = 0.5
/** Less than this is no error removed: sums of shares come out that far from 0. */
const ROUNDING = 1e-9

export function compareForms(answers: readonly FormAnswer[], seed: number): FormComparison {
  const sums = total(answers.map(tallyOf))
  const [find, verify] = (['find', 'verify'] as const).map((form) => sideOf(answers, form)) as [
    FormSide,
    FormSide,
  ]
  return {
    find,
    verify,
    acceptedWrong: {
      count: sums[AT.acceptedWrong] as number,
      of: sums[AT.wrong] as number,
      interval: acceptedInterval(answers, seed, sums),
    },
    refusedRight: {
      count: (sums[AT.rightProposed] as number) - (sums[AT.acceptedRight] as number),
      of: sums[AT.rightProposed] as number,
    },
    wrongProposals: { count: sums[AT.naturalWrong] as number, of: sums[AT.natural] as number },
    accuracy: accuracyOf(answers, sums, { find, verify }, seed),
  }
}

/** What each place of a tally counts. */
const AT = {
  found: 0,
  foundRight: 1,
  natural: 2,
  naturalWrong: 3,
  rightProposed: 4,
  rightAfterRight: 5,
  acceptedRight: 6,
  wrong: 7,
  rightAfterWrong: 8,
  acceptedWrong: 9,
} as const

function tallyOf({ form, right, proposal }: FormAnswer): Tally {
  if (right === null) return EMPTY
  if (form === 'find') return [1, Number(right), ...EMPTY.slice(2)]
  if (proposal === null) return EMPTY
  const { right: wasRight, planted, accepted } = proposal
  const after = [1, Number(right), Number(accepted)]
  const none = [0, 0, 0]
  return [
    0,
    0,
    Number(!planted),
    Number(!planted && !wasRight),
    ...(wasRight ? [...after, ...none] : [...none, ...after]),
  ]
}
const EMPTY: Tally = new Array<number>(10).fill(0)

function total(tallies: readonly Tally[]): Tally {
  return tallies.reduce((sum, one) => sum.map((value, at) => value + (one[at] as number)), EMPTY)
}

function ratio(sums: Tally, count: number, of: number): number | null {
  return sums[of] === 0 ? null : (sums[count] as number) / (sums[of] as number)
}

const foundOf = (sums: Tally) => ratio(sums, AT.foundRight, AT.found)

function checkedOf(sums: Tally): number | null {
  const wrong = ratio(sums, AT.naturalWrong, AT.natural)
  if (wrong === null) return null
  const parts = [
    { share: 1 - wrong, right: ratio(sums, AT.rightAfterRight, AT.rightProposed) },
    { share: wrong, right: ratio(sums, AT.rightAfterWrong, AT.wrong) },
  ].filter(({ share }) => share > 0)
  return parts.reduce<number | null>(
    (sum, { share, right }) => (sum === null || right === null ? null : sum + share * right),
    0,
  )
}

function accuracyOf(
  answers: readonly FormAnswer[],
  sums: Tally,
  cost: { readonly find: FormSide; readonly verify: FormSide },
  seed: number,
): Accuracy | Insufficient {
  const [found, checked, wrong] = [foundOf(sums), checkedOf(sums), ratio(sums, AT.naturalWrong, AT.natural)]
  if (found === null || checked === null || wrong === null)
    return insufficient(
      `on known items there are ${sums[AT.found]} found answers and ${sums[AT.natural]} checks of an answer that somebody gave`,
    )
  const clusterings = clusteringsOf(answers)
  const estimate = (value: number, statistic: (tally: Tally) => number | null) => {
    const interval = widestClusterInterval(clusterings, seed, statistic)
    return {
      by: interval?.by ?? null,
      estimate: {
        kind: 'estimate' as const,
        value,
        interval: interval?.interval ?? insufficient('it needs five raters or items'),
      },
    }
  }
  const difference = estimate(checked - found, (tally) => {
    const [one, other] = [checkedOf(tally), foundOf(tally)]
    return one === null || other === null ? null : one - other
  })
  const perError = ({ seconds, usd }: FormSide, right: number): Cost => {
    const removed = wrong - (1 - right)
    const over = (spent: number | null) => (spent === null || removed < ROUNDING ? null : spent / removed)
    return { seconds: over(seconds), usd: over(usd) }
  }
  return {
    kind: 'accuracy',
    found: estimate(found, foundOf).estimate,
    checked: estimate(checked, checkedOf).estimate,
    difference: difference.estimate,
    clusteredBy: difference.by,
    perErrorRemoved: { find: perError(cost.find, found), verify: perError(cost.verify, checked) },
  }
}

/** Known ones only; those of one person, and those about one item, hang together. */
function clusteringsOf(answers: readonly FormAnswer[]) {
  const known = answers.filter(({ right }) => right !== null)
  return (['item', 'rater'] as const).map((by) => {
    const clusters = new Map<string, Tally>()
    for (const answer of known)
      clusters.set(answer[by], total([clusters.get(answer[by]) ?? EMPTY, tallyOf(answer)]))
    return { by, clusters: [...clusters.values()] }
  })
}

function acceptedInterval(answers: readonly FormAnswer[], seed: number, sums: Tally): Interval | null {
  const [accepted, of] = [sums[AT.acceptedWrong] as number, sums[AT.wrong] as number]
  if (of === 0) return null
  const alone = betaInterval(accepted + JEFFREYS, of - accepted + JEFFREYS, LEVEL)
  const wrong = answers.filter(({ proposal }) => proposal?.right === false)
  const clustered = widestClusterInterval(clusteringsOf(wrong), seed, (tally) =>
    ratio(tally, AT.acceptedWrong, AT.wrong),
  )?.interval
  const bounds = clustered === undefined ? [alone] : [alone, clustered]
  return {
    ...alone,
    // At the edge Jeffreys would leave out what was seen.
    low: accepted === 0 ? 0 : Math.min(...bounds.map(({ low }) => low)),
    high: accepted === of ? 1 : Math.max(...bounds.map(({ high }) => high)),
  }
}

function sideOf(answers: readonly FormAnswer[], form: FormAnswer['form']): FormSide {
  const own = answers.filter((one) => one.form === form)
  const known = own.filter(({ right }) => right !== null)
  return {
    answers: own.length,
    known: known.length,
    right: known.filter(({ right }) => right).length,
    seconds: meanOf(own.map(({ seconds }) => seconds)),
    usd: meanOf(own.map(({ usd }) => usd)),
  }
}

function meanOf(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null)
  return known.length === 0 ? null : known.reduce((sum, one) => sum + one, 0) / known.length
}
