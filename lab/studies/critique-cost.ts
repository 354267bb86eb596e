/** What one wrong decision less costs by critiques and by a second reader, in the study `critique-trade`. */
import { type PerError, perErrorRemoved } from './cost-of-oversight.ts'
import { type CritiqueWorld, critiquesPerItem, expectedError } from './critique-world.ts'

/** Assumed, not measured: reading an item and a critique, in minutes; what a critic reads and writes for one. */
export const COST = { itemMinutes: 10, critiqueMinutes: 1.5, critiqueTokens: 5_000 }

export type CostRow = {
  readonly world: string
  readonly critiques: PerError | null
  readonly secondReader: PerError | null
}

export function costRow(world: CritiqueWorld): CostRow {
  const unaided = expectedError(world, false)
  const critiques = critiquesPerItem(world)
  return {
    world: world.name,
    critiques: perErrorRemoved(unaided - expectedError(world, true), {
      minutes: critiques * COST.critiqueMinutes,
      tokens: critiques * COST.critiqueTokens,
    }),
    secondReader: perErrorRemoved(unaided - expectedError(world, false, 2), {
      minutes: COST.itemMinutes,
      tokens: 0,
    }),
  }
}
