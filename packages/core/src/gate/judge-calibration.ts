/**
 * Turns a judge's raw score into a predicted failure rate, from labels already seen only.
 *
 * Estimates   P(failure | judge score in bin) for one arm, shrunk to the arm's own failure rate.
 * Assumes     nothing: any prediction made from the past leaves the gate valid; a good one makes it fast.
 * Input       scores in [0, 1] or null (no judge: one bin of its own).
 * Degenerate  nothing seen: 0.25, the prior mean.
 * Why         a raw judge used as a label is worse than none for rare failures (docs/methods/gate.md).
 */
const BINS = 10
/** Labels the arm's overall rate is worth in a bin that has few of its own. */
const BIN_WEIGHT = 4
const PRIOR_FAILURES = 0.5
const PRIOR_LABELS = 2

export type JudgeCalibration = {
  readonly failures: Float64Array
  readonly labels: Float64Array
}

export function startCalibration(): JudgeCalibration {
  return { failures: new Float64Array(BINS + 1), labels: new Float64Array(BINS + 1) }
}

/** What the past makes of a score, and the least and most it would make of any other score the judge could have given. */
export type PredictedFailure = { readonly value: number; readonly min: number; readonly max: number }

export function predictFailure(calibration: JudgeCalibration, judge: number | null): PredictedFailure {
  let failures = PRIOR_FAILURES
  let labels = PRIOR_LABELS
  for (let bin = 0; bin <= BINS; bin++) {
    failures += calibration.failures[bin] as number
    labels += calibration.labels[bin] as number
  }
  const overall = failures / labels
  const inBin = (bin: number) =>
    ((calibration.failures[bin] as number) + BIN_WEIGHT * overall) /
    ((calibration.labels[bin] as number) + BIN_WEIGHT)
  let min = 1
  let max = 0
  for (let bin = 0; bin <= BINS; bin++) {
    const predicted = inBin(bin)
    if (predicted < min) min = predicted
    if (predicted > max) max = predicted
  }
  return { value: inBin(binOf(judge)), min, max }
}

export function learnFailure(calibration: JudgeCalibration, judge: number | null, failure: number): void {
  const bin = binOf(judge)
  calibration.failures[bin] = (calibration.failures[bin] as number) + failure
  calibration.labels[bin] = (calibration.labels[bin] as number) + 1
}

function binOf(judge: number | null): number {
  return judge === null ? BINS : Math.min(BINS - 1, Math.floor(judge * BINS))
}
