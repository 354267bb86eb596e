/** SVG paths of a small chart: the estimate as a line, its interval as an area. Pure geometry. */
export type SparklinePoint = { readonly estimate: number; readonly low: number; readonly high: number }

export type SparklinePaths = {
  readonly line: string
  readonly band: string
  /** Heights of the zero and margin lines in the same box. */
  readonly zeroY: number
  readonly marginY: number
}

/**
 * Fits points into a box of `width` by `height`. The vertical scale shows twice the margin, or as much more as the
 * last estimate's interval needs. Fewer than two points give empty paths.
 */
export function sparklinePaths(
  points: readonly SparklinePoint[],
  margin: number,
  box: { readonly width: number; readonly height: number },
): SparklinePaths {
  const last = points.at(-1)
  const reach = Math.min(
    1,
    Math.max(
      2 * margin,
      0.02,
      ...(last === undefined ? [] : [1.1 * Math.abs(last.low), 1.1 * Math.abs(last.high)]),
    ),
  )
  const y = (value: number) => {
    const clipped = Math.max(-reach, Math.min(reach, value))
    return round(((reach - clipped) / (2 * reach)) * box.height)
  }
  const x = (index: number) => round((index / Math.max(1, points.length - 1)) * box.width)
  const path = (values: readonly number[]) =>
    values.map((value, index) => `${index === 0 ? 'M' : 'L'}${x(index)} ${y(value)}`).join('')
  if (points.length < 2) return { line: '', band: '', zeroY: y(0), marginY: y(margin) }
  const upper = path(points.map((point) => point.high))
  const lower = points
    .map((point, index) => `L${x(index)} ${y(point.low)}`)
    .reverse()
    .join('')
  return {
    line: path(points.map((point) => point.estimate)),
    band: `${upper}${lower}Z`,
    zeroY: y(0),
    marginY: y(margin),
  }
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
