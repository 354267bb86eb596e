/**
 * Draws of a cluster bootstrap over weighted patterns.
 *
 * Clusters with equal content are one pattern with a multiplicity, so that a statistic costs as much as there are
 * patterns, not clusters. The order of patterns must come from their content: then the order of the rows in a file
 * changes nothing, although the draws are seeded.
 */
import { seededRandom } from './seeded-random.ts'

export type BootstrapPlan = {
  /** How many resamples; at least 1. */
  readonly replicates: number
  readonly seed: number
}

/** Enough for the second digit of a 2.5 % quantile; fewer where clusters are many and the draws would take seconds. */
export function replicatesFor(clusters: number): number {
  return Math.round(Math.min(2000, Math.max(400, 4e7 / Math.max(1, clusters))))
}

/** Calls `use` once per replicate with how often each pattern was drawn. The array is reused between calls. */
export function resampleClusters(
  multiplicities: readonly number[],
  plan: BootstrapPlan,
  use: (drawn: Float64Array) => void,
): void {
  const clusters = multiplicities.reduce((sum, many) => sum + many, 0)
  const patternOf = new Uint32Array(clusters)
  let at = 0
  multiplicities.forEach((many, pattern) => {
    patternOf.fill(pattern, at, at + many)
    at += many
  })
  const random = seededRandom(plan.seed)
  const drawn = new Float64Array(multiplicities.length)
  for (let replicate = 0; replicate < plan.replicates; replicate++) {
    drawn.fill(0)
    for (let draw = 0; draw < clusters; draw++) {
      const pattern = patternOf[Math.floor(random() * clusters)] as number
      drawn[pattern] = (drawn[pattern] as number) + 1
    }
    use(drawn)
  }
}
