/** Log probabilities that two policies give to the tokens one of them wrote. */
export type TokenLogprobs = {
  /** Natural logs of the probability of each token, from the policy that wrote it, and from the one compared with. */
  readonly candidate: ArrayLike<number>
  readonly baseline: ArrayLike<number>
}

/** How the log probabilities were made, as far as the source says. */
export type Sampling = {
  readonly temperature: number | null
  readonly topP: number | null
  readonly topK: number | null
  readonly minP: number | null
  /** `raw` or `processed`, when the source says which it reports. */
  readonly logprobs: 'raw' | 'processed' | null
}

/**
 * Why these log probabilities cannot be compared, or null when they can.
 *
 * KL needs the distribution the tokens were really drawn from. Truncation (top-p, top-k, min-p) gives tokens outside the
 * cut a probability of 0, so the ratio to the raw log probability is wrong by the mass cut off, and the KL from a
 * truncated baseline is infinite. Log probabilities after a temperature belong to another policy than those before.
 */
export function whyIncomparable(sampling: Sampling): string | null {
  const { temperature, topP, topK, minP, logprobs } = sampling
  if (logprobs === 'processed')
    return 'the log probabilities were processed (temperature, penalties or truncation) before they were reported'
  if (topP !== null && topP < 1) return `tokens were sampled with top_p ${topP}, which cuts the distribution`
  if (topK !== null && topK > 0) return `tokens were sampled with top_k ${topK}, which cuts the distribution`
  if (minP !== null && minP > 0) return `tokens were sampled with min_p ${minP}, which cuts the distribution`
  if (temperature !== null && temperature !== 1)
    return `tokens were sampled at temperature ${temperature}, but log probabilities are reported for temperature 1`
  return null
}
