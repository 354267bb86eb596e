/**
 * How errors of the labels enter a decision, fixed beforehand. Rates are fractions.
 *
 * `shared` assumes that the labels err alike on both arms, which needs raters who do not know the arm. `differential`
 * assumes nothing of the kind about missed faults: experts, blind to the arm, look again at a random sample of labelled
 * episodes of both arms, above all of the passed ones.
 */
export type LabelErrorPlan =
  | {
      readonly kind: 'shared'
      /** Labels of items whose truth is known, from the part of gold that nothing else reads. */
      readonly gold: GoldCounts
      /** Share of alpha that the measured quality may be wrong with; the rest is for the difference. In (0, 1). */
      readonly alphaShare: number
    }
  | {
      readonly kind: 'differential'
      /** Smallest probabilities with which a passed, and a failed, labelled episode is looked at again: the same in both arms. */
      readonly floor: { readonly passed: number; readonly failed: number | null }
      /**
       * Needed where failed episodes are not looked at again (`floor.failed` null): how often sound items are passed,
       * which is then assumed to be alike on both arms. Null otherwise.
       */
      readonly gold: GoldCounts | null
      readonly alphaShare: number
    }

/** What the labels said of items whose truth is known. Whole numbers. */
export type GoldCounts = {
  /** Items that failed in truth, and how many of them the labels found. */
  readonly faults: number
  readonly found: number
  /** Items that are sound in truth, and how many of them the labels passed. */
  readonly sound: number
  readonly passed: number
}

/** A fifth of alpha: gold is cheap beside the units of a gate, so most of the error is left to the difference. */
export const ALPHA_SHARE = 0.2
