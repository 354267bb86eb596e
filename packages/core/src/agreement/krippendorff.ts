/**
 * Krippendorff's alpha: agreement of any number of raters, on any scale, with missing ratings.
 *
 * Estimates   1 - Do / De over the pairable ratings (items rated at least twice).
 * Distances   nominal: differ or not; ordinal: squared difference of mean ranks; interval: squared difference;
 *             ratio: squared difference over sum. Interval values are scaled to [0, 1] first: alpha does not change
 *             with the unit, and huge values do not overflow.
 * Input       a RatingTable; ratio needs numbers from 0 up (throws otherwise).
 * Degenerate  insufficient where nothing is pairable or every rating is the same; ratio with more than
 *             RATIO_CATEGORIES_MAX distinct values: insufficient (its cost is quadratic in them).
 * Cost        O(ratings + categories) a replicate; ratio O(categories^2).
 * Source      Krippendorff 2011, "Computing Krippendorff's alpha-reliability". The ordinal form by mean ranks is equal
 *             to his sum over the ranks in between.
 * Evidence    agreement.test.ts
 */
import { type Insufficient, insufficient } from '../numeric/insufficient.ts'
import type { IntervalEstimate } from '../numeric/interval-estimate.ts'
import { chanceCorrected, type Disagreement, type IntervalOptions, type Pattern } from './chance-corrected.ts'
import { type ItemCounts, itemCountPatterns } from './item-counts.ts'
import type { RatingTable } from './rating-table.ts'
import { unitPositions } from './unit-positions.ts'

const RATIO_CATEGORIES_MAX = 2000

export function krippendorffAlpha(
  table: RatingTable,
  options: IntervalOptions,
): IntervalEstimate | Insufficient {
  const patterns = itemCountPatterns(table, 2)
  const categories = table.categories.length
  if (table.scale === 'ratio' && categories > RATIO_CATEGORIES_MAX)
    return insufficient(`a ratio scale may have ${RATIO_CATEGORIES_MAX} distinct values, not ${categories}`)
  return chanceCorrected(patterns, disagreementOf(table, patterns), options)
}

function disagreementOf(table: RatingTable, patterns: readonly Pattern<readonly ItemCounts[]>[]) {
  const categories = table.categories.length
  const marginals = new Float64Array(categories)
  // Only the ordinal distances depend on which items were drawn.
  const fixed = table.scale === 'ordinal' ? null : distancesOf(table)
  const within = fixed && patterns.map(({ content }) => disagreementWithin(content, fixed))
  return (weights: Float64Array): Disagreement | null => {
    marginals.fill(0)
    let ratings = 0
    patterns.forEach(({ content }, p) => {
      const weight = weights[p] as number
      if (weight === 0) return
      for (const item of content) {
        ratings += weight * item.ratings
        item.categories.forEach((category, k) => {
          marginals[category] = (marginals[category] as number) + weight * (item.counts[k] as number)
        })
      }
    })
    if (ratings === 0) return null
    const distances = fixed ?? squares(midRanks(marginals, ratings))
    let observed = 0
    patterns.forEach(({ content }, p) => {
      const weight = weights[p] as number
      if (weight > 0)
        observed += weight * (within ? (within[p] as number) : disagreementWithin(content, distances))
    })
    const all = [...marginals.keys()]
    return {
      observed: observed / ratings,
      expected: distances.between(all, marginals, ratings) / (ratings * (ratings - 1)),
      largest: distances.largest,
    }
  }
}

/** Sum over ordered pairs of ratings of one bag; zero distance on the diagonal. */
type Distances = {
  readonly between: (categories: readonly number[], counts: ArrayLike<number>, ratings: number) => number
  readonly largest: number
}

function disagreementWithin(items: readonly ItemCounts[], distances: Distances): number {
  let sum = 0
  for (const item of items)
    sum += distances.between(item.categories, item.counts, item.ratings) / (item.ratings - 1)
  return sum
}

function distancesOf(table: RatingTable): Distances {
  if (table.scale === 'nominal') return NOMINAL
  const values = table.values
  if (values === null) throw new RangeError('numeric distances need numeric values')
  return table.scale === 'interval' ? squares(unitPositions(values)) : ratios(values)
}

const NOMINAL: Distances = {
  largest: 1,
  between: (categories, counts, ratings) => {
    let same = 0
    for (let k = 0; k < categories.length; k++) same += (counts[k] as number) ** 2
    return ratings * ratings - same
  },
}

function squares(position: ArrayLike<number>): Distances {
  let low = Number.POSITIVE_INFINITY
  let high = Number.NEGATIVE_INFINITY
  for (let k = 0; k < position.length; k++) {
    low = Math.min(low, position[k] as number)
    high = Math.max(high, position[k] as number)
  }
  return {
    largest: position.length === 0 ? 0 : (high - low) ** 2,
    between: (categories, counts, ratings) => {
      // Around the mean of the bag, so that values close together do not cancel to nothing.
      let sum = 0
      for (let k = 0; k < categories.length; k++)
        sum += (counts[k] as number) * (position[categories[k] as number] as number)
      const mean = sum / ratings
      let spread = 0
      for (let k = 0; k < categories.length; k++)
        spread += (counts[k] as number) * ((position[categories[k] as number] as number) - mean) ** 2
      return categories.length < 2 ? 0 : 2 * ratings * spread
    },
  }
}

function ratios(values: readonly number[]): Distances {
  if (values.some((value) => value < 0)) throw new RangeError('a ratio scale has no values below 0')
  // Through the quotient: sums and differences of huge or tiny values would overflow or vanish.
  const distance = (a: number, b: number): number => {
    if (a === b) return 0
    const quotient = Math.min(a, b) / Math.max(a, b)
    return ((1 - quotient) / (1 + quotient)) ** 2
  }
  const low = values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY)
  const high = values.reduce((most, value) => Math.max(most, value), 0)
  return {
    largest: values.length === 0 ? 0 : distance(low, high),
    between: (categories, counts) => {
      let sum = 0
      for (let k = 1; k < categories.length; k++)
        for (let other = 0; other < k; other++)
          sum +=
            2 *
            (counts[k] as number) *
            (counts[other] as number) *
            distance(values[categories[k] as number] as number, values[categories[other] as number] as number)
      return sum
    },
  }
}

/** Mean rank of each category among all ratings, as a share of them. */
function midRanks(marginals: Float64Array, ratings: number): Float64Array {
  let before = 0
  return marginals.map((count) => {
    const middle = before + count / 2
    before += count
    return middle / ratings
  })
}
