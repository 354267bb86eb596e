/**
 * KL divergence of the candidate from the baseline, from tokens the candidate wrote.
 *
 * Estimates   KL(candidate || baseline) per episode in nats: E[sum over tokens of log candidate - log baseline].
 * Estimators  with r = log baseline - log candidate of a token: k1 = -r (unbiased, may come out negative), k2 = r^2 / 2
 *             (biased, small variance near 0), k3 = exp(r) - 1 - r (unbiased given the tokens before, never
 *             negative). Tokens are summed in an episode, episodes averaged; the episode is the unit.
 * Assumes     episodes are independent and were sampled from the candidate as reported (see token-logprobs.ts).
 * Interval    Student's t over episodes, at least EPISODES_MIN of them.
 * Heavy tail  exp(r) is huge where the baseline likes a token the candidate almost never says. r is cut at CLIP (so k3
 *             is a lower bound then), `clippedShare` says how often, `largestShare` how much of the sum one episode
 *             holds. Above HEAVY the interval of k3 is not to be trusted, and neither is a small value: what was never
 *             sampled is not in it.
 * Degenerate  no episodes: insufficient. Fewer than EPISODES_MIN, or no variation: no interval.
 * Cost        O(tokens).
 * Source      Schulman 2020, "Approximating KL divergence".
 * Evidence    divergence.test.ts
 */
import { type Insufficient, insufficient } from '../numeric/insufficient.ts'
import type { IntervalEstimate } from '../numeric/interval-estimate.ts'
import { studentQuantile } from '../numeric/student-t.ts'
import type { TokenLogprobs } from './token-logprobs.ts'

/** exp(30) is 1e13: no average over anything we hold survives one such term. */
const CLIP = 30
/** No probability a computer holds is smaller than exp(-1e6); its square still fits. */
const LOG_RATIO_MAX = 1e6
const EPISODES_MIN = 10
const HEAVY = 0.2

export type KlEstimate = {
  readonly kind: 'kl'
  readonly episodes: number
  readonly tokens: number
  /** Nats per episode. */
  readonly k1: IntervalEstimate
  readonly k2: IntervalEstimate
  readonly k3: IntervalEstimate
  /** Nats per token: k3 over the mean number of tokens. */
  readonly perToken: number
  readonly tail: {
    readonly heavy: boolean
    /** Share of the k3 sum that the largest episode holds, and of tokens whose ratio was cut. */
    readonly largestShare: number
    readonly clippedShare: number
    /** Largest log ratio baseline / candidate of a token. */
    readonly largestLogRatio: number
  }
}

export function estimateKl(episodes: readonly TokenLogprobs[], alpha: number): KlEstimate | Insufficient {
  const sums = episodes.filter(({ candidate }) => candidate.length > 0).map(sumEpisode)
  if (sums.length === 0) return insufficient('there are no tokens')
  const tokens = sums.reduce((sum, episode) => sum + episode.tokens, 0)
  const total = sums.reduce((sum, episode) => sum + episode.k3, 0)
  const largest = sums.reduce((most, episode) => Math.max(most, episode.k3), 0)
  const clipped = sums.reduce((sum, episode) => sum + episode.clipped, 0)
  const largestShare = total > 0 ? largest / total : 0
  return {
    kind: 'kl',
    episodes: sums.length,
    tokens,
    k1: meanOverEpisodes(
      sums.map(({ k1 }) => k1),
      alpha,
    ),
    k2: meanOverEpisodes(
      sums.map(({ k2 }) => k2),
      alpha,
    ),
    k3: meanOverEpisodes(
      sums.map(({ k3 }) => k3),
      alpha,
    ),
    perToken: total / tokens,
    tail: {
      // With few episodes one of them holds a large share by arithmetic alone.
      heavy: clipped > 0 || (sums.length >= EPISODES_MIN && largestShare > Math.max(HEAVY, 3 / sums.length)),
      largestShare,
      clippedShare: clipped / tokens,
      largestLogRatio: sums.reduce(
        (most, episode) => Math.max(most, episode.largestLogRatio),
        Number.NEGATIVE_INFINITY,
      ),
    },
  }
}

function sumEpisode({ candidate, baseline }: TokenLogprobs) {
  if (candidate.length !== baseline.length)
    throw new RangeError(
      `${candidate.length} log probabilities of the candidate, ${baseline.length} of the baseline`,
    )
  const sum = {
    tokens: candidate.length,
    k1: 0,
    k2: 0,
    k3: 0,
    clipped: 0,
    largestLogRatio: Number.NEGATIVE_INFINITY,
  }
  for (let token = 0; token < candidate.length; token++) {
    const exact = (baseline[token] as number) - (candidate[token] as number)
    if (!(Math.abs(exact) < LOG_RATIO_MAX))
      throw new RangeError(`the log ratio of token ${token} is ${exact}`)
    const r = Math.min(exact, CLIP)
    if (exact > CLIP) sum.clipped += 1
    sum.largestLogRatio = Math.max(sum.largestLogRatio, exact)
    sum.k1 -= exact
    sum.k2 += (exact * exact) / 2
    sum.k3 += Math.expm1(r) - r
  }
  return sum
}

function meanOverEpisodes(values: readonly number[], alpha: number): IntervalEstimate {
  const count = values.length
  let mean = 0
  for (const value of values) mean += value / count
  let variance = 0
  for (const value of values) variance += (value - mean) ** 2 / Math.max(1, count - 1)
  if (count < EPISODES_MIN)
    return {
      kind: 'estimate',
      value: mean,
      interval: insufficient(`${count} episodes are too few (at least ${EPISODES_MIN})`),
    }
  if (variance === 0)
    return { kind: 'estimate', value: mean, interval: insufficient('every episode gives the same value') }
  const reach = studentQuantile(1 - alpha / 2, count - 1) * Math.sqrt(variance / count)
  return {
    kind: 'estimate',
    value: mean,
    interval: { kind: 'interval', low: mean - reach, high: mean + reach, level: 1 - alpha },
  }
}
