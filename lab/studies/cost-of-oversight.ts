/**
 * What one error less costs people and models, in studies of help for raters. Minutes, tokens and prices are assumed, not measured:
 * they are here in one place, so that the helps can be compared, and a real study has its own.
 */
export const PRICES = { minute: 1, millionTokens: 10 }

/** An answer with the help takes this much more than one without. */
export type Spent = { readonly minutes: number; readonly tokens: number }
export type PerError = Spent & { readonly dollars: number }

/** Sums of shares come out that far from 0. */
const NOTHING = 1e-9

/** `removed`: how much less often an answer is wrong. null where that is not above 0: then no price can be told. */
export function perErrorRemoved(removed: number, { minutes, tokens }: Spent): PerError | null {
  if (!(removed > NOTHING)) return null
  const dollars = minutes * PRICES.minute + (tokens / 1e6) * PRICES.millionTokens
  return { minutes: minutes / removed, tokens: tokens / removed, dollars: dollars / removed }
}

export const COST_HEAD = ['minutes', 'tokens', 'dollars'] as const

export function costCells(cost: PerError | null): readonly string[] {
  if (cost === null) return ['none removed', '–', '–']
  return [cost.minutes.toFixed(1), cost.tokens.toFixed(0), cost.dollars.toFixed(1)]
}

export const PRICE_WORDS = `$${PRICES.minute} a minute and $${PRICES.millionTokens} a million tokens (assumed)`
