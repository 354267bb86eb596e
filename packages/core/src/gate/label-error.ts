/**
 * What errors of the labels do to a decision: the margin in force, the tipping point, and who blocks.
 *
 * shared        labels differ by J times the truth, so "the true difference is the margin or more" means "labels differ by
 *               J * margin or more", which is no less than low(J) * margin. That margin is tested.
 * differential  the summand is already unbiased for missed faults. Where failed episodes are looked at again, too, the margin
 *               itself is tested; else false alarms remain, the summand's mean is specificity * difference, and
 *               low(specificity) * margin is tested (specificity alike on both arms).
 * Error         alpha * alphaShare for the measured quality, the rest for the difference: at most alpha together (union bound).
 *               Where no quality enters, its share is not spent.
 */

import { type LabelQuality, labelQuality } from './label-quality.ts'
import { type MarginGrid, refutedAfter, smallestRefuted } from './margin-grid.ts'
import type { GatePlan } from './plan.ts'
import { type ReauditTally, sensitivityOf } from './reaudit-tally.ts'
import { tippingPoint } from './tipping-point.ts'

export type LabelErrorReport = {
  readonly kind: 'none' | 'shared' | 'differential'
  /** From gold; null where none was given. */
  readonly quality: LabelQuality | null
  /** The margin of labels that is tested. At or below 0 nothing can be promoted at this quality. */
  readonly marginInForce: number
  /** Units read when that margin was refuted; null when it is not. */
  readonly promoteCrossedAt: number | null
  /** Sensitivity on the candidate's arm at which the decision flips; see tipping-point.ts. */
  readonly tippingPoint: number | null
  /** What keeps the gate from promoting: nothing, the check (perfect labels like these would promote), or the evidence. */
  readonly blockedBy: 'nothing' | 'check' | 'evidence'
  /** Sensitivity seen on each arm by re-audit; null without. */
  readonly sensitivity: { readonly candidate: number | null; readonly baseline: number | null }
  readonly reaudits: { readonly candidate: ReauditTally; readonly baseline: ReauditTally } | null
}

export type Grids = {
  /** On the summand the decision rests on, and on the labels as they are. */
  readonly deciding: MarginGrid
  readonly labels: MarginGrid
  readonly reaudits: { readonly candidate: ReauditTally; readonly baseline: ReauditTally }
}

/** Error left for the difference once the measured quality has its share. */
export function alphaOfDifference(plan: GatePlan): number {
  return spendsOnQuality(plan) ? plan.alpha * (1 - (plan.labelError?.alphaShare ?? 0)) : plan.alpha
}

export function labelErrorReport(
  plan: GatePlan,
  seen: {
    readonly grids: Grids | null
    /** Where no grid is kept: the upper bound of the difference, and when promotion crossed. */
    readonly high: number
    readonly promoteCrossedAt: number | null
    readonly baselineFailure: number | null
  },
): LabelErrorReport {
  const { labelError } = plan
  if (!labelError || !seen.grids) {
    const flips = tippingPoint({
      differenceRefuted: seen.high,
      margin: plan.margin,
      baselineFailure: seen.baselineFailure,
      sensitivity: 1,
      specificity: 1,
    })
    return {
      kind: 'none',
      quality: null,
      marginInForce: plan.margin,
      promoteCrossedAt: seen.promoteCrossedAt,
      tippingPoint: flips,
      blockedBy: seen.promoteCrossedAt === null ? 'evidence' : 'nothing',
      sensitivity: { candidate: null, baseline: null },
      reaudits: null,
    }
  }
  const { deciding, labels, reaudits } = seen.grids
  const quality = labelError.gold && labelQuality(labelError.gold, plan.alpha * labelError.alphaShare)
  const marginInForce = plan.margin * factorInForce(plan, quality)
  const promoteCrossedAt = marginInForce > 0 ? refutedAfter(deciding, marginInForce) : null
  const labelsRefute = smallestRefuted(labels)
  const specificity = quality?.specificity.estimate ?? confirmedSpecificity(reaudits.baseline)
  const measured = {
    candidate: sensitivityOf(reaudits.candidate, 1),
    baseline: sensitivityOf(reaudits.baseline, 1),
  }
  const differential = labelError.kind === 'differential'
  return {
    kind: labelError.kind,
    quality,
    marginInForce,
    promoteCrossedAt,
    tippingPoint: tippingPoint({
      differenceRefuted: labelsRefute ?? seen.high,
      margin: plan.margin,
      baselineFailure: seen.baselineFailure,
      sensitivity: (differential ? measured.baseline : null) ?? quality?.sensitivity.estimate ?? 1,
      specificity,
    }),
    blockedBy: promoteCrossedAt !== null ? 'nothing' : labelsRefute !== null ? 'check' : 'evidence',
    sensitivity: differential ? measured : { candidate: null, baseline: null },
    reaudits: differential ? reaudits : null,
  }
}

function spendsOnQuality({ labelError }: GatePlan): boolean {
  return (
    labelError?.kind === 'shared' || (labelError?.kind === 'differential' && labelError.floor.failed === null)
  )
}

function factorInForce({ labelError }: GatePlan, quality: LabelQuality | null): number {
  if (labelError?.kind === 'shared') return quality?.informedness.low ?? -1
  if (labelError?.kind === 'differential' && labelError.floor.failed === null)
    return quality?.specificity.low ?? -1
  return 1
}

/** Specificity as the baseline's own re-audits show it; 1 where none were made. */
function confirmedSpecificity({
  passed,
  failed,
  passedSeen,
  hidden,
  failedSeen,
  confirmed,
}: ReauditTally): number {
  if (failedSeen === 0 || passedSeen === 0) return 1
  const alarms = failed * (1 - confirmed / failedSeen)
  const sound = passed * (1 - hidden / passedSeen) + alarms
  return sound === 0 ? 1 : 1 - alarms / sound
}
