/** What is chosen so far of an answer; null: nothing. */
export type Draft =
  | { readonly kind: 'answered'; readonly value: string | number }
  | { readonly kind: 'not-applicable' }
  | null
