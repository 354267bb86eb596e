/**
 * Every statistic here is 1 minus observed over expected disagreement, with a cluster bootstrap interval.
 *
 * Estimates   1 - observed / expected: 1 is full agreement, 0 is what chance gives, below 0 is worse than chance.
 * Interval    expanded percentiles over resampled clusters (an item, or all items of one cluster). Raters are taken as they
 *             are: the interval speaks of other items with these raters. A resample without a defined value counts
 *             at both ends, which widens. When no disagreement was seen at all, resampling could only repeat "none",
 *             so the low end comes from the exact bound of a share of which none was seen in N clusters, each
 *             such cluster taken to disagree as much as the scale allows.
 * Degenerate  nothing rated twice, or one answer only: insufficient. Fewer than CLUSTERS_MIN clusters: no interval.
 * Cost        O(replicates * (clusters + patterns * statistic)).
 * Source      Efron and Tibshirani 1993, ch. 13 (percentile); Hesterberg 2015 (expanded); Clopper and Pearson 1934.
 */
import { type BootstrapPlan, resampleClusters } from '../numeric/cluster-bootstrap.ts'
import { type Insufficient, insufficient } from '../numeric/insufficient.ts'
import type { Interval, IntervalEstimate } from '../numeric/interval-estimate.ts'
import { normalUpperTail } from '../numeric/normal.ts'
import { quantileOfSorted } from '../numeric/quantile.ts'
import { studentQuantile } from '../numeric/student-t.ts'

/** Below this the percentiles of a bootstrap mean little. */
export const CLUSTERS_MIN = 10

/** Expected disagreement below this is rounding, not variation. */
const EXPECTED_MIN = 1e-12

export type Disagreement = { readonly observed: number; readonly expected: number; readonly largest: number }

export type IntervalOptions = BootstrapPlan & {
  /** Probability that the interval misses; in (0, 1). */
  readonly alpha: number
}

export type Cluster<Content> = {
  /** Equal for clusters of equal content, and what orders them. */
  readonly key: string
  /** What the statistic reads. */
  readonly content: Content
  /** Whether it can show agreement or disagreement at all. */
  readonly informative: boolean
}

/** Clusters of equal content, `many` of them. */
export type Pattern<Content> = Cluster<Content> & { readonly many: number }

/** `disagreementAt` takes how often each pattern counts. Null where it is undefined (nothing to compare). */
export function chanceCorrected(
  patterns: readonly Pattern<unknown>[],
  disagreementAt: (weights: Float64Array) => Disagreement | null,
  options: IntervalOptions,
): IntervalEstimate | Insufficient {
  const multiplicities = patterns.map((pattern) => pattern.many)
  const clusters = patterns.reduce((sum, { informative, many }) => sum + (informative ? many : 0), 0)
  if (clusters === 0) return insufficient('no item was rated by two raters')
  const whole = disagreementAt(Float64Array.from(multiplicities))
  if (whole === null) return insufficient('no item was rated by two raters')
  if (whole.expected < EXPECTED_MIN)
    return insufficient('every rating is the same, so chance alone would agree')
  const value = 1 - whole.observed / whole.expected
  return {
    kind: 'estimate',
    value,
    interval: intervalOf(multiplicities, clusters, whole, disagreementAt, options),
  }
}

function intervalOf(
  multiplicities: readonly number[],
  clusters: number,
  whole: Disagreement,
  disagreementAt: (weights: Float64Array) => Disagreement | null,
  options: IntervalOptions,
): Interval | Insufficient {
  if (clusters < CLUSTERS_MIN)
    return insufficient(
      `${clusters} independent ${clusters === 1 ? 'item is' : 'items are'} too few (at least ${CLUSTERS_MIN})`,
    )
  const level = 1 - options.alpha
  if (whole.observed === 0) {
    const share = 1 - (options.alpha / 2) ** (1 / clusters)
    return { kind: 'interval', low: 1 - (share * whole.largest) / whole.expected, high: 1, level }
  }
  const tail = expandedTail(options.alpha, clusters)
  const lows: number[] = []
  const highs: number[] = []
  resampleClusters(multiplicities, options, (drawn) => {
    const found = disagreementAt(drawn)
    const defined = found !== null && found.expected >= EXPECTED_MIN
    lows.push(defined ? 1 - found.observed / found.expected : -1)
    highs.push(defined ? 1 - found.observed / found.expected : 1)
  })
  return {
    kind: 'interval',
    low: quantileOfSorted(Float64Array.from(lows).sort(), tail),
    high: quantileOfSorted(Float64Array.from(highs).sort(), 1 - tail),
    level,
  }
}

/**
 * Percentiles of a bootstrap are too narrow by sqrt((n - 1) / n) and know nothing of Student's t; taking them further out
 * mends both.
 */
function expandedTail(alpha: number, clusters: number): number {
  return normalUpperTail(Math.sqrt(clusters / (clusters - 1)) * studentQuantile(1 - alpha / 2, clusters - 1))
}

/** Groups clusters of equal content and orders them by content. */
export function toPatterns<Content>(clusters: Iterable<Cluster<Content>>): readonly Pattern<Content>[] {
  const found = new Map<string, Cluster<Content> & { many: number }>()
  for (const cluster of clusters) {
    const pattern = found.get(cluster.key)
    if (pattern) pattern.many += 1
    else found.set(cluster.key, { ...cluster, many: 1 })
  }
  return [...found.values()].sort((a, b) => (a.key < b.key ? -1 : 1))
}
