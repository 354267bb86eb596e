/**
 * Whether planted faults are found as often as natural ones.
 *
 * Estimates   share of answers that caught the fault, for planted and for natural faults, and the first less the second.
 * Interval    95 %. Of a share: Jeffreys. Of the difference: the wider end, on each side, of Newcombe's way of joining two
 *             Jeffreys intervals, which does not collapse where everything was caught, and the cluster bootstrap by item or
 *             rater (`studies/compare-arms.ts`), because answers of one person hang together.
 * Assumes     natural faults are those that a second look, an adjudication or gold found: what nobody found is in neither share,
 *             so that the share of natural faults is too high where second looks miss what first ones missed.
 * Degenerate  no answers on either kind: insufficient.
 * Source      Newcombe 1998 (Stat. Med. 17, 873-890), method 10, with Jeffreys for Wilson.
 */
import { type Insufficient, insufficient } from '../numeric/insufficient.ts'
import { betaInterval } from '../raters/beta-interval.ts'
import { compareArms } from '../studies/compare-arms.ts'

export type FaultAnswer = {
  readonly rater: string
  readonly item: string
  readonly caught: boolean
}
export type Detection = {
  readonly caught: number
  readonly answers: number
  /** Of the share caught; from 0 to 1 with no answers. */
  readonly low: number
  readonly high: number
}
export type DetectionDifference = {
  readonly kind: 'difference'
  readonly planted: Detection
  readonly natural: Detection
  readonly difference: { readonly value: number; readonly low: number; readonly high: number }
}

const LEVEL = 0.95
const JEFFREYS = 0.5

export function detectionOf(answers: readonly Pick<FaultAnswer, 'caught'>[]): Detection {
  const caught = answers.filter((one) => one.caught).length
  if (answers.length === 0) return { caught, answers: 0, low: 0, high: 1 }
  const { low, high } = betaInterval(caught + JEFFREYS, answers.length - caught + JEFFREYS, LEVEL)
  // At the edge Jeffreys would leave out what was seen.
  return {
    caught,
    answers: answers.length,
    low: caught === 0 ? 0 : low,
    high: caught === answers.length ? 1 : high,
  }
}

export function detectionDifference(
  planted: readonly FaultAnswer[],
  natural: readonly FaultAnswer[],
  seed = 1,
): DetectionDifference | Insufficient {
  if (planted.length === 0 || natural.length === 0)
    return insufficient(
      `there are ${planted.length} answers on planted and ${natural.length} on natural faults`,
    )
  const [a, b] = [detectionOf(planted), detectionOf(natural)]
  const [p, q] = [a.caught / a.answers, b.caught / b.answers]
  const value = p - q
  const newcombe = {
    low: value - Math.hypot(p - a.low, b.high - q),
    high: value + Math.hypot(a.high - p, q - b.low),
  }
  const judged = (arm: string) => (one: FaultAnswer) => ({
    arm,
    item: one.item,
    rater: one.rater,
    probabilities: [one.caught ? 1 : 0],
  })
  const compared = compareArms(
    [...planted.map(judged('planted')), ...natural.map(judged('natural'))],
    ['planted', 'natural'],
    seed,
  )
  const clustered = compared.kind === 'difference' ? compared.difference.interval : compared
  const bounds = clustered.kind === 'interval' ? [newcombe, clustered] : [newcombe]
  return {
    kind: 'difference',
    planted: a,
    natural: b,
    difference: {
      value,
      low: Math.max(-1, Math.min(...bounds.map(({ low }) => low))),
      high: Math.min(1, Math.max(...bounds.map(({ high }) => high))),
    },
  }
}
