import { COMPARED } from '@leeway/contract/comparisons'
import { z } from 'zod'

/** What was chosen and written about a pair, and not yet sent. */
export const Draft = z.object({
  value: z.enum(COMPARED).nullable(),
  comment: z.string(),
  flagged: z.boolean(),
  leftEvidence: z.array(z.number()),
  rightEvidence: z.array(z.number()),
  /** How sure the rater is; null: nothing is said of it. */
  probability: z.number().nullable().default(null),
})
export type Draft = z.infer<typeof Draft>

export const EMPTY_DRAFT: Draft = {
  value: null,
  comment: '',
  flagged: false,
  leftEvidence: [],
  rightEvidence: [],
  probability: null,
}

const keyOf = (pairId: string) => `leeway.comparison.${pairId}`

/** Kept in the tab, so that a page that was loaded again loses nothing. */
export function readDraft(pairId: string): Draft {
  try {
    return Draft.parse(JSON.parse(sessionStorage.getItem(keyOf(pairId)) ?? ''))
  } catch {
    return EMPTY_DRAFT
  }
}

export function keepDraft(pairId: string, draft: Draft): void {
  try {
    sessionStorage.setItem(keyOf(pairId), JSON.stringify(draft))
  } catch {
    // A browser that keeps nothing loses the draft when the page is loaded again, and nothing else.
  }
}

export function dropDraft(pairId: string): void {
  try {
    sessionStorage.removeItem(keyOf(pairId))
  } catch {
    // Nothing was kept.
  }
}
