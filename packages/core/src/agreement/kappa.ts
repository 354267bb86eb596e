/**
 * Kappas of many raters: Fleiss, and Gwet's AC1 beside it, because Fleiss falls to nothing when one answer is rare.
 *
 * Estimates   1 - (share of pairs of ratings of one item that differ) / (share expected by chance), where p_k is the
 *             mean over items of the share of their ratings that say k, and K the number of answers seen.
 *             Fleiss expects 1 - sum p_k^2; AC1 expects 1 - sum p_k (1 - p_k) / (K - 1).
 * Missing     an item rated once says nothing about pairs, but its answer counts in p_k. With as many ratings of every
 *             item, Fleiss' is the statistic of 1971; otherwise it is Gwet's generalisation.
 * Degenerate  insufficient where no item was rated twice or only one answer was seen.
 * Source      Fleiss 1971; Gwet 2008 (BJMSP 61:29); Gwet 2014, ch. 2 (unequal numbers of ratings).
 * Evidence    agreement.test.ts
 */
import { type Insufficient, insufficient } from '../numeric/insufficient.ts'
import type { IntervalEstimate } from '../numeric/interval-estimate.ts'
import { chanceCorrected, type Disagreement, type IntervalOptions, type Pattern } from './chance-corrected.ts'
import { type ItemCounts, itemCountPatterns } from './item-counts.ts'
import type { RatingTable } from './rating-table.ts'

export function fleissKappa(table: RatingTable, options: IntervalOptions): IntervalEstimate | Insufficient {
  return kappa(table, options, (same) => 1 - same)
}

export function gwetAC1(table: RatingTable, options: IntervalOptions): IntervalEstimate | Insufficient {
  return kappa(table, options, (same, answers) => 1 - (1 - same) / (answers - 1))
}

/** `expectedOf` takes sum p_k^2 and K. */
function kappa(
  table: RatingTable,
  options: IntervalOptions,
  expectedOf: (same: number, answers: number) => number,
): IntervalEstimate | Insufficient {
  const patterns = itemCountPatterns(table, 1)
  const seen = new Set(patterns.flatMap(({ content }) => content.flatMap((item) => item.categories)))
  if (patterns.some((pattern) => pattern.informative) && seen.size < 2)
    return insufficient('every rating is the same, so chance alone would agree')
  const shares = new Float64Array(table.categories.length)
  return chanceCorrected(
    patterns,
    (weights) => disagreement(patterns, weights, shares, (same) => expectedOf(same, seen.size)),
    options,
  )
}

function disagreement(
  patterns: readonly Pattern<readonly ItemCounts[]>[],
  weights: Float64Array,
  shares: Float64Array,
  expectedOf: (same: number) => number,
): Disagreement | null {
  shares.fill(0)
  let items = 0
  let paired = 0
  let differ = 0
  patterns.forEach(({ content }, p) => {
    const weight = weights[p] as number
    if (weight === 0) return
    for (const { categories, counts, ratings } of content) {
      items += weight
      let same = 0
      categories.forEach((category, k) => {
        const count = counts[k] as number
        shares[category] = (shares[category] as number) + (weight * count) / ratings
        same += count * (count - 1)
      })
      if (ratings < 2) continue
      paired += weight
      differ += weight * (1 - same / (ratings * (ratings - 1)))
    }
  })
  if (paired === 0) return null
  let same = 0
  for (const share of shares) same += (share / items) ** 2
  return { observed: differ / paired, expected: expectedOf(same), largest: 1 }
}
