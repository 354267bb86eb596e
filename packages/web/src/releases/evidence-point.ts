import type { EvidencePoint } from '@leeway/core/gate/evidence'

/** Index of the point nearest to a position on the axis; undefined for no points. */
export function nearestIndex(points: readonly EvidencePoint[], sequence: number): number | undefined {
  if (points.length === 0) return undefined
  let before = 0
  let after = points.length - 1
  while (after - before > 1) {
    const middle = (before + after) >> 1
    if ((points[middle] as EvidencePoint).n <= sequence) before = middle
    else after = middle
  }
  const gap = (index: number) => Math.abs((points[index] as EvidencePoint).n - sequence)
  return gap(after) < gap(before) ? after : before
}

/** At most about `countMax` points for drawing or listing: an even stride, always with the first and the last. */
export function thinPoints(points: readonly EvidencePoint[], countMax: number): readonly EvidencePoint[] {
  if (points.length <= countMax) return points
  const stride = Math.ceil((points.length - 1) / (countMax - 1))
  return points.filter((_, index) => index % stride === 0 || index === points.length - 1)
}
