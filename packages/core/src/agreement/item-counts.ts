/** How often each category was given to an item: all that statistics over exchangeable raters read. */
import { type Pattern, toPatterns } from './chance-corrected.ts'
import type { RatingTable } from './rating-table.ts'

/** Of one item: the categories given, ascending, how often each, and how many ratings in all. */
export type ItemCounts = {
  readonly categories: readonly number[]
  readonly counts: readonly number[]
  readonly ratings: number
}

/** Clusters of items with at least `ratingsMin` ratings, grouped by equal content. */
export function itemCountPatterns(
  table: RatingTable,
  ratingsMin: number,
): readonly Pattern<readonly ItemCounts[]>[] {
  const clusters = new Map<string, { key: string; counts: ItemCounts }[]>()
  for (const item of table.items) {
    if (item.categories.length < ratingsMin) continue
    const sorted = [...item.categories].sort((a, b) => a - b)
    const categories = [...new Set(sorted)]
    const counts = categories.map((category) => sorted.filter((other) => other === category).length)
    const entry = { key: sorted.join(','), counts: { categories, counts, ratings: sorted.length } }
    const cluster = clusters.get(item.cluster)
    if (cluster) cluster.push(entry)
    else clusters.set(item.cluster, [entry])
  }
  return toPatterns(
    [...clusters.values()].map((entries) => {
      entries.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
      return {
        key: entries.map(({ key }) => key).join(';'),
        content: entries.map(({ counts }) => counts),
        informative: entries.some(({ counts }) => counts.ratings >= 2),
      }
    }),
  )
}
