/**
 * Units that hang together (one customer, one day) are one play of the gate: their outcomes are not independent given the
 * past, but their mean is one bounded observation whose conditional mean is the difference all the same.
 *
 * A cluster stands where its first unit stands. Clusters count alike, whatever their size; the range of the mean is the mean
 * of the ranges. A cluster that a unit cap or a check cut short must be left out by the caller until it is whole.
 */
import type { Summand } from '../sequential/mean-bounds.ts'
import type { GateUnit } from './unit.ts'

export function clustersOf(units: Iterable<GateUnit>): readonly (readonly GateUnit[])[] {
  const clusters: GateUnit[][] = []
  const known = new Map<string, GateUnit[]>()
  for (const unit of units) {
    const name = unit.design === 'paired' ? unit.cluster : undefined
    const open = name === undefined ? undefined : known.get(name)
    if (open) {
      open.push(unit)
      continue
    }
    const cluster = [unit]
    clusters.push(cluster)
    if (name !== undefined) known.set(name, cluster)
  }
  return clusters
}

export function meanSummand(summands: readonly Summand[]): Summand {
  const [first] = summands
  if (first && summands.length === 1) return first
  const mean = (of: (summand: Summand) => number) =>
    summands.reduce((sum, summand) => sum + of(summand), 0) / summands.length
  return { value: mean(({ value }) => value), min: mean(({ min }) => min), max: mean(({ max }) => max) }
}
