/**
 * Which claims of critics to show, from claims that people have judged: the more are shown, the fewer flaws are missed and the
 * more false alarms are read (the selection rule of CriticGPT's search, without the search).
 *
 * Input       judged claims out of critiques that were shown whole: severity as a score, the place in the list as shown, whether
 *             it held, and what it is about. What the rules in force leave out is judged by nobody, and would be missing here.
 * Choices     a least score and a largest number; all pairs of them.
 * Estimates   for each choice recall (share of the valid claims that are shown) and precision (share of the shown that are
 *             valid), with 95 % intervals clustered by item, and how many are missed and how many false alarms are shown.
 *             Recall is relative to the pool: flaws that no critic names are in no claim.
 * Choice      the one with the least missed * missedCost + false alarms; of equals the one that shows more, and then the one
 *             that limits the number less.
 * Degenerate  fewer than JUDGED_MIN judged claims: insufficient, and everything should be shown.
 * Cost        O(choices * n). Source: McAleese et al. 2407.00215, section on FSBS.
 */
import { type ClusteredShare, clusteredShare } from '../numeric/clustered-share.ts'
import { type Insufficient, insufficient } from '../numeric/insufficient.ts'

export const JUDGED_MIN = 20

export type JudgedClaim = {
  readonly score: number
  /** From 0. */
  readonly place: number
  readonly valid: boolean
  readonly item: string
}
export type OperatingPoint = {
  /** Claims with at least this score are shown, */
  readonly threshold: number
  /** and of a critique so many at most. */
  readonly most: number
  /** Null where nothing is valid. */
  readonly recall: ClusteredShare | null
  /** Null where nothing is shown. */
  readonly precision: ClusteredShare | null
  readonly missed: number
  readonly alarms: number
}

/** From the choice that shows least to the one that shows all. */
export function operatingCurve(claims: readonly JudgedClaim[]): readonly OperatingPoint[] {
  const thresholds = [...new Set(claims.map(({ score }) => score))].sort((a, b) => b - a)
  const places = claims.reduce((most, { place }) => Math.max(most, place + 1), 0)
  // Less those that hold, which are the same many for all.
  const shown = ({ missed, alarms }: OperatingPoint) => alarms - missed
  return thresholds
    .flatMap((threshold) => Array.from({ length: places }, (_, at) => pointOf(claims, threshold, at + 1)))
    .sort((a, b) => shown(a) - shown(b) || a.most - b.most)
}

function pointOf(claims: readonly JudgedClaim[], threshold: number, most: number): OperatingPoint {
  const isShown = ({ score, place }: JudgedClaim) => score >= threshold && place < most
  const valid = claims.filter((one) => one.valid)
  const shown = claims.filter(isShown)
  return {
    threshold,
    most,
    recall: shareOf(valid, isShown),
    precision: shareOf(shown, (one) => one.valid),
    missed: valid.filter((one) => !isShown(one)).length,
    alarms: shown.filter((one) => !one.valid).length,
  }
}

/** `missedCost`: what a missed flaw costs in false alarms, above 0. `curve` from the least shown to all. */
export function cheapestPoint<Point extends Pick<OperatingPoint, 'missed' | 'alarms'>>(
  curve: readonly Point[],
  missedCost: number,
): Point | undefined {
  if (!(missedCost > 0)) throw new RangeError(`missedCost (${missedCost}) must be above 0`)
  let best: Point | undefined
  let least = Number.POSITIVE_INFINITY
  for (const point of curve) {
    const cost = point.missed * missedCost + point.alarms
    if (cost > least) continue
    best = point
    least = cost
  }
  return best
}

/** Those that no other one beats in both: the cheapest at whatever cost is among them. */
export function bestPoints<Point extends Pick<OperatingPoint, 'missed' | 'alarms'>>(
  curve: readonly Point[],
): readonly Point[] {
  // Of those that do the same the last one, as above.
  return curve.filter(
    (one, at) =>
      !curve.some(
        (other, place) =>
          other.missed <= one.missed &&
          other.alarms <= one.alarms &&
          (other.missed < one.missed || other.alarms < one.alarms || place > at),
      ),
  )
}

export function operatingPoint(
  claims: readonly JudgedClaim[],
  missedCost: number,
): OperatingPoint | Insufficient {
  const found = cheapestPoint(operatingCurve(claims), missedCost)
  if (claims.length < JUDGED_MIN || found === undefined)
    return insufficient(`it needs ${JUDGED_MIN} judged claims`)
  return found
}

function shareOf(
  claims: readonly JudgedClaim[],
  isYes: (claim: JudgedClaim) => boolean,
): ClusteredShare | null {
  const items = new Map<string, { yes: number; of: number }>()
  for (const claim of claims) {
    const { yes, of } = items.get(claim.item) ?? { yes: 0, of: 0 }
    items.set(claim.item, { yes: yes + (isYes(claim) ? 1 : 0), of: of + 1 })
  }
  return clusteredShare([...items.values()])
}
