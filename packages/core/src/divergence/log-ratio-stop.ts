/**
 * Run-time stop: ends an episode that the baseline would hardly have produced.
 *
 * Tests       H0: the tokens come from the baseline. The product of candidate / baseline over the tokens so far has
 *             mean 1 under it at every length, so P(it ever reaches 1 / alpha) <= alpha (Ville). The log of it is the
 *             sum of log candidate - log baseline.
 * Use         watch the sum while the candidate acts; at log(1 / alpha) hand over. Episodes that behave like the
 *             baseline are stopped with probability at most alpha, however long they are.
 * Degenerate  no tokens: not stopped, sum 0.
 * Cost        O(1) a token.
 * Source      Ville 1939; Wald 1945 (sequential probability ratio).
 */
import type { TokenLogprobs } from './token-logprobs.ts'

export type LogRatioStop = {
  /** Number of the token (from 1) at which the sum first reached log(1 / alpha), or null. */
  readonly stoppedAt: number | null
  /** Largest sum reached, in nats, and the token (from 1) at which it was; 0 and 0 before any. */
  readonly largest: number
  readonly largestAt: number
}

export function logRatioStop({ candidate, baseline }: TokenLogprobs, alpha: number): LogRatioStop {
  const threshold = Math.log(1 / alpha)
  let sum = 0
  let largest = 0
  let largestAt = 0
  let stoppedAt: number | null = null
  for (let token = 0; token < candidate.length; token++) {
    sum += (candidate[token] as number) - (baseline[token] as number)
    if (sum > largest) {
      largest = sum
      largestAt = token + 1
    }
    if (stoppedAt === null && sum >= threshold) stoppedAt = token + 1
  }
  return { stoppedAt, largest, largestAt }
}
