/**
 * Ratings beside what is believed of the items they rate: what rater cards are made from.
 *
 * Shapes      `ratings` in the order in which they were given; `belief` items x classes, row by row, each row a
 *             distribution; `gold` one class an item, -1 where the answer is not known.
 * Assumes     `belief` comes from the whole panel, so a rater's own answer is a small part of it. With two or three
 *             raters an item it is not, and the cards flatter; gold is then the only honest measure.
 */
export type JudgedRatings = {
  readonly classes: readonly string[]
  readonly raters: readonly string[]
  readonly ratings: readonly JudgedRating[]
  readonly belief: ArrayLike<number>
  readonly gold: ArrayLike<number>
}

export type JudgedRating = {
  /** Place of the rating in its source, by which a feature of the caller's finds what it needs. */
  readonly row: number
  readonly item: number
  readonly rater: number
  /** Index into `classes`. */
  readonly label: number
  /** How sure the rater said to be that the label is right, in [0, 1]; null when nothing was said. */
  readonly confidence: number | null
}

/** Probability that this answer is right: 0 or 1 where the item is gold. */
export function correctness(judged: JudgedRatings, rating: JudgedRating): number {
  return beliefIn(judged, rating.item, rating.label)
}

/** Probability that the item is of this class: 0 or 1 where it is gold. */
export function beliefIn(judged: JudgedRatings, item: number, label: number): number {
  const gold = judged.gold[item] ?? -1
  if (gold >= 0) return gold === label ? 1 : 0
  return judged.belief[item * judged.classes.length + label] ?? 0
}

/** Ratings of each rater, in the order of time. */
export function ratingsByRater(judged: JudgedRatings): readonly (readonly JudgedRating[])[] {
  const own: JudgedRating[][] = judged.raters.map(() => [])
  for (const rating of judged.ratings) own[rating.rater]?.push(rating)
  return own
}
