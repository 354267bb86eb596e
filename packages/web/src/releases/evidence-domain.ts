import type { EvidencePoint } from '@leeway/core/gate/evidence'

/** Bounds of the vertical axis, as fractions: differences of failure rates live in [-1, 1]. */
export type DifferenceDomain = { readonly low: number; readonly high: number }

/**
 * The part of [-1, 1] worth showing: always zero, the margins with air around them and every estimate of the
 * settled part, and the band of the last half. The band's wide beginning may leave the frame: it says only that
 * little was known yet.
 */
export function differenceDomain(
  points: readonly EvidencePoint[],
  lines: { readonly margin: number; readonly harmMargin: number },
): DifferenceDomain {
  const reach = Math.max(lines.margin, lines.harmMargin, 0.02)
  let low = -2 * reach
  let high = 2 * reach
  const settled = points.slice(Math.floor(points.length / 2))
  for (const point of settled) {
    low = Math.min(low, point.low)
    high = Math.max(high, point.high)
  }
  for (const point of points.slice(Math.floor(points.length / 5))) {
    low = Math.min(low, point.estimate)
    high = Math.max(high, point.estimate)
  }
  const air = (high - low) * 0.06
  return { low: Math.max(-1, low - air), high: Math.min(1, high + air) }
}

/** Bounds of the e-value axis in natural logarithms: always 1, the threshold and both processes, at most e^±40. */
export function logEDomain(points: readonly EvidencePoint[], threshold: number): DifferenceDomain {
  let low = -threshold / 2
  let high = threshold * 1.35
  for (const point of points) {
    low = Math.min(low, point.logPromote, point.logRollback)
    high = Math.max(high, point.logPromote, point.logRollback)
  }
  // A process that lost sinks without limit; below a tenth of the height nothing is left to read.
  return { low: Math.max(low, -high / 1.5), high: Math.min(high * 1.05, 40) }
}
