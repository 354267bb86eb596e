/** What a gate reads: one unit after another, in the order of their selection. */

/** The label of one arm of one unit. */
export type ArmLabel =
  /** The label is in. `failure` in [0, 1]: 0 or 1, or the mean over episodes of the unit. */
  | {
      readonly kind: 'observed'
      readonly failure: number
      readonly probability: number
      readonly judge: number | null
    }
  /** The draw with `probability` below 1 did not choose it: nobody was asked. */
  | { readonly kind: 'unsampled'; readonly probability: number; readonly judge: number | null }
  /** It was asked for and did not come. Resolved against whichever claim is under test. */
  | { readonly kind: 'missing'; readonly probability: number; readonly judge: number | null }

/** Paired: both policies on the same unit, or one block of the unpaired design (different units, both drawn). */
export type PairedUnit = {
  readonly design: 'paired'
  readonly unit: string
  readonly candidate: ArmLabel
  readonly baseline: ArmLabel
  /** As in `RoutedUnit`. Absent: each label's own, which is right only where the judge has no say in whom to audit. */
  readonly probabilityMin?: number
}

/** One policy acted; `propensity` is the probability that it was the candidate. */
export type RoutedUnit = {
  readonly design: 'routed'
  readonly unit: string
  readonly arm: 'candidate' | 'baseline'
  readonly propensity: number
  /**
   * Smallest audit probability that either arm of any unit could have had, fixed before the draw. Absent: the label's
   * own, which is right only where both arms are audited with the same probability.
   */
  readonly probabilityMin?: number
  readonly label: ArmLabel
}

export type GateUnit = PairedUnit | RoutedUnit
