/**
 * The sensitivity of the labels on the candidate's arm at which the decision about promotion flips.
 *
 * Model       the baseline's faults are found with `sensitivity`, sound episodes passed with `specificity` on both arms, and
 *             the candidate's faults are found with s. At a true difference of `margin` the labels then differ by
 *             (b + margin)(s + specificity - 1) - b (sensitivity + specificity - 1), with b the baseline's true failure rate.
 *             The evidence promotes where it refutes that difference.
 * Output      s: above it the evidence promotes, below it does not. Above 1: no sensitivity promotes. Below 0: every one does.
 *             Null without labels of the baseline, or where labels tell nothing (J <= 0).
 * Use         a what-if for people, at the estimates; no bound.
 */
export function tippingPoint(input: {
  /** Smallest difference between labels that the evidence refutes ("the difference is this or more"). */
  readonly differenceRefuted: number
  readonly margin: number
  /** Share of the baseline's labels that said failed. */
  readonly baselineFailure: number | null
  readonly sensitivity: number
  readonly specificity: number
}): number | null {
  const { differenceRefuted, margin, baselineFailure, sensitivity, specificity } = input
  const informedness = sensitivity + specificity - 1
  if (baselineFailure === null || informedness <= 0) return null
  const base = Math.min(1, Math.max(0, (baselineFailure - (1 - specificity)) / informedness))
  return (differenceRefuted + base * informedness) / (base + margin) + 1 - specificity
}
