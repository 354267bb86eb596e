/**
 * Variances that hold although the model is not quite true: H^-1 (sum of g g') H^-1, g summed over a cluster.
 *
 * Clusters    the comparisons of one rater move together, so with RATERS_MIN raters or more they are the clusters, with
 *             factor G / (G - 1) and Student's t with G - 1 degrees. With fewer raters that sum is too rough: then
 *             each comparison is a cluster, and the larger of both variances is taken. The interval then speaks of
 *             these raters only. Where every comparison names its unit, units take the place of single comparisons,
 *             also beside many raters: the larger variance and the fewer degrees are taken.
 * Source      White 1980; Liang and Zeger 1986; Cameron and Miller 2015 (few clusters).
 */
import { sandwichDiagonal } from '../numeric/cholesky.ts'
import { normalQuantile } from '../numeric/normal.ts'
import { studentQuantile } from '../numeric/student-t.ts'
import type { Design } from './design.ts'

export const RATERS_MIN = 10

export type Clustering = {
  readonly by: 'rater' | 'unit' | 'comparison'
  readonly clusters: number
  readonly variances: Float64Array
  /** Half-width of an interval in standard errors. */
  readonly quantile: number
}

type Slopes = { readonly d: Float64Array; readonly eta: Float64Array | null }

/** `slopes`: per row the derivative of its log likelihood in d and in the tie strength. `inverse`: of the curvature. */
export function clusteredVariances(
  design: Design,
  slopes: Slopes,
  inverse: Float64Array,
  alpha: number,
): Clustering {
  const rows = design.outcome.length
  const raters = design.rater?.names.length ?? 0
  const units = design.unit?.names.length ?? 0
  const small =
    design.unit !== null && units > 1
      ? { by: 'unit' as const, clusters: units, variances: variancesBy(design, slopes, inverse, design.unit) }
      : { by: 'comparison' as const, clusters: rows, variances: variancesBy(design, slopes, inverse, null) }
  const smallQuantile =
    small.by === 'unit' ? studentQuantile(1 - alpha / 2, units - 1) : normalQuantile(1 - alpha / 2)
  if (design.rater === null || raters < 2) return { ...small, quantile: smallQuantile }
  const byRater = variancesBy(design, slopes, inverse, design.rater)
  const larger = small.variances.map((variance, k) => Math.max(variance, byRater[k] as number))
  if (raters < RATERS_MIN) return { ...small, variances: larger, quantile: smallQuantile }
  return {
    by: 'rater',
    clusters: raters,
    variances: small.by === 'unit' ? larger : byRater,
    quantile: Math.max(studentQuantile(1 - alpha / 2, raters - 1), small.by === 'unit' ? smallQuantile : 0),
  }
}

/** `members`: of which cluster each row is; null: every row is one by itself, without the factor for few clusters. */
function variancesBy(
  design: Design,
  slopes: Slopes,
  inverse: Float64Array,
  members: Design['unit'],
): Float64Array {
  const size = design.players.length + design.features + (slopes.eta ? 1 : 0)
  const sum = new Float64Array(size * size)
  const sums = members?.names.map(() => new Map<number, number>())
  for (let row = 0; row < design.outcome.length; row++) {
    const score = scoreOf(design, slopes, row, size)
    const own = sums?.[members?.of[row] as number]
    if (own === undefined) addOuter(sum, score, size)
    else for (const [at, value] of score) own.set(at, (own.get(at) ?? 0) + value)
  }
  if (sums === undefined) return sandwichDiagonal(inverse, sum, size)
  for (const own of sums) addOuter(sum, [...own], size)
  const factor = sums.length / (sums.length - 1)
  return sandwichDiagonal(inverse, sum, size).map((variance) => variance * factor)
}

type Score = readonly (readonly [number, number])[]

function scoreOf(design: Design, slopes: Slopes, row: number, size: number): Score {
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
