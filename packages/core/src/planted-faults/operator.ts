/**
 * A mutation operator puts one fault into a copy of an episode, at a place that its random numbers choose.
 *
 * Contract   pure: the same episode and the same numbers give the same copy. The copy is a valid episode, differs from the
 *            original only where the fault needs it, keeps ids of calls paired, and holds no sign of having been edited.
 * Degenerate an episode without a place for the fault: insufficient, with the reason.
 */
import type { Episode } from '../episodes/episode.ts'
import type { Insufficient } from '../numeric/insufficient.ts'

export const OPERATOR_NAMES = [
  'drop-confirmation',
  'swap-id',
  'wrong-amount',
  'skip-lookup',
  'ignore-error',
  'invent-fact',
  'other-value',
] as const
export type OperatorName = (typeof OPERATOR_NAMES)[number]

/** What a fault is about: a question about something else cannot be answered by it. */
export type Breaks =
  | 'confirmation'
  | 'identity'
  | 'amount'
  | 'lookup'
  | 'error handling'
  | 'truthfulness'
  | 'instructions'

export type Edited = {
  readonly kind: 'edited'
  readonly episode: Episode
  /** Ordinal in the copy of the step where the fault is, or of the first one behind what was taken out. */
  readonly step: number
  /** What was done, in a sentence, for those who plant. Quotes the episode: hostile text. */
  readonly words: string
}

export type MutationOperator = {
  readonly name: OperatorName
  readonly breaks: Breaks
  /** For a list of choices. */
  readonly title: string
  /** `random` gives uniform numbers in [0, 1). */
  readonly mutate: (episode: Episode, random: () => number) => Edited | Insufficient
}
