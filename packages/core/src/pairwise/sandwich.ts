/**
 * Variances that hold although the model is not quite true: H^-1 (sum of g g') H^-1, g summed over a cluster.
 *
 * Clusters    the comparisons of one rater move together, so with RATERS_MIN raters or more they are the clusters, with
 *             factor G / (G - 1) and Student's t with G - 1 degrees. With fewer raters that sum is too rough: then
 *             each comparison is a cluster, and the larger of both variances is taken. The interval then speaks of
 *             these raters only.
 * Source      White 1980; Liang and Zeger 1986; Cameron and Miller 2015 (few clusters).
 */
import { sandwichDiagonal } from '../numeric/cholesky.ts'
import { normalQuantile } from '../numeric/normal.ts'
import { studentQuantile } from '../numeric/student-t.ts'
import type { Design } from './design.ts'

export const RATERS_MIN = 10

export type Clustering = {
  readonly by: 'rater' | 'comparison'
  readonly clusters: number
  readonly variances: Float64Array
  /** Half-width of an interval in standard errors. */
  readonly quantile: number
}

/** `slopes`: per row the derivative of its log likelihood in d and in the tie strength. `inverse`: of the curvature. */
export function clusteredVariances(
  design: Design,
  slopes: { readonly d: Float64Array; readonly eta: Float64Array | null },
  inverse: Float64Array,
  alpha: number,
): Clustering {
  const size = design.players.length + design.features + (slopes.eta ? 1 : 0)
  const rows = design.outcome.length
  const byRow = new Float64Array(size * size)
  const byRater = new Float64Array(size * size)
  const sums = design.rater?.names.map(() => new Map<number, number>())
  for (let row = 0; row < rows; row++) {
    const score = scoreOf(design, slopes, row, size)
    addOuter(byRow, score, size)
    const sum = sums?.[design.rater?.of[row] as number]
    if (sum) for (const [at, value] of score) sum.set(at, (sum.get(at) ?? 0) + value)
  }
  const perRow = sandwichDiagonal(inverse, byRow, size)
  const raters = design.rater?.names.length ?? 0
  if (!sums || raters < 2)
    return { by: 'comparison', clusters: rows, variances: perRow, quantile: normalQuantile(1 - alpha / 2) }
  for (const sum of sums) addOuter(byRater, [...sum], size)
  const perRater = sandwichDiagonal(inverse, byRater, size).map(
    (variance) => (variance * raters) / (raters - 1),
  )
  return raters >= RATERS_MIN
    ? {
        by: 'rater',
        clusters: raters,
        variances: perRater,
        quantile: studentQuantile(1 - alpha / 2, raters - 1),
      }
    : {
        by: 'comparison',
        clusters: rows,
        variances: perRow.map((variance, k) => Math.max(variance, perRater[k] as number)),
        quantile: normalQuantile(1 - alpha / 2),
      }
}

type Score = readonly (readonly [number, number])[]

function scoreOf(
  design: Design,
  slopes: { readonly d: Float64Array; readonly eta: Float64Array | null },
  row: number,
  size: number,
): Score {
  const score: [number, number][] = []
  for (let k = row * design.width; k < (row + 1) * design.width; k++)
    score.push([design.at[k] as number, (slopes.d[row] as number) * (design.by[k] as number)])
  if (slopes.eta) score.push([size - 1, slopes.eta[row] as number])
  return score
}

function addOuter(sum: Float64Array, score: Score, size: number): void {
  for (const [a, valueA] of score)
    for (const [b, valueB] of score) sum[a * size + b] = (sum[a * size + b] as number) + valueA * valueB
}
