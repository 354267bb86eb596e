/**
 * What a release spends from the margin budget since the anchor.
 *
 * Estimates   an upper bound of how much worse than the anchor the candidate may be: the sum over completed
 *             releases since the anchor of max(0, upper bound of each at its last promotion), plus this release's.
 * Assumes     each bound holds with its own alpha; a release whose baseline is the anchor itself starts from 0,
 *             because it is a direct comparison.
 */
export function marginSpent(input: {
  readonly baselineIsAnchor: boolean
  /** Upper bounds of the difference, one per completed release since the anchor. */
  readonly earlier: readonly number[]
  /** Upper bound of the difference of this release now, or its margin while it has none. */
  readonly own: number
}): number {
  const before = input.baselineIsAnchor
    ? 0
    : input.earlier.reduce((sum, bound) => sum + Math.max(0, bound), 0)
  return before + Math.max(0, input.own)
}
