/**
 * Units drawn from strata at other shares than those the decision is about.
 *
 * Estimates   sum of weight_k * difference_k when stratum k is drawn with probability share_k.
 * Method      the summand of a unit of stratum k times weight_k / share_k. Its range is that of the heaviest stratum, because
 *             the stake is set before the stratum is drawn.
 * Input       weights and shares each sum to 1; every share above 0. Fixed beforehand.
 */
import type { Summand } from '../sequential/mean-bounds.ts'

export type Strata = Readonly<Record<string, { readonly weight: number; readonly share: number }>>

export function weighStratum(summand: Summand, stratum: string | undefined, strata: Strata): Summand {
  const own = stratum === undefined ? undefined : strata[stratum]
  if (!own) throw new RangeError(`stratum "${stratum ?? ''}" is not one of ${Object.keys(strata).join(', ')}`)
  const widest = Math.max(...Object.values(strata).map(({ weight, share }) => weight / share))
  return {
    value: (summand.value * own.weight) / own.share,
    min: summand.min * widest,
    max: summand.max * widest,
  }
}
