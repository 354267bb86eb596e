/**
 * The summand of one unit when the labels themselves may miss faults: experts looked again at a random few.
 *
 *   W = p + (T - p) eta / rho     the truth T of one labelled episode, from the expert's draw eta of probability rho
 *   V = f + (W - f) xi / pi       the same, when only some episodes are labelled
 *   Z = V of the candidate - V of the baseline (routed units: by inverse propensity)
 *
 * p is predicted from earlier re-audits of that arm and label, f from the judge. Failed episodes nobody looks at again keep
 * their label. T of a unit of several episodes is their mean, and the unit counts as failed where any of them did. So E[W] is the true failure rate, or that rate plus the false alarms; see label-error.ts for the second case.
 * A re-audit that was drawn and did not come is replaced by what speaks against the claim under test.
 * The range depends on nothing the unit decides, neither its score nor its label: on the past and the floors alone.
 */
import type { Summand } from '../sequential/mean-bounds.ts'
import type { PredictedFailure } from './judge-calibration.ts'
import type { Claim, Predictions } from './summand.ts'
import type { ArmLabel, GateUnit } from './unit.ts'

export type ReauditFloor = { readonly passed: number; readonly failed: number | null }
/** Predicted true failure of a passed and of a failed labelled episode, from the past; in [0, 1]. */
export type TruthPrediction = { readonly passed: number; readonly failed: number }

/** Which of the two predictions a label takes: a unit of several episodes failed where any of them did. */
export const countsAsFailed = (failure: number) => failure > 0

export function reauditedSummandOf(
  unit: GateUnit,
  predicted: Predictions,
  truth: { readonly candidate: TruthPrediction; readonly baseline: TruthPrediction },
  floor: ReauditFloor,
  claim: Claim,
): Summand {
  const againstCandidate = claim === 'promote' ? 1 : 0
  const value = (label: ArmLabel, arm: 'candidate' | 'baseline') =>
    correctedValue(
      label,
      predicted[arm].value,
      truth[arm],
      floor,
      arm === 'candidate' ? againstCandidate : 1 - againstCandidate,
    )
  if (unit.design === 'paired') {
    const auditFloor = unit.probabilityMin ?? Math.min(unit.candidate.probability, unit.baseline.probability)
    const candidate = rangeOf(predicted.candidate, truth.candidate, floor, auditFloor)
    const baseline = rangeOf(predicted.baseline, truth.baseline, floor, auditFloor)
    return {
      value: value(unit.candidate, 'candidate') - value(unit.baseline, 'baseline'),
      min: candidate.min - baseline.max,
      max: candidate.max - baseline.min,
    }
  }
  const auditFloor = Math.min(unit.label.probability, unit.probabilityMin ?? 1)
  const { propensity } = unit
  const candidate = rangeOf(predicted.candidate, truth.candidate, floor, auditFloor)
  const baseline = rangeOf(predicted.baseline, truth.baseline, floor, auditFloor)
  // Both arms' ranges at once: the arm is drawn after the stake is set.
  const min = Math.min(candidate.min / propensity, -baseline.max / (1 - propensity))
  const max = Math.max(candidate.max / propensity, -baseline.min / (1 - propensity))
  return unit.arm === 'candidate'
    ? { value: value(unit.label, 'candidate') / propensity, min, max }
    : { value: -value(unit.label, 'baseline') / (1 - propensity), min, max }
}

/** What one arm's value could have been under any judge score, label and re-audit. */
function rangeOf(
  predicted: PredictedFailure,
  truth: TruthPrediction,
  floor: ReauditFloor,
  auditFloor: number,
): { readonly min: number; readonly max: number } {
  const lowest = Math.min(
    truth.passed - truth.passed / floor.passed,
    floor.failed === null ? 0 : truth.failed - truth.failed / floor.failed,
  )
  const highest = Math.max(
    truth.passed + (1 - truth.passed) / floor.passed,
    floor.failed === null ? 1 : truth.failed + (1 - truth.failed) / floor.failed,
  )
  return {
    min: predicted.max + (lowest - predicted.max) / auditFloor,
    max: predicted.min + (highest - predicted.min) / auditFloor,
  }
}

function correctedValue(
  label: ArmLabel,
  predicted: number,
  truth: TruthPrediction,
  floor: ReauditFloor,
  ifMissing: number,
): number {
  if (label.kind === 'unsampled') return predicted
  const failure = label.kind === 'missing' ? ifMissing : truthOf(label, truth, floor, ifMissing)
  return predicted + (failure - predicted) / label.probability
}

function truthOf(
  label: ArmLabel & { readonly kind: 'observed' },
  truth: TruthPrediction,
  floor: ReauditFloor,
  ifMissing: number,
): number {
  const failed = countsAsFailed(label.failure)
  if (failed && floor.failed === null) return label.failure
  const least = failed ? (floor.failed ?? 1) : floor.passed
  const { reaudit } = label
  if (!reaudit)
    throw new RangeError(
      `a ${failed ? 'failed' : 'passed'} label has no re-audit draw, but every one needs one`,
    )
  if (reaudit.probability < least - 1e-12)
    throw new RangeError(`re-audit probability ${reaudit.probability} is below the stated floor ${least}`)
  const prediction = failed ? truth.failed : truth.passed
  if (reaudit.kind === 'unsampled') return prediction
  const seen = reaudit.kind === 'missing' ? ifMissing : reaudit.failure
  return prediction + (seen - prediction) / reaudit.probability
}
