/** How the answers to the parts of a split question make an answer to the whole. */
export const SPLIT_RULES = ['all', 'any', 'view'] as const
/** 'all' parts must hold, or 'any'; 'view': nothing follows from them by rule, the rater decides with them in view. */
export type SplitRule = (typeof SPLIT_RULES)[number]

/**
 * Whether the whole holds by the rule; null where that cannot be told. `said`: whether each part holds; null: nobody said, or
 * as many said this as that. One part that fails decides 'all', however many others are missing; so does one that holds 'any'.
 */
export function combineParts(rule: SplitRule, said: readonly (boolean | null)[]): boolean | null {
  if (rule === 'view' || said.length === 0) return null
  const decisive = rule === 'any'
  if (said.includes(decisive)) return decisive
  return said.includes(null) ? null : !decisive
}

/** What most say; null: nobody said anything, or as many this as that. */
export function majorityOf(said: readonly boolean[]): boolean | null {
  const holds = said.filter(Boolean).length
  return 2 * holds === said.length ? null : 2 * holds > said.length
}
