/** The quantile of sorted numbers by linear interpolation. `share` in [0, 1]; throws on an empty list. */
export function quantileOfSorted(sorted: ArrayLike<number>, share: number): number {
  if (sorted.length === 0) throw new RangeError('an empty list has no quantile')
  const at = share * (sorted.length - 1)
  const below = sorted[Math.floor(at)] as number
  const above = sorted[Math.ceil(at)] as number
  return below === above ? below : below + (at - Math.floor(at)) * (above - below)
}
