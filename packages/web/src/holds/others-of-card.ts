import { HOLDS_AT_ONCE, type HoldSummary } from '@leeway/contract/holds'

/** Ids of the other calls that can be decided by one act with the chosen one; the oldest, where that would be too many. */
export function othersOfCard(
  open: readonly Pick<HoldSummary, 'id' | 'card'>[],
  chosen: string | null,
): readonly string[] {
  const card = open.find(({ id }) => id === chosen)?.card
  if (card === undefined) return []
  return open
    .filter((hold) => hold.id !== chosen && hold.card === card)
    .map(({ id }) => id)
    .slice(0, HOLDS_AT_ONCE - 1)
}
