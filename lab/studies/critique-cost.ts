/** What one wrong decision less costs by critiques and by a second reader, in the study `critique-trade`. */
import { type CritiqueWorld, critiquesPerItem, expectedError } from './critique-world.ts'

/** Assumed, not measured: reading an item and a critique, in minutes; a minute of a rater and a critique, in dollars. */
export const COST = { itemMinutes: 10, critiqueMinutes: 1.5, minute: 1, critique: 0.05 }

export type CostRow = {
  readonly world: string
  /** Minutes and dollars per wrong decision less, or null where there are not fewer. */
  readonly critiques: { readonly minutes: number; readonly dollars: number } | null
  readonly secondReader: { readonly minutes: number; readonly dollars: number } | null
}
export function costRow(world: CritiqueWorld): CostRow {
  const unaided = expectedError(world, false)
  const per = (removed: number, minutes: number, critiques: number) =>
    removed > 0
      ? {
          minutes: minutes / removed,
          dollars: (minutes * COST.minute + critiques * COST.critique) / removed,
        }
      : null
  const critiques = critiquesPerItem(world)
  return {
    world: world.name,
    critiques: per(unaided - expectedError(world, true), critiques * COST.critiqueMinutes, critiques),
    secondReader: per(unaided - expectedError(world, false, 2), COST.itemMinutes, 0),
  }
}
