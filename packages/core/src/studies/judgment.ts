/** One recorded judgment of a study: what a rater believed of the right answer, round by round. */
export type Judgment = {
  /** The treatment, such as debate or consultancy. */
  readonly arm: string
  /** What judgments of it have in common, such as the story that a question is about. */
  readonly item: string
  readonly rater: string
  /** Probability given to the right answer after each round, at least one; each in [0, 1]. */
  readonly probabilities: readonly number[]
}

/** What was believed at the end. */
export function finalProbability({ probabilities }: Judgment): number {
  return probabilities.at(-1) ?? 0.5
}

/** An even guess at the end is not right. */
export function isRight(judgment: Judgment): boolean {
  return finalProbability(judgment) > 0.5
}
