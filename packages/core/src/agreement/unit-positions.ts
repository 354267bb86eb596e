/** Ascending values moved to [0, 1]: the smallest is 0, the largest 1; all 0 where there is only one. */
export function unitPositions(ascending: readonly number[]): readonly number[] {
  const low = ascending[0] ?? 0
  const high = ascending.at(-1) ?? 0
  // The range of two huge values of opposite sign overflows, that of half of them does not.
  const shrink = Number.isFinite(high - low) ? 1 : 0.5
  const range = high * shrink - low * shrink
  return ascending.map((value) => (range === 0 ? 0 : (value * shrink - low * shrink) / range))
}
