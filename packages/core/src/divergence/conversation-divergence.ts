/**
 * How far a candidate has gone from the baseline in one conversation, answer by answer, and whether it may go on.
 *
 * Estimates   `nats`: the KL(candidate || baseline) that the conversation's scored answers spent (k3 of each token, summed; see
 *             kl-estimators.ts). An answer that was not scored adds nothing: it is counted, and whoever reads the sum must ask.
 * Stops       `surprise` is the log of the product of candidate / baseline over the tokens (log-ratio-stop.ts), with what later
 *             starts cost taken off. Under H0, that the baseline wrote the tokens, it reaches log(1 / a) with probability at most
 *             a (Ville), whatever was left unscored and why.
 * Starts      the product is a martingale only while every token is in it, the one that ends an answer too: what is left out
 *             depends on what was written. So the product starts anew behind an answer that was not scored to its end, and the
 *             j-th start has to reach j (j + 1) / a: over all starts 1 / (j (j + 1)) sums to 1. What was reached before stays.
 * Assumes     tokens were sampled as they were reported (token-logprobs.ts), and answers come in their order.
 * Degenerate  no answers: 0 nats, nothing reached.
 * Cost        O(1) an answer.
 * Evidence    conversation-divergence.test.ts
 */
import { estimateKl } from './kl-estimators.ts'
import { logRatioStop } from './log-ratio-stop.ts'
import type { TokenLogprobs } from './token-logprobs.ts'

export type ConversationDivergence = {
  readonly nats: number
  readonly scored: number
  readonly notScored: number
  /** Which start the product is in, from 1, and its log there. */
  readonly start: number
  readonly logRatio: number
  /** In nats, over all starts; 0 and above. */
  readonly surprise: number
}

export type AnswerDivergence = {
  readonly tokens: number
  /** k3 of its tokens, in nats. */
  readonly nats: number
  /** Sum over its tokens of log candidate - log baseline, and the largest on the way; the latter is 0 and above. */
  readonly logRatio: number
  readonly logRatioMax: number
  /** The token that ended it is among them, or a limit ended it. */
  readonly isWhole: boolean
}

/** What a conversation of the candidate may spend; see `Grant`. */
export type DivergenceLimits = {
  readonly klNatsMax: number | null
  readonly falseStopMax?: number | undefined
}

/** Why the baseline takes a conversation over: its budget is spent, or its words are hardly the baseline's. */
export type GivesWay = 'kl-budget' | 'log-ratio'

export const NO_DIVERGENCE: ConversationDivergence = {
  nats: 0,
  scored: 0,
  notScored: 0,
  start: 1,
  logRatio: 0,
  surprise: 0,
}

/** Throws RangeError for what are no log probabilities. */
export function answerDivergence(logprobs: TokenLogprobs, isWhole: boolean): AnswerDivergence {
  const kl = estimateKl([logprobs], 0.05)
  if (kl.kind === 'insufficient') return { tokens: 0, nats: 0, logRatio: 0, logRatioMax: 0, isWhole }
  const { largest } = logRatioStop(logprobs, 1)
  return { tokens: kl.tokens, nats: kl.k3.value, logRatio: kl.k1.value, logRatioMax: largest, isWhole }
}

/** With the next answer; null: it was not scored. */
export function withAnswer(
  before: ConversationDivergence,
  answer: AnswerDivergence | null,
): ConversationDivergence {
  const { start } = before
  if (answer === null) return { ...before, notScored: before.notScored + 1, start: start + 1, logRatio: 0 }
  const reached = before.logRatio + answer.logRatioMax - Math.log(start * (start + 1))
  return {
    nats: before.nats + answer.nats,
    scored: before.scored + 1,
    notScored: before.notScored,
    start: answer.isWhole ? start : start + 1,
    logRatio: answer.isWhole ? before.logRatio + answer.logRatio : 0,
    surprise: Math.max(before.surprise, reached),
  }
}

/** Null: the candidate may go on. */
export function givesWay(
  { nats, surprise }: ConversationDivergence,
  { klNatsMax, falseStopMax }: DivergenceLimits,
): GivesWay | null {
  if (klNatsMax !== null && nats > klNatsMax) return 'kl-budget'
  if (falseStopMax !== undefined && surprise >= Math.log(1 / falseStopMax)) return 'log-ratio'
  return null
}
