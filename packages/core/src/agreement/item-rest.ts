/**
 * Whether a question of a rubric pulls the same way as the others: its item-rest correlation.
 *
 * Estimates   Pearson's correlation, over episodes, between the worth of the answer to one question and the mean worth of the
 *             answers to the others. Below 0: what this question calls good goes with what the others call bad, so it is
 *             asked the wrong way round, scored the wrong way round, or about something else.
 * Input       one row an episode: `item` and `rest` in [0, 1], of the episodes that have both. `cluster`: episodes of one unit
 *             (user, session, task), drawn together.
 * Interval    percentiles over resampled clusters. A resample in which either side does not vary says nothing and counts at both
 *             ends, which widens. Raters are taken as they are.
 * Degenerate  insufficient with fewer than CLUSTERS_MIN clusters, or where either side does not vary.
 * Limits      one rater who answers all questions of an episode carries one impression from each to the next, which lifts the
 *             correlation; a low one is therefore the telling one. A rubric that means to ask about unlike things has
 *             questions near 0 by design: only below 0 is a sign of something wrong.
 * Cost        O(replicates * rows).
 * Source      Nunnally and Bernstein 1994, ch. 8 (corrected item-total correlation); Cameron, Gelbach and Miller 2008 (clusters).
 * Evidence    item-rest.test.ts
 */
import { type BootstrapPlan, resampleClusters } from '../numeric/cluster-bootstrap.ts'
import { type Insufficient, insufficient } from '../numeric/insufficient.ts'
import type { IntervalEstimate } from '../numeric/interval-estimate.ts'
import { quantileOfSorted } from '../numeric/quantile.ts'

export type ItemRest = { readonly item: number; readonly rest: number; readonly cluster: string }

/** Fewer, and a few episodes decide the sign. */
export const CLUSTERS_MIN = 20
/** A spread below this is rounding. */
const SPREAD_MIN = 1e-12

/** `alpha`: probability that the interval misses, in (0, 1). */
export function itemRestCorrelation(
  rows: readonly ItemRest[],
  options: BootstrapPlan & { readonly alpha: number },
): IntervalEstimate | Insufficient {
  const clusters = clustersOf(rows)
  if (clusters.length < CLUSTERS_MIN)
    return insufficient(
      `${clusters.length} independent ${clusters.length === 1 ? 'episode has' : 'episodes have'} both (at least ${CLUSTERS_MIN} are needed)`,
    )
  const ones = new Float64Array(clusters.length).fill(1)
  const value = correlation(clusters, ones)
  if (value === null) return insufficient('every answer on one side is the same')
  const lows: number[] = []
  const highs: number[] = []
  resampleClusters([...ones], options, (drawn) => {
    const found = correlation(clusters, drawn)
    lows.push(found ?? -1)
    highs.push(found ?? 1)
  })
  return {
    kind: 'estimate',
    value,
    interval: {
      kind: 'interval',
      low: quantileOfSorted(Float64Array.from(lows).sort(), options.alpha / 2),
      high: quantileOfSorted(Float64Array.from(highs).sort(), 1 - options.alpha / 2),
      level: 1 - options.alpha,
    },
  }
}

/** In an order that comes from the content, so that the order of the rows changes nothing. */
function clustersOf(rows: readonly ItemRest[]): readonly (readonly ItemRest[])[] {
  const byName = new Map<string, ItemRest[]>()
  for (const row of rows) {
    const cluster = byName.get(row.cluster)
    if (cluster) cluster.push(row)
    else byName.set(row.cluster, [row])
  }
  const key = (cluster: readonly ItemRest[]) => cluster.map(({ item, rest }) => `${item} ${rest}`).join(';')
  return [...byName.values()]
    .map((cluster) => [...cluster].sort((a, b) => a.item - b.item || a.rest - b.rest))
    .sort((a, b) => (key(a) < key(b) ? -1 : 1))
}

function correlation(clusters: readonly (readonly ItemRest[])[], weights: Float64Array): number | null {
  const mean = (of: (row: ItemRest) => number) => {
    let sum = 0
    let count = 0
    clusters.forEach((cluster, at) => {
      const weight = weights[at] as number
      for (const row of cluster) {
        sum += weight * of(row)
        count += weight
      }
    })
    return sum / count
  }
  const item = mean((row) => row.item)
  const rest = mean((row) => row.rest)
  const itemSpread = mean((row) => (row.item - item) ** 2)
  const restSpread = mean((row) => (row.rest - rest) ** 2)
  if (itemSpread < SPREAD_MIN || restSpread < SPREAD_MIN) return null
  const together = mean((row) => (row.item - item) * (row.rest - rest))
  return Math.max(-1, Math.min(1, together / Math.sqrt(itemSpread * restSpread)))
}
