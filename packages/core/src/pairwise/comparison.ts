/** One answer to "which of the two is better?". */
export type Comparison = {
  readonly left: string
  readonly right: string
  /** 1: left won, 0: right won, 0.5: tie. */
  readonly outcome: 0 | 0.5 | 1
  readonly rater: string | null
  /** The unit (user, session or task) that both are runs of; comparisons of one unit move together. Left out: not known. */
  readonly unit?: string | null
  /** Left minus right of each covariate; 1 for "shown on the left" (position). In the order of the names given. */
  readonly features: readonly number[]
}
