/** "Not enough to say": a value of its own, so that no number has to stand for it. `reason` completes "…, because". */
export type Insufficient = { readonly kind: 'insufficient'; readonly reason: string }

export function insufficient(reason: string): Insufficient {
  return { kind: 'insufficient', reason }
}
