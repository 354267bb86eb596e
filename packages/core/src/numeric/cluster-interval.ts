/**
 * A percentile interval of any statistic of sums, from a bootstrap over clusters: what hangs together is drawn together.
 *
 * Input       for each way of clustering, one tally a cluster: the sums that the statistic is made of, all of one length.
 * Returns     the widest of the intervals, one for each way of clustering that has `CLUSTERS_MIN` clusters; null where none
 *             has, or where the statistic is null in half of the draws.
 * Order       of clusters changes nothing, although the draws are seeded: they are sorted by content.
 * Cost        REPLICATES times clusters times the length of a tally.
 * Source      Cameron, Gelbach and Miller 2008 on few clusters: below some thirty the interval is somewhat too narrow.
 */
import { resampleClusters } from './cluster-bootstrap.ts'
import type { Interval } from './interval-estimate.ts'

export const CLUSTERS_MIN = 5
const REPLICATES = 4000
const LEVEL = 0.95

export type Tally = readonly number[]
export type Clustering<By extends string> = { readonly by: By; readonly clusters: readonly Tally[] }

export function widestClusterInterval<By extends string>(
  clusterings: readonly Clustering<By>[],
  seed: number,
  statistic: (sums: Tally) => number | null,
): { readonly by: By; readonly interval: Interval } | null {
  const found = clusterings.flatMap(({ by, clusters }) => {
    const interval = bootstrap([...clusters].sort(byContent), seed, statistic)
    return interval === null ? [] : [{ by, interval }]
  })
  const width = ({ interval }: (typeof found)[number]) => interval.high - interval.low
  return found.sort((a, b) => width(b) - width(a))[0] ?? null
}

function byContent(x: Tally, y: Tally): number {
  const at = x.findIndex((value, place) => value !== y[place])
  return at === -1 ? 0 : (x[at] as number) - (y[at] as number)
}

function bootstrap(
  clusters: readonly Tally[],
  seed: number,
  statistic: (sums: Tally) => number | null,
): Interval | null {
  const [first] = clusters
  if (first === undefined || clusters.length < CLUSTERS_MIN) return null
  const values: number[] = []
  const sums = new Array<number>(first.length)
  resampleClusters(
    clusters.map(() => 1),
    { replicates: REPLICATES, seed },
    (drawn) => {
      sums.fill(0)
      clusters.forEach((tally, at) => {
        const times = drawn[at] as number
        for (let k = 0; times > 0 && k < sums.length; k++)
          sums[k] = (sums[k] as number) + times * (tally[k] as number)
      })
      const value = statistic(sums)
      if (value !== null) values.push(value)
    },
  )
  if (values.length < REPLICATES / 2) return null
  values.sort((a, b) => a - b)
  const at = (share: number) =>
    values[Math.min(values.length - 1, Math.floor(share * values.length))] as number
  return { kind: 'interval', low: at((1 - LEVEL) / 2), high: at((1 + LEVEL) / 2), level: LEVEL }
}
