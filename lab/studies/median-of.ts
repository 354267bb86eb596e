/** The upper median; null where it is infinite, or of none: fewer than half ever came to an end. */
export function medianOf(values: readonly number[]): number | null {
  const median = [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.POSITIVE_INFINITY
  return Number.isFinite(median) ? median : null
}
