/**
 * Ratings of items by raters, as the agreement statistics read them.
 *
 * Shapes      items x raters, sparse: an item lists the raters who rated it. A rating that is missing is simply not there.
 * Categories  the distinct values seen, sorted (numbers by size, texts by code point, or in the order given).
 * Degenerate  no ratings: a table with no items; each statistic then says what it lacks.
 *             One rater rating one item twice throws: whoever reads the input must settle that before.
 */
export type Scale = 'nominal' | 'ordinal' | 'interval' | 'ratio'

export type ItemRating = {
  readonly item: string
  readonly rater: string
  readonly value: string
  /** Items of one cluster (one user, one task) are drawn together by the bootstrap. Without one, the item itself. */
  readonly cluster: string | null
}

export type RatedItem = {
  readonly cluster: string
  /** Indices into `raters` and `categories` of the table, sorted by rater. */
  readonly raters: readonly number[]
  readonly categories: readonly number[]
}

export type RatingTable = {
  readonly scale: Scale
  readonly raters: readonly string[]
  readonly categories: readonly string[]
  /** The categories as numbers, when every one is a number; ranks 0, 1, 2, … when an order was given; else null. */
  readonly values: readonly number[] | null
  readonly items: readonly RatedItem[]
}

/** `order` names every category from lowest to highest; it is needed for an ordinal scale of words. */
export function ratingTable(
  ratings: readonly ItemRating[],
  scale: Scale,
  order: readonly string[] | null,
): RatingTable {
  const texts = new Set(ratings.map((rating) => rating.value))
  const numeric = [...texts].every(isNumber)
  const categories = order ?? sortCategories([...texts], numeric)
  const values = order !== null ? categories.map((_, rank) => rank) : numeric ? categories.map(Number) : null
  if (scale !== 'nominal' && values === null)
    throw new RangeError(`a ${scale} scale needs numbers, or an order of its categories`)
  const categoryOf = new Map(categories.map((text, index) => [text, index]))
  const raters = [...new Set(ratings.map((rating) => rating.rater))].sort()
  const raterOf = new Map(raters.map((name, index) => [name, index]))
  const items = new Map<string, { cluster: string; ratings: Map<number, number> }>()
  for (const rating of ratings) {
    const category = categoryOf.get(rating.value)
    if (category === undefined) throw new RangeError(`"${rating.value}" is not in the order given`)
    let item = items.get(rating.item)
    if (item === undefined) {
      item = { cluster: rating.cluster ?? rating.item, ratings: new Map() }
      items.set(rating.item, item)
    }
    const rater = raterOf.get(rating.rater) as number
    if (item.ratings.has(rater))
      throw new RangeError(`rater "${rating.rater}" rated item "${rating.item}" more than once`)
    item.ratings.set(rater, category)
  }
  return {
    scale,
    raters,
    categories,
    values,
    items: [...items.values()].map((item) => {
      const sorted = [...item.ratings].sort((a, b) => a[0] - b[0])
      return {
        cluster: item.cluster,
        raters: sorted.map(([rater]) => rater),
        categories: sorted.map(([, category]) => category),
      }
    }),
  }
}

/** Whether a text is a plain finite number. */
export function isNumber(text: string): boolean {
  return text.trim() !== '' && Number.isFinite(Number(text))
}

function sortCategories(texts: string[], numeric: boolean): readonly string[] {
  // Two spellings of one number (1 and 1.0) stay apart on a nominal scale; the text breaks the tie, so order is fixed.
  return numeric
    ? texts.sort((a, b) => Number(a) - Number(b) || (a < b ? -1 : 1))
    : texts.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
}
