/** What can be asked of the wording of a response and told by a program: the 25 kinds of IFEval, as data. */

/** From `min` to `max`, both included; null: no such limit. */
export type CountRange = { readonly min: number | null; readonly max: number | null }

/** How often something is found. */
export type CountRule = CountRange &
  (
    | { readonly kind: 'words' }
    | { readonly kind: 'sentences' }
    /** Paragraphs divided by three asterisks; where one between others is empty the rule is broken. */
    | { readonly kind: 'paragraphs' }
    /** Words with letters, none of them small. */
    | { readonly kind: 'capital-words' }
    /** A text, upper and lower case alike, also within longer words: keywords and letters. */
    | { readonly kind: 'occurrences'; readonly text: string }
    /** Texts in square brackets on one line. */
    | { readonly kind: 'placeholders' }
    /** Lines that begin with * or -. */
    | { readonly kind: 'bullets' }
    /** Texts between asterisks on one line. */
    | { readonly kind: 'highlights' }
    /** Each begun by the splitter and a number. */
    | { readonly kind: 'sections'; readonly splitter: string }
  )

export type ResponseRule =
  | CountRule
  /** Exactly `count` paragraphs divided by an empty line, and number `nth` (from 1) begins with `word`. */
  | { readonly kind: 'paragraph-start'; readonly count: number; readonly nth: number; readonly word: string }
  /** All of them occur, also within longer words. */
  | { readonly kind: 'keywords'; readonly words: readonly string[] }
  /** None of them occurs as a whole word. */
  | { readonly kind: 'forbidden-words'; readonly words: readonly string[] }
  /** ISO 639-1. */
  | { readonly kind: 'language'; readonly language: string }
  /** English in capitals, or in small letters, throughout. */
  | { readonly kind: 'capitals' }
  | { readonly kind: 'lowercase' }
  | { readonly kind: 'no-comma' }
  /** The marker stands somewhere, such as P.S. */
  | { readonly kind: 'postscript'; readonly marker: string }
  /** A title in double angular brackets. */
  | { readonly kind: 'title' }
  /** JSON, also inside a Markdown block. */
  | { readonly kind: 'json' }
  /** One of the choices occurs word for word. */
  | { readonly kind: 'choice'; readonly choices: readonly string[] }
  /** Two responses that differ, divided by six asterisks. */
  | { readonly kind: 'two-responses' }
  | { readonly kind: 'begins-with'; readonly text: string }
  | { readonly kind: 'ends-with'; readonly text: string }
  /** The whole response stands in double quotation marks. */
  | { readonly kind: 'quoted' }
