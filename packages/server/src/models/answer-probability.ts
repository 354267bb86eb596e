/**
 * Probability that the model gave to the answer it stated, given the reason it wrote before: the product of the
 * probabilities of the tokens that spell the answer.
 *
 * A token that also holds a quote or a comma counts as a whole; those are all but certain where they stand. Not
 * calibrated: rater cards measure how often such a probability is right.
 */

export type TokenLogprob = {
  readonly token: string
  readonly logprob: number
  readonly bytes?: readonly number[] | null | undefined
}

/** In [0, 1]; null when the tokens do not spell `text`, or `text` has no `answer` at its top level. */
export function answerProbability(text: string, tokens: readonly TokenLogprob[]): number | null {
  const span = answerSpan(text)
  if (span === null || tokens.length === 0) return null
  const pieces = tokens.map(({ token, bytes }) => (bytes ? Buffer.from(bytes) : Buffer.from(token)))
  if (!Buffer.concat(pieces).equals(Buffer.from(text))) return null
  const from = Buffer.byteLength(text.slice(0, span.from))
  const to = Buffer.byteLength(text.slice(0, span.to))
  let at = 0
  let logprob = 0
  for (const [index, { length }] of pieces.entries()) {
    if (at < to && at + length > from) logprob += tokens[index]?.logprob ?? 0
    at += length
  }
  // Servers send -9999 for "impossible" and now and then a hair above 0.
  return Number.isFinite(logprob) ? Math.min(1, Math.exp(logprob)) : null
}

/** Where the value of `answer` stands in a JSON object, without its quotes; the last one counts, as in JSON.parse. */
function answerSpan(text: string): { readonly from: number; readonly to: number } | null {
  // Strings are taken whole, so that nothing inside one passes for a key.
  const token = /"(?:[^"\\]|\\.)*"|[{}[\]:,]|[^\s"{}[\]:,]+/g
  let depth = 0
  let key: string | null = null
  let isValue = false
  let found: { readonly from: number; readonly to: number } | null = null
  for (const { 0: word, index } of text.matchAll(token)) {
    if (word === '{' || word === '[') depth += 1
    else if (word === '}' || word === ']') depth -= 1
    else if (depth === 1 && word === ':') isValue = true
    else if (depth === 1 && word === ',') isValue = false
    else if (depth === 1 && !isValue) key = word
    else if (depth === 1 && key === '"answer"') {
      const quote = word.startsWith('"') ? 1 : 0
      found = { from: index + quote, to: index + word.length - quote }
    }
  }
  return found
}
