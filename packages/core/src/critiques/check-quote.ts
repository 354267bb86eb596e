/**
 * Whether a claim quotes what was said. A critique is hostile text like any other: an invented quote must not pass.
 *
 * Method      exact substring of the step's text, nothing folded: not case, not punctuation, not white space. A quote that is
 *             shorter than QUOTE_MIN characters and not the whole step stands in almost any text and shows nothing.
 * Result      the step that holds it: the one named, else the only other one that does; null when none does or several
 *             others do. Real words torn from their context pass; whether a claim holds is for its reader to say.
 * Cost        O(length of the episode).
 */
import type { Claim } from './claim.ts'

const QUOTE_MIN = 12

/** `texts[step]` is what raters are shown of it; null for a step that they are not. */
export function quotedStep(
  { step, quote }: Pick<Claim, 'step' | 'quote'>,
  texts: readonly (string | null)[],
): number | null {
  const holds = (at: number) => {
    const text = texts[at]
    if (text === null || text === undefined || quote.trim() === '') return false
    return quote.length < QUOTE_MIN ? text.trim() === quote.trim() : text.includes(quote)
  }
  if (holds(step)) return step
  const others = texts.flatMap((_, at) => (holds(at) ? [at] : []))
  return others.length === 1 ? (others[0] ?? null) : null
}
