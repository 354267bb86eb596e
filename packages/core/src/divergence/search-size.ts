/**
 * How far to search at test time: the n of best-of-n that audits still warrant.
 *
 * Rule        the n, among doublings from 1, at which the lower bound of the gain over n = 1 is largest. Taking the n with the
 *             largest estimate instead searches past the peak when the few samples that a flawed reward likes most happen to
 *             look good: with 500 audits its regret is up to four times as large (the study's control).
 * Bound       lower end of a one-sided bootstrap interval: over prompts where there are at least PROMPTS_MIN, else over the
 *             samples of each prompt. It holds for each n by itself, not for the best of them: a guide for a setting, not a gate.
 * Input       samples with proxy and audited gold value; `alpha` in (0, 0.5).
 * Degenerate  no prompt, or a prompt with fewer than SAMPLES_MIN samples: insufficient. Gold that rises nowhere: n = 1, gain 0.
 * Cost        O(replicates * samples * doublings).
 * Evidence    divergence/search-size.test.ts, lab/studies/over-optimisation.ts
 */
import { resampleClusters } from '../numeric/cluster-bootstrap.ts'
import { type Insufficient, insufficient } from '../numeric/insufficient.ts'
import { quantileOfSorted } from '../numeric/quantile.ts'
import { bestOfN, bestOfNKlBound, bestOfNWeights, type ScoredSample } from './best-of-n.ts'

export type SearchSize = {
  readonly kind: 'size'
  readonly n: number
  /** Nats, at most. */
  readonly klBound: number
  /** Gold value over that of n = 1: as estimated, and at least. */
  readonly gain: number
  readonly low: number
}

const PROMPTS_MIN = 10
const SAMPLES_MIN = 20

export function searchSize(
  prompts: readonly (readonly ScoredSample[])[],
  { alpha, replicates, seed }: { readonly alpha: number; readonly replicates: number; readonly seed: number },
): SearchSize | Insufficient {
  if (!(alpha > 0 && alpha < 0.5)) throw new RangeError(`alpha ${alpha} is not between 0 and 0.5`)
  if (prompts.length === 0) return insufficient('there are no samples')
  const byPrompt = prompts.length >= PROMPTS_MIN
  const fewest = Math.min(...prompts.map(({ length }) => length))
  // Prompts stand for each other; the samples of a prompt must be many to stand for themselves.
  if (!byPrompt && fewest < SAMPLES_MIN)
    return insufficient(
      `with fewer than ${PROMPTS_MIN} prompts each needs at least ${SAMPLES_MIN} samples, and one has ${fewest}`,
    )
  if (fewest === 0) return insufficient('a prompt has no samples')
  const sizes = doublings(fewest)
  const gains = meanOf(prompts.map((samples) => gainsOf(samples, sizes)))
  const drawn = byPrompt
    ? drawPrompts(prompts, sizes, { replicates, seed })
    : drawSamples(prompts, sizes, { replicates, seed })
  let best = { n: 1, klBound: 0, gain: 0, low: 0 }
  sizes.forEach((n, at) => {
    const low = quantileOfSorted(drawn.map((one) => one[at] as number).sort(ascending), alpha)
    if (low > best.low) best = { n, klBound: bestOfNKlBound(n), gain: gains[at] as number, low }
  })
  return { kind: 'size', ...best }
}

type Draws = { readonly replicates: number; readonly seed: number }

function drawPrompts(
  prompts: readonly (readonly ScoredSample[])[],
  sizes: readonly number[],
  plan: Draws,
): readonly (readonly number[])[] {
  const gains = prompts.map((samples) => gainsOf(samples, sizes))
  const drawn: number[][] = []
  resampleClusters(
    prompts.map(() => 1),
    plan,
    (many) => {
      drawn.push(
        sizes.map(
          (_, at) =>
            gains.reduce((sum, one, prompt) => sum + (many[prompt] as number) * (one[at] as number), 0) /
            prompts.length,
        ),
      )
    },
  )
  return drawn
}

function drawSamples(
  prompts: readonly (readonly ScoredSample[])[],
  sizes: readonly number[],
  { replicates, seed }: Draws,
): readonly (readonly number[])[] {
  const drawn = prompts.map((samples, prompt) => {
    const total = samples.length
    const reach = sizes.map((n) => shareBelow(total, n))
    // The order of the samples must not matter, although the draws are seeded.
    const sorted = [...samples].sort((a, b) => a.proxy - b.proxy || a.gold - b.gold)
    const gains: (readonly number[])[] = []
    resampleClusters(
      sorted.map(() => 1),
      { replicates, seed: seed + prompt },
      (many) => {
        const golds = reach.map((share) => goldOfDrawn(sorted, many, share))
        gains.push(golds.map((gold) => gold - (golds[0] as number)))
      },
    )
    return gains
  })
  return Array.from({ length: replicates }, (_, replicate) =>
    meanOf(drawn.map((gains) => gains[replicate] as readonly number[])),
  )
}

/** At k: the probability that the best of n from `total` is among the k lowest; k from 0 to `total`. */
function shareBelow(total: number, n: number): Float64Array {
  const share = new Float64Array(total + 1)
  bestOfNWeights(
    Array.from({ length: total }, (_, rank) => rank),
    n,
  ).forEach((weight, rank) => {
    share[rank + 1] = (share[rank] as number) + weight
  })
  return share
}

/** What `bestOfN` gives for the samples drawn, each as often as `many` says, without sorting them again. */
function goldOfDrawn(sorted: readonly ScoredSample[], many: Float64Array, share: Float64Array): number {
  let gold = 0
  let below = 0
  for (let at = 0; at < sorted.length; ) {
    const { proxy } = sorted[at] as ScoredSample
    let tied = 0
    let goldOfTied = 0
    for (; at < sorted.length && (sorted[at] as ScoredSample).proxy === proxy; at++) {
      tied += many[at] as number
      goldOfTied += (many[at] as number) * (sorted[at] as ScoredSample).gold
    }
    if (tied === 0) continue
    gold += (((share[below + tied] as number) - (share[below] as number)) * goldOfTied) / tied
    below += tied
  }
  return gold
}

/** Gold of the best of each n less that of n = 1. */
function gainsOf(samples: readonly ScoredSample[], sizes: readonly number[]): readonly number[] {
  const golds = sizes.map((n) => bestOfN(samples, n).gold)
  return golds.map((gold) => gold - (golds[0] as number))
}

function meanOf(rows: readonly (readonly number[])[]): readonly number[] {
  const [first = []] = rows
  return first.map((_, at) => rows.reduce((sum, row) => sum + (row[at] as number), 0) / rows.length)
}

function doublings(most: number): readonly number[] {
  const sizes: number[] = []
  for (let n = 1; n <= most; n *= 2) sizes.push(n)
  return sizes
}

function ascending(a: number, b: number): number {
  return a - b
}
