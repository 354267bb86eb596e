/**
 * KL divergence of what two policies choose (which tool, which action), when token log probabilities cannot be had.
 *
 * Estimates   KL(candidate || baseline) of one choice, in nats, over the choices seen from either. By the data-processing
 *             inequality it is at most the KL of the whole behaviour: a lower bound on token KL per choice, with a
 *             budget of its own, never a replacement.
 * Smoothing   SMOOTHING (Jeffreys' one half) is added to the count of every choice seen from either policy. A choice
 *             the baseline never made would otherwise cost infinitely much on the strength of one sample.
 * Interval    bootstrap over episodes of both policies, basic form (twice the estimate minus the percentiles):
 *             resampling moves counts apart and so adds to KL; the basic form takes that back. Cut at 0.
 * Degenerate  no choice of one of them: insufficient. Fewer than EPISODES_MIN episodes of either, or only one choice
 *             seen: no interval.
 * Cost        O(replicates * episodes * choices).
 */
import { resampleClusters } from '../numeric/cluster-bootstrap.ts'
import { type Insufficient, insufficient } from '../numeric/insufficient.ts'
import type { Interval, IntervalEstimate } from '../numeric/interval-estimate.ts'
import { quantileOfSorted } from '../numeric/quantile.ts'

export const SMOOTHING = 0.5
const EPISODES_MIN = 10

/** The choices of each episode. */
export type ChoicesOf = readonly (readonly string[])[]

export type BehaviouralKl = IntervalEstimate & {
  readonly choices: readonly {
    readonly name: string
    readonly candidate: number
    readonly baseline: number
  }[]
}

export function behaviouralKl(
  candidate: ChoicesOf,
  baseline: ChoicesOf,
  options: { readonly alpha: number; readonly replicates: number; readonly seed: number },
): BehaviouralKl | Insufficient {
  const names = [...new Set([...candidate, ...baseline].flat())].sort()
  const ofCandidate = countEpisodes(candidate, names)
  const ofBaseline = countEpisodes(baseline, names)
  if (ofCandidate.length === 0) return insufficient('the candidate made no choice')
  if (ofBaseline.length === 0) return insufficient('the baseline made no choice')
  const sum = (episodes: readonly Float64Array[]) => total(episodes, null, names.length)
  const candidateCounts = sum(ofCandidate)
  const baselineCounts = sum(ofBaseline)
  const value = smoothedKl(candidateCounts, baselineCounts)
  return {
    kind: 'estimate',
    value,
    interval: intervalOf(value, ofCandidate, ofBaseline, names.length, options),
    choices: names.map((name, at) => ({
      name,
      candidate: candidateCounts[at] as number,
      baseline: baselineCounts[at] as number,
    })),
  }
}

function smoothedKl(candidate: Float64Array, baseline: Float64Array): number {
  const mass = (counts: Float64Array) => counts.reduce((sum, count) => sum + count + SMOOTHING, 0)
  const ofCandidate = mass(candidate)
  const ofBaseline = mass(baseline)
  let kl = 0
  for (let k = 0; k < candidate.length; k++) {
    const p = ((candidate[k] as number) + SMOOTHING) / ofCandidate
    const q = ((baseline[k] as number) + SMOOTHING) / ofBaseline
    kl += p * Math.log(p / q)
  }
  return Math.max(0, kl)
}

function intervalOf(
  value: number,
  candidate: readonly Float64Array[],
  baseline: readonly Float64Array[],
  choices: number,
  options: { readonly alpha: number; readonly replicates: number; readonly seed: number },
): Interval | Insufficient {
  const fewest = Math.min(candidate.length, baseline.length)
  if (fewest < EPISODES_MIN) return insufficient(`${fewest} episodes are too few (at least ${EPISODES_MIN})`)
  if (choices < 2) return insufficient('only one choice was ever made')
  const values = resampledKl(candidate, baseline, choices, options)
  const low = Math.max(0, 2 * value - quantileOfSorted(values, 1 - options.alpha / 2))
  return {
    kind: 'interval',
    low,
    high: Math.max(low, 2 * value - quantileOfSorted(values, options.alpha / 2)),
    level: 1 - options.alpha,
  }
}

/** Ascending: the KL of episodes drawn again from those of each policy. */
function resampledKl(
  candidate: readonly Float64Array[],
  baseline: readonly Float64Array[],
  choices: number,
  { replicates, seed }: { readonly replicates: number; readonly seed: number },
): Float64Array {
  const resampled = (episodes: readonly Float64Array[], own: number): Float64Array[] => {
    const counts: Float64Array[] = []
    resampleClusters(
      episodes.map(() => 1),
      { replicates, seed: own },
      (drawn) => counts.push(total(episodes, drawn, choices)),
    )
    return counts
  }
  const ofBaseline = resampled(baseline, seed + 1)
  return Float64Array.from(resampled(candidate, seed), (counts, at) =>
    smoothedKl(counts, ofBaseline[at] as Float64Array),
  ).sort()
}

/** The estimate with what resampling says of it: how much it adds by moving counts apart, and how much it varies. */
export function behaviouralSpread(
  candidate: ChoicesOf,
  baseline: ChoicesOf,
  options: { readonly replicates: number; readonly seed: number },
): { readonly value: number; readonly added: number; readonly error: number } {
  const names = [...new Set([...candidate, ...baseline].flat())].sort()
  const [ofCandidate, ofBaseline] = [countEpisodes(candidate, names), countEpisodes(baseline, names)]
  const counts = (episodes: readonly Float64Array[]) => total(episodes, null, names.length)
  const value = smoothedKl(counts(ofCandidate), counts(ofBaseline))
  const values = resampledKl(ofCandidate, ofBaseline, names.length, options)
  const mean = values.reduce((sum, one) => sum + one, 0) / values.length
  const variance = values.reduce((sum, one) => sum + (one - mean) ** 2, 0) / Math.max(1, values.length - 1)
  return { value, added: mean - value, error: Math.sqrt(variance) }
}

/** Counts of each choice per episode, ordered by content so that the order of the rows changes nothing. */
function countEpisodes(episodes: ChoicesOf, names: readonly string[]): readonly Float64Array[] {
  const indexOf = new Map(names.map((name, at) => [name, at]))
  return episodes
    .filter((choices) => choices.length > 0)
    .map((choices) => {
      const counts = new Float64Array(names.length)
      for (const choice of choices) {
        const at = indexOf.get(choice) as number
        counts[at] = (counts[at] as number) + 1
      }
      return { counts, key: counts.join(',') }
    })
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ counts }) => counts)
}

function total(episodes: readonly Float64Array[], drawn: Float64Array | null, choices: number): Float64Array {
  const sum = new Float64Array(choices)
  episodes.forEach((counts, at) => {
    const weight = drawn === null ? 1 : (drawn[at] as number)
    if (weight === 0) return
    for (let k = 0; k < choices; k++) sum[k] = (sum[k] as number) + weight * (counts[k] as number)
  })
  return sum
}
