/**
 * Mean or median of the ratings of each item: for numbers, and for ordinal ratings by their ranks.
 *
 * Shapes      `value` one finite number for each rating, beside the `item` it rates; anything else throws.
 * Degenerate  an item without ratings has null.
 */
export type NumericSummary = 'mean' | 'median'

export function summariseRatings(
  item: Int32Array,
  value: Float64Array,
  items: number,
  summary: NumericSummary,
): readonly (number | null)[] {
  const groups: number[][] = Array.from({ length: items }, () => [])
  for (let at = 0; at < item.length; at++) {
    const one = value[at] as number
    if (!Number.isFinite(one)) throw new RangeError(`rating ${at} is not a finite number`)
    const group = groups[item[at] as number]
    if (group === undefined) throw new RangeError(`rating ${at}: item ${item[at]} is out of range`)
    group.push(one)
  }
  return groups.map((group) => {
    if (group.length === 0) return null
    // Sorted for the mean too: a sum in one order does not depend on the order of rows.
    group.sort((a, b) => a - b)
    if (summary === 'mean') return group.reduce((sum, one) => sum + one, 0) / group.length
    const middle = group.length >> 1
    const upper = group[middle] as number
    return group.length % 2 === 1 ? upper : ((group[middle - 1] as number) + upper) / 2
  })
}
