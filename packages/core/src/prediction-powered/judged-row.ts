/** One unit that a judge predicted, and what a trusted person said, where one was asked. */
export type JudgedRow = {
  /** Trusted label in [0, 1] (1 is a failure, fractions are means of trials), or null where none was asked for. */
  readonly human: number | null
  /** The judge's prediction of the label, in [0, 1]. */
  readonly judge: number
}

/** A unit whose label was asked for with a known probability, whatever the outcome of the draw. */
export type SampledRow = JudgedRow & {
  /** Probability in (0, 1] with which the label was to be asked for, fixed before the draw. */
  readonly probability: number
}
