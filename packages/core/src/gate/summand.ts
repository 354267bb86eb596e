/**
 * The unbiased summand of one unit: its mean given the past is the difference in failure rate.
 *
 *   paired   Z = [f_c + (Y_c - f_c) xi_c / pi_c] - [f_b + (Y_b - f_b) xi_b / pi_b]
 *   routed   Z = [f + (Y - f) xi / pi] * (1{candidate} / r - 1{baseline} / (1 - r))
 *
 * f is the calibrated prediction, xi the audit draw, pi its probability, r the candidate's propensity. f, pi and r
 * come from the past, so E[Z | past] = failure(candidate) - failure(baseline) whatever the judge does.
 * A missing label is replaced by what speaks against the claim under test, then weighted like any other.
 * Source      docs/methods/gate.md; Zrnic & Candes 2024 (arXiv 2403.03208) for the audited mean.
 */
import type { Summand } from '../sequential/mean-bounds.ts'
import type { PredictedFailure } from './judge-calibration.ts'
import type { ArmLabel, GateUnit } from './unit.ts'

/** Which claim is under test: "no worse than the margin" or "worse than the tolerated harm". */
export type Claim = 'promote' | 'rollback'

/** Predicted failure in [0, 1] of each label of the unit, made before the label was seen. */
export type Predictions = { readonly candidate: PredictedFailure; readonly baseline: PredictedFailure }

export function summandOf(unit: GateUnit, predicted: Predictions, claim: Claim): Summand {
  if (unit.design === 'paired') {
    const floor = unit.probabilityMin ?? 1
    const candidate = predicted.candidate.audited ?? rangeOf(unit.candidate, predicted.candidate, floor)
    const baseline = predicted.baseline.audited ?? rangeOf(unit.baseline, predicted.baseline, floor)
    return {
      value:
        audited(unit.candidate, predicted.candidate.value, claim === 'promote' ? 1 : 0) -
        audited(unit.baseline, predicted.baseline.value, claim === 'promote' ? 0 : 1),
      min: candidate.min - baseline.max,
      max: candidate.max - baseline.min,
    }
  }
  // The stake is set before the arm is drawn, so the range may depend on nothing that the draw decides: neither the
  // arm, nor its audit probability, nor its prediction. A stake that changes with the arm is a way to promote harm.
  const spread = 1 / Math.min(unit.label.probability, unit.probabilityMin ?? 1)
  const candidateMost = spread / unit.propensity
  const baselineMost = spread / (1 - unit.propensity)
  // A prediction that was too high swings an audited value below 0, by at most `spread - 1`.
  const min = -Math.max(baselineMost, (spread - 1) / unit.propensity)
  const max = Math.max(candidateMost, (spread - 1) / (1 - unit.propensity))
  if (unit.arm === 'candidate') {
    const value = audited(unit.label, predicted.candidate.value, claim === 'promote' ? 1 : 0)
    return { value: value / unit.propensity, min, max }
  }
  const value = audited(unit.label, predicted.baseline.value, claim === 'promote' ? 0 : 1)
  return { value: -value / (1 - unit.propensity), min, max }
}

function audited(label: ArmLabel, predicted: number, ifMissing: number): number {
  if (label.kind === 'unsampled') return predicted
  const failure = label.kind === 'observed' ? label.failure : ifMissing
  return predicted + (failure - predicted) / label.probability
}

/**
 * What an audited value could have been under any score of the judge. The score of this very unit must not narrow it:
 * it tells of the outcome, so a stake that follows it bets more on the units that look good, and promotes harm.
 */
function rangeOf(
  label: ArmLabel,
  predicted: PredictedFailure,
  floor: number,
): { readonly min: number; readonly max: number } {
  const probability = Math.min(label.probability, floor)
  return {
    min: predicted.max - predicted.max / probability,
    max: predicted.min + (1 - predicted.min) / probability,
  }
}
