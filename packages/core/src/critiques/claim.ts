/** One thing that a critique says is wrong with an episode, bound to the words that show it. */
export const SEVERITIES = ['minor', 'major', 'critical'] as const
export type Severity = (typeof SEVERITIES)[number]

export type Claim = {
  readonly text: string
  readonly severity: Severity
  /** Ordinal of the step that the quote is from. */
  readonly step: number
  /** Verbatim. */
  readonly quote: string
}

/** What a rater says of a claim: it holds, it does not, or it holds and was seen before. */
export const CLAIM_MARKS = ['valid', 'invalid', 'seen'] as const
export type ClaimMark = (typeof CLAIM_MARKS)[number]
