/**
 * Best-of-n search: how far it moves from the policy sampled, and what it yields, from a fixed set of samples.
 *
 * KL        log n - (n - 1) / n nats is an upper bound, reached when no two samples tie (Beirami et al. 2024, arXiv
 *           2401.01879).
 * Yield     the mean of the gold value of the best by proxy over all subsets of n of the N samples: unbiased for n <= N
 *           (Nakano et al. 2021). Samples with equal proxies share their weight evenly, because a search among
 *           them would pick one at random.
 * Stable    binomials through log-gamma: N of a million is fine.
 * Degenerate  n < 1, n > N or not whole: throws. Weights sum to 1.
 */
import gammaln from '@stdlib/math-base-special-gammaln'

export type ScoredSample = {
  /** What the search sees. */
  readonly proxy: number
  /** What it is worth. */
  readonly gold: number
}

/** Upper bound in nats. */
export function bestOfNKlBound(n: number): number {
  if (!(Number.isInteger(n) && n >= 1)) throw new RangeError(`best of ${n} is no search`)
  return Math.log(n) - (n - 1) / n
}

/** Expected gold value, and expected proxy, of the best of n by proxy. */
export function bestOfN(
  samples: readonly ScoredSample[],
  n: number,
): { readonly gold: number; readonly proxy: number } {
  const sorted = [...samples].sort((a, b) => a.proxy - b.proxy || a.gold - b.gold)
  const weights = bestOfNWeights(
    sorted.map(({ proxy }) => proxy),
    n,
  )
  let gold = 0
  let proxy = 0
  sorted.forEach((sample, rank) => {
    gold += (weights[rank] as number) * sample.gold
    proxy += (weights[rank] as number) * sample.proxy
  })
  return { gold, proxy }
}

/** Weight of each sample, in ascending order of proxy; ties averaged. */
export function bestOfNWeights(ascending: readonly number[], n: number): readonly number[] {
  const total = ascending.length
  if (!(Number.isInteger(n) && n >= 1 && n <= total))
    throw new RangeError(`best of ${n} from ${total} samples cannot be estimated`)
  const logSubsets = logChoose(total, n)
  const weights = ascending.map((_, rank) =>
    rank + 1 < n ? 0 : Math.exp(logChoose(rank, n - 1) - logSubsets),
  )
  for (let from = 0; from < total; ) {
    let to = from + 1
    while (to < total && ascending[to] === ascending[from]) to += 1
    const shared = weights.slice(from, to).reduce((sum, weight) => sum + weight, 0) / (to - from)
    weights.fill(shared, from, to)
    from = to
  }
  return weights
}

function logChoose(of: number, choose: number): number {
  return gammaln(of + 1) - gammaln(choose + 1) - gammaln(of - choose + 1)
}
