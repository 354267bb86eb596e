/**
 * What a parent of a rubric is worth when its children are worth so much.
 *
 *   all        the least of them
 *   any        the most of them
 *   weighted   sum(weight * worth) / sum(weight), as PaperBench does level by level
 *   points     sum(points earned) / sum(positive points), clipped to [0, 1], as HealthBench does: a positive child earns
 *              points * worth, a negative one takes points * (1 - worth) away
 *
 * A required child that is worth less than a half makes its parent worth 0. Monotone in every child.
 * Degenerate  weights that sum to 0: all children alike. Points without a positive child: 1 minus the share taken away.
 */
import type { Combination } from '../rubrics/rubric.ts'

export type ChildWorth = { readonly worth: number; readonly weight: number; readonly required: boolean }

/** `children` is not empty. */
export function combineWorths(combine: Combination, children: readonly ChildWorth[]): number {
  if (children.some(({ worth, required }) => required && worth < 0.5)) return 0
  const worths = children.map(({ worth }) => worth)
  if (combine === 'all') return Math.min(...worths)
  if (combine === 'any') return Math.max(...worths)
  if (combine === 'weighted') {
    const total = children.reduce((sum, { weight }) => sum + weight, 0)
    return total === 0
      ? worths.reduce((sum, worth) => sum + worth, 0) / worths.length
      : children.reduce((sum, { worth, weight }) => sum + worth * weight, 0) / total
  }
  const possible = children.reduce((sum, { weight }) => sum + Math.max(0, weight), 0)
  const losable = children.reduce((sum, { weight }) => sum + Math.max(0, -weight), 0)
  const earned = children.reduce(
    (sum, { worth, weight }) => sum + weight * (weight > 0 ? worth : 1 - worth),
    0,
  )
  if (possible > 0) return Math.min(1, Math.max(0, earned / possible))
  return losable > 0 ? 1 + earned / losable : 1
}
