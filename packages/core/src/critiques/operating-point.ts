/**
 * How many claims of a critic to show, from claims that people have judged: the more are shown, the fewer flaws are missed and
 * the more false alarms are read (the selection rule of CriticGPT's search, without the search).
 *
 * Input       judged claims with a score, higher being surer; `missedCost`: what a missed flaw costs in false alarms, > 0.
 * Estimates   at each threshold recall (share of the valid claims that are shown) and precision (share of the shown that are
 *             valid). Recall is relative to the pool: flaws that the critic never names are in no claim.
 * Choice      the threshold with the least missed * missedCost + false alarms; of equals the one that shows more.
 * Degenerate  fewer than JUDGED_MIN judged claims: insufficient, and everything should be shown.
 * Cost        O(n log n). Source: McAleese et al. 2407.00215, section on FSBS.
 */
import { type Insufficient, insufficient } from '../numeric/insufficient.ts'

const JUDGED_MIN = 20

export type JudgedClaim = { readonly score: number; readonly valid: boolean }
export type OperatingPoint = {
  /** Claims with at least this score are shown. */
  readonly threshold: number
  readonly recall: number
  readonly precision: number
}

export function operatingCurve(claims: readonly JudgedClaim[]): readonly OperatingPoint[] {
  const valid = claims.filter((one) => one.valid).length
  return [...new Set(claims.map(({ score }) => score))]
    .sort((a, b) => b - a)
    .map((threshold) => {
      const shown = claims.filter(({ score }) => score >= threshold)
      const right = shown.filter((one) => one.valid).length
      return { threshold, recall: valid === 0 ? 1 : right / valid, precision: right / shown.length }
    })
}

export function operatingPoint(
  claims: readonly JudgedClaim[],
  missedCost: number,
): OperatingPoint | Insufficient {
  if (!(missedCost > 0)) throw new RangeError(`missedCost (${missedCost}) must be above 0`)
  if (claims.length < JUDGED_MIN) return insufficient(`it needs ${JUDGED_MIN} judged claims`)
  let best: OperatingPoint | undefined
  let least = Number.POSITIVE_INFINITY
  for (const point of operatingCurve(claims)) {
    const missed = claims.filter(({ score, valid }) => valid && score < point.threshold).length
    const alarms = claims.filter(({ score, valid }) => !valid && score >= point.threshold).length
    const cost = missed * missedCost + alarms
    if (cost > least) continue
    best = point
    least = cost
  }
  return best ?? insufficient('no claim was judged')
}
