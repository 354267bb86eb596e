/** What a rater says to one criterion. Absence has its own kinds: neither is a failure, neither counts as an answer. */
export const ABSTENTIONS = [
  // people
  'unclear-question',
  'missing-information',
  'too-hard',
  'conflict-of-interest',
  // models and programs
  'refused',
  'timeout',
  'malformed',
  'unavailable',
  'over-budget',
] as const
export type Abstention = (typeof ABSTENTIONS)[number]

/** Reasons a person may give for a skip. */
export const SKIP_REASONS = [
  'unclear-question',
  'missing-information',
  'too-hard',
  'conflict-of-interest',
] as const

export type Answer =
  /** `value` is one of the scale's options, or a number. */
  | { readonly kind: 'answered'; readonly value: string | number }
  /** The question does not arise in this episode. */
  | { readonly kind: 'not-applicable' }
  | { readonly kind: 'abstained'; readonly reason: Abstention }
