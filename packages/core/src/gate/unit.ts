/** What a gate reads: one unit after another, in the order of their selection. */

/** The label of one arm of one unit. */
export type ArmLabel =
  /** The label is in. `failure` in [0, 1]: 0 or 1, or the mean over episodes of the unit. */
  | {
      readonly kind: 'observed'
      readonly failure: number
      readonly probability: number
      readonly judge: number | null
      /** An expert's look at this very label, chosen at random; only `differential` label error reads it. */
      readonly reaudit?: Reaudit
    }
  /** The draw with `probability` below 1 did not choose it: nobody was asked. */
  | { readonly kind: 'unsampled'; readonly probability: number; readonly judge: number | null }
  /** It was asked for and did not come. Resolved against whichever claim is under test. */
  | { readonly kind: 'missing'; readonly probability: number; readonly judge: number | null }

/** An expert's own label of an episode that was labelled already. `probability` is that of the draw, in (0, 1]. */
export type Reaudit =
  | { readonly kind: 'observed'; readonly failure: number; readonly probability: number }
  | { readonly kind: 'unsampled'; readonly probability: number }
  /** Drawn, but no answer came. Resolved against whichever claim is under test. */
  | { readonly kind: 'missing'; readonly probability: number }

/** Paired: both policies on the same unit, or one block of the unpaired design (different units, both drawn). */
export type PairedUnit = {
  readonly design: 'paired'
  readonly unit: string
  readonly candidate: ArmLabel
  readonly baseline: ArmLabel
  /** As in `RoutedUnit`. Absent: each label's own, which is right only where the judge has no say in whom to audit. */
  readonly probabilityMin?: number
  /**
   * The audit probability of each score, as the policy of audits stood when the unit was drawn: ten tenths, then no score;
   * null where the judge cannot answer so. Narrows the range of a summand to what can happen, and so speeds the gate.
   */
  readonly probabilities?: {
    readonly candidate: readonly (number | null)[]
    readonly baseline: readonly (number | null)[]
  }
  /** Units that hang together (one customer, one day) are one play; absent: a cluster of its own. */
  readonly cluster?: string
  /** Both policies did the same, as far as it matters: counts as a difference of zero (identical-pairs.ts). */
  readonly identical?: boolean
  /** Which stratum of `plan.strata` the unit was drawn from. */
  readonly stratum?: string
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
