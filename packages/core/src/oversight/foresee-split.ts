/**
 * Whether a split of a yes/no question would hurt, from what known answers tell of the whole and of its parts.
 *
 * Estimates   how often the combination of the parts is right, how often the whole is, and the difference, each with an interval at
 *             95 %. 'hurts' and 'helps' where the interval of the difference leaves out 0.
 * Evidence    'same-items': items whose whole is known, was answered, and whose parts were all answered: counted as they are, nothing
 *             assumed. Taken where there are at least SAME_ITEMS_MIN. Else 'parts': known answers of each part by itself.
 * Model       for 'parts': the whole is what the rule makes of the parts; parts hold and err independently. As in
 *             rubric-tree-error.ts a wrong part need not make the whole wrong: accuracy = 1 - T - R + 2 B, with T, R, B the products over
 *             the parts of P(holds), P(said to hold) and P(both); 'any' is 'all' of the opposites. Where many parts often fail, the
 *             whole then hardly ever holds and is hard to get wrong; if it holds more often than that, wait for same items.
 * Method      each part's four counts have a Dirichlet posterior, from 1/4 for both kinds of right answer and 1/(4 parts) for both
 *             kinds of wrong one, so that many parts are not believed to be worse than they are (split-accuracy-interval.ts).
 *             Mean and variance of the accuracy are exact, and taken for the Beta that has them. The interval of the difference is
 *             made of the two (Zou & Donner). For 'same-items' it is that of the share of the items that only one side
 *             had right (McNemar), Jeffreys, times how many those are.
 * Mending     `partNeeded`: how often each part must be right for the whole to be no worse if no error cancels (split-question.ts);
 *             `ratersNeeded`: the least odd number of raters of each part with whom it would be no worse, if they err independently.
 * Degenerate  rule 'view': nothing is combined, insufficient. Fewer than KNOWN_MIN known answers of the whole or of a part: insufficient,
 *             which is no advice against the split.
 * Throws      RangeError for counts that are negative or not whole, and for no parts.
 * Source      Zou & Donner 2008 (Statist. Med. 27); Wu et al. 2021 (arXiv 2109.10862) for labels at all heights.
 * Evidence    foresee-split.test.ts; the study `question-tree`
 */
import { type Insufficient, insufficient } from '../numeric/insufficient.ts'
import type { Interval } from '../numeric/interval-estimate.ts'
import { betaInterval } from '../raters/beta-interval.ts'
import type { SplitRule } from './combine-parts.ts'
import { rubricTreeError } from './rubric-tree-error.ts'
import type { PartGold } from './split-accuracy-interval.ts'
import { adviseSplit } from './split-question.ts'

/** Known answers of one part: what is true, and what those who answered said together. */
export type PartCounts = {
  readonly bothHold: number
  readonly missed: number
  readonly falseAlarm: number
  readonly neitherHolds: number
}
/** Items whose whole is known, with who was right: the answer to the whole, or the combination of the parts. */
export type SameItems = {
  readonly both: number
  readonly wholeOnly: number
  readonly splitOnly: number
  readonly neither: number
}
export type SplitEvidence = {
  readonly rule: SplitRule
  readonly whole: PartGold
  readonly parts: readonly PartCounts[]
  readonly sameItems: SameItems
}
type Rate = { readonly value: number; readonly low: number; readonly high: number }
export type SplitForecast = {
  readonly kind: 'forecast'
  readonly basis: 'same-items' | 'parts'
  readonly verdict: 'hurts' | 'helps' | 'undecided'
  readonly whole: Rate
  readonly split: Rate
  /** Split less whole. */
  readonly difference: Rate
  readonly partNeeded: number | null
  readonly ratersNeeded: number | null
}

const LEVEL = 0.95
export const SAME_ITEMS_MIN = 20
export const KNOWN_MIN = 5
const RATERS_MAX = 9

export function foreseeSplit(evidence: SplitEvidence): SplitForecast | Insufficient {
  const { rule, whole, parts, sameItems } = evidence
  if (parts.length === 0) throw new RangeError('a split question has at least one part')
  const counts = [whole, sameItems, ...parts].flatMap((one) => Object.values(one) as number[])
  if (!counts.every((count) => Number.isInteger(count) && count >= 0) || whole.right > whole.asked)
    throw new RangeError('expected whole numbers of known answers from 0, and no more right than asked')
  if (rule === 'view') return insufficient('nothing follows from the parts by rule')
  const { both, wholeOnly, splitOnly, neither } = sameItems
  const same = both + wholeOnly + splitOnly + neither
  if (same >= SAME_ITEMS_MIN) {
    const differing = wholeOnly + splitOnly
    // Where none differ it weighs nothing.
    const favour = rateOf({ right: splitOnly, asked: differing })
    const toDifference = (share: number) => ((2 * share - 1) * differing) / same
    return forecast(evidence, 'same-items', {
      whole: rateOf({ right: both + wholeOnly, asked: same }),
      split: rateOf({ right: both + splitOnly, asked: same }),
      difference: {
        value: (splitOnly - wholeOnly) / same,
        low: toDifference(favour.low),
        high: toDifference(favour.high),
      },
    })
  }
  if (whole.asked < KNOWN_MIN)
    return insufficient(
      `only ${whole.asked} known answers to the whole were given; it needs ${KNOWN_MIN}, of each part too`,
    )
  const least = Math.min(...parts.map(askedOf))
  if (least < KNOWN_MIN)
    return insufficient(`only ${least} known answers to one of the parts were given; each needs ${KNOWN_MIN}`)
  const own = rateOf(whole)
  const split = combinedRate(parts, rule)
  return forecast(evidence, 'parts', { whole: own, split, difference: lessOf(split, own) })
}

function forecast(
  { rule, parts }: SplitEvidence,
  basis: SplitForecast['basis'],
  rates: Pick<SplitForecast, 'whole' | 'split' | 'difference'>,
): SplitForecast {
  const { low, high } = rates.difference
  const whole = rates.whole.value
  const advice = adviseSplit({ whole, part: 1, parts: parts.length, raters: 1, shared: 0, missing: 0 })
  const known = parts.every((part) => askedOf(part) > 0)
  const odd = Array.from({ length: (RATERS_MAX + 1) / 2 }, (_, half) => 2 * half + 1)
  const enough = known ? odd.find((raters) => combinedAccuracy(parts, rule, raters) >= whole) : undefined
  return {
    kind: 'forecast',
    basis,
    verdict: high < 0 ? 'hurts' : low > 0 ? 'helps' : 'undecided',
    ...rates,
    partNeeded: advice.breakEven,
    ratersNeeded: enough ?? null,
  }
}

const askedOf = ({ bothHold, missed, falseAlarm, neitherHolds }: PartCounts) =>
  bothHold + missed + falseAlarm + neitherHolds

/** 'any' of some holds unless 'all' of their opposites do. */
const asAll = (part: PartCounts, rule: SplitRule): PartCounts =>
  rule === 'any'
    ? {
        bothHold: part.neitherHolds,
        missed: part.falseAlarm,
        falseAlarm: part.missed,
        neitherHolds: part.bothHold,
      }
    : part

/** By the counts as they are, each part read by the majority of so many raters like those who were counted. */
function combinedAccuracy(parts: readonly PartCounts[], rule: SplitRule, raters: number): number {
  const children = parts.map((part) => {
    const { bothHold, missed, falseAlarm, neitherHolds } = asAll(part, rule)
    const holds = bothHold + missed
    const fails = falseAlarm + neitherHolds
    return {
      kind: 'leaf' as const,
      prior: holds / (holds + fails),
      // Where nothing of the kind was seen it weighs nothing either.
      sensitivity: holds === 0 ? 1 : bothHold / holds,
      specificity: fails === 0 ? 1 : neitherHolds / fails,
      raters,
      shared: 0,
    }
  })
  return rubricTreeError({ kind: 'every', children }).accuracy
}

/** Places of `PartCounts` in the order both, missed, false alarm, neither; a product over the parts is of one of these. */
const HOLDS = [0, 1] as const
const SAID = [0, 2] as const
const BOTH = [0] as const

function combinedRate(parts: readonly PartCounts[], rule: SplitRule): Rate {
  const value = combinedAccuracy(parts, rule, 1)
  const weights = parts.map((part) => {
    const { bothHold, missed, falseAlarm, neitherHolds } = asAll(part, rule)
    const wrong = 1 / (4 * parts.length)
    return [bothHold + 1 / 4, missed + wrong, falseAlarm + wrong, neitherHolds + 1 / 4] as const
  })
  const product = (of: (part: readonly number[]) => number) =>
    weights.reduce((product, part) => product * of(part), 1)
  const mean = (which: readonly number[]) => product((part) => meanOf(part, which))
  const square = (a: readonly number[], b: readonly number[]) => product((part) => meanOfTwo(part, a, b))
  const wrong = mean(HOLDS) + mean(SAID) - 2 * mean(BOTH)
  const wrongSquared =
    square(HOLDS, HOLDS) +
    square(SAID, SAID) +
    4 * square(BOTH, BOTH) +
    2 * square(HOLDS, SAID) -
    4 * square(HOLDS, BOTH) -
    4 * square(SAID, BOTH)
  const right = 1 - wrong
  const answers = (right * wrong) / (wrongSquared - wrong * wrong) - 1
  return withEnds(value, betaInterval(right * answers, wrong * answers, LEVEL))
}

const sumOf = (part: readonly number[]) => part.reduce((sum, one) => sum + one, 0)

/** Of the summed shares at `which`, Dirichlet. */
const meanOf = (part: readonly number[], which: readonly number[]) =>
  which.reduce((sum, at) => sum + (part[at] as number), 0) / sumOf(part)

/** Of the product of two such sums. */
function meanOfTwo(part: readonly number[], a: readonly number[], b: readonly number[]): number {
  const all = sumOf(part)
  let sum = 0
  for (const one of a)
    for (const other of b) sum += (part[one] as number) * ((part[other] as number) + (one === other ? 1 : 0))
  return sum / (all * (all + 1))
}

function rateOf({ right, asked }: PartGold): Rate {
  const value = asked === 0 ? 0 : right / asked
  return withEnds(value, betaInterval(right + 1 / 2, asked - right + 1 / 2, LEVEL))
}

/** Jeffreys' ends are too short where nothing, or everything, was right. */
function withEnds(value: number, { low, high }: Interval): Rate {
  return { value, low: value === 0 ? 0 : Math.min(low, value), high: value === 1 ? 1 : Math.max(high, value) }
}

function lessOf(a: Rate, b: Rate): Rate {
  const value = a.value - b.value
  return {
    value,
    low: value - Math.hypot(a.value - a.low, b.high - b.value),
    high: value + Math.hypot(a.high - a.value, b.value - b.low),
  }
}
