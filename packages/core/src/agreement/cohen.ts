/**
 * Cohen's kappa of two raters: plain, or with linear or quadratic weights for answers that have an order.
 *
 * Estimates   1 - (weighted disagreement seen) / (the same if both answered independently with their own habits).
 * Input       a RatingTable and two rater indices; the items both rated. Weights use the values of the categories, so
 *             that 1 and 3 are twice as far apart as 1 and 2; on an ordinal scale their ranks.
 * Degenerate  insufficient where the two share no item, where both always gave the same one answer, or where weights
 *             are asked for on words without an order.
 * Source      Cohen 1960, 1968.
 * Evidence    agreement.test.ts
 */
import { type Insufficient, insufficient } from '../numeric/insufficient.ts'
import type { IntervalEstimate } from '../numeric/interval-estimate.ts'
import { chanceCorrected, type IntervalOptions, toPatterns } from './chance-corrected.ts'
import type { RatingTable } from './rating-table.ts'
import { unitPositions } from './unit-positions.ts'

export type CohenWeights = 'plain' | 'linear' | 'quadratic'

type Pair = readonly [number, number]

export function cohenKappa(
  table: RatingTable,
  raters: Pair,
  weights: CohenWeights,
  options: IntervalOptions,
): IntervalEstimate | Insufficient {
  const distance = distanceOf(table, weights)
  if (distance === null) return insufficient('the answers are words without an order')
  const patterns = toPatterns(pairedClusters(table, raters))
  if (patterns.length === 0) return insufficient('the two raters share no item')
  const used = [...new Set(patterns.flatMap(({ content }) => content.flat()))].sort((a, b) => a - b)
  const largest = distance(used[0] as number, used.at(-1) as number)
  const first = new Float64Array(table.categories.length)
  const second = new Float64Array(table.categories.length)
  return chanceCorrected(
    patterns,
    (multiplicities) => {
      first.fill(0)
      second.fill(0)
      let items = 0
      let observed = 0
      patterns.forEach(({ content }, p) => {
        const weight = multiplicities[p] as number
        for (const [a, b] of content) {
          items += weight
          observed += weight * distance(a, b)
          first[a] = (first[a] as number) + weight
          second[b] = (second[b] as number) + weight
        }
      })
      if (items === 0) return null
      let expected = 0
      for (const a of used)
        for (const b of used) expected += (first[a] as number) * (second[b] as number) * distance(a, b)
      return { observed: observed / items, expected: expected / (items * items), largest }
    },
    options,
  )
}

/** How many items both rated. */
export function itemsInCommon(table: RatingTable, [a, b]: Pair): number {
  return table.items.filter((item) => item.raters.includes(a) && item.raters.includes(b)).length
}

function distanceOf(table: RatingTable, weights: CohenWeights): ((a: number, b: number) => number) | null {
  if (weights === 'plain') return (a, b) => (a === b ? 0 : 1)
  const values = table.scale === 'ordinal' ? table.categories.map((_, rank) => rank) : table.values
  if (values === null) return null
  const position = unitPositions(values)
  return weights === 'linear'
    ? (a, b) => Math.abs((position[a] as number) - (position[b] as number))
    : (a, b) => ((position[a] as number) - (position[b] as number)) ** 2
}

function pairedClusters(table: RatingTable, [a, b]: Pair) {
  const clusters = new Map<string, Pair[]>()
  for (const item of table.items) {
    const first = item.categories[item.raters.indexOf(a)]
    const second = item.categories[item.raters.indexOf(b)]
    if (first === undefined || second === undefined) continue
    const cluster = clusters.get(item.cluster)
    if (cluster) cluster.push([first, second])
    else clusters.set(item.cluster, [[first, second]])
  }
  return [...clusters.values()].map((pairs) => {
    pairs.sort((one, other) => one[0] - other[0] || one[1] - other[1])
    return { key: pairs.map((pair) => pair.join(',')).join(';'), content: pairs, informative: true }
  })
}
