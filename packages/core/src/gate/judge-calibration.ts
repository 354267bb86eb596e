/**
 * Turns a judge's raw score into a predicted failure rate, from labels already seen only.
 *
 * Estimates   P(failure | judge score in bin) for one arm, shrunk to the arm's own failure rate.
 * Assumes     nothing: any prediction made from the past leaves the gate valid; a good one makes it fast.
 * Input       scores in [0, 1] or null (no judge: one bin of its own).
 * Degenerate  nothing seen: 0.25, the prior mean.
 * Why         a raw judge used as a label is worse than none for rare failures (docs/methods/gate.md).
 */
/** Tenths of the score; one place more is for no score. */
export const SCORE_BINS = 10
/** Labels the arm's overall rate is worth in a bin that has few of its own. */
const BIN_WEIGHT = 4
const PRIOR_FAILURES = 0.5
const PRIOR_LABELS = 2

export type JudgeCalibration = {
  readonly failures: Float64Array
  readonly labels: Float64Array
}

export function startCalibration(): JudgeCalibration {
  return { failures: new Float64Array(SCORE_BINS + 1), labels: new Float64Array(SCORE_BINS + 1) }
}

/** What the past makes of a score, and the least and most it would make of any other score the judge could have given. */
export type PredictedFailure = {
  readonly value: number
  readonly min: number
  readonly max: number
  /** What an audited value could be under any score, where the audit probability of each score is known beforehand. */
  readonly audited?: { readonly min: number; readonly max: number }
}

/**
 * `probabilities`: the audit probability of each tenth of the score and, last, of no score; null for scores that cannot
 * occur. Fixed before the score was seen. Where they are known the range is as narrow as they allow.
 */
export function predictFailure(
  calibration: JudgeCalibration,
  judge: number | null,
  probabilities?: readonly (number | null)[],
): PredictedFailure {
  let failures = PRIOR_FAILURES
  let labels = PRIOR_LABELS
  for (let bin = 0; bin <= SCORE_BINS; bin++) {
    failures += calibration.failures[bin] as number
    labels += calibration.labels[bin] as number
  }
  const overall = failures / labels
  const inBin = (bin: number) =>
    ((calibration.failures[bin] as number) + BIN_WEIGHT * overall) /
    ((calibration.labels[bin] as number) + BIN_WEIGHT)
  let min = 1
  let max = 0
  for (let bin = 0; bin <= SCORE_BINS; bin++) {
    const predicted = inBin(bin)
    if (predicted < min) min = predicted
    if (predicted > max) max = predicted
  }
  const value = inBin(scoreBin(judge))
  return probabilities
    ? { value, min, max, audited: auditedRange(inBin, probabilities) }
    : { value, min, max }
}

function auditedRange(
  inBin: (bin: number) => number,
  probabilities: readonly (number | null)[],
): { readonly min: number; readonly max: number } {
  let min = 0
  let max = 1
  for (let bin = 0; bin <= SCORE_BINS; bin++) {
    const probability = probabilities[bin]
    if (probability === null || probability === undefined) continue
    const predicted = inBin(bin)
    min = Math.min(min, predicted - predicted / probability)
    max = Math.max(max, predicted + (1 - predicted) / probability)
  }
  return { min, max }
}

export function learnFailure(calibration: JudgeCalibration, judge: number | null, failure: number): void {
  const bin = scoreBin(judge)
  calibration.failures[bin] = (calibration.failures[bin] as number) + failure
  calibration.labels[bin] = (calibration.labels[bin] as number) + 1
}

export function scoreBin(judge: number | null): number {
  return judge === null ? SCORE_BINS : Math.min(SCORE_BINS - 1, Math.floor(judge * SCORE_BINS))
}
