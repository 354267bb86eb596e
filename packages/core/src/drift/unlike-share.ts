/**
 * Which share of fresh conversations is unlike everything that was rated.
 *
 * Estimand    the probability that a fresh conversation is farther from the nearest rated one than all but `falseAlarmRate` of the
 *             rated ones are from each other. Distance: 1 - cosine of features, each weighted (1 + log count) * log(all / those that
 *             have it), all = rated and fresh together; in [0, 1]. Without features: 0 from another such, 1 from any other.
 * Method      split by a conformal p-value: (1 + rated ones at least as far from their nearest other) / (rated + 1), unlike where it
 *             is at most `falseAlarmRate`. Share with Clopper and Pearson's interval (numeric/exact-share.ts).
 * Guarantee   a fresh conversation that is exchangeable with the rated ones is called unlike with probability `falseAlarmRate` at
 *             most, over the draw of both, whatever the features. The rated ones' distances leave the fresh one out, which makes them
 *             larger and so the p-value too large, never too small; weights treat all alike. For one set of rated
 *             conversations the rate scatters about that: with few of them it is a multiple for some sets.
 * Assumes     conversations are independent: one a unit. Where the rated ones were chosen for being strange, less is called unlike.
 *             The interval takes the rated ones as they are.
 * Sees        what is new. Not: the same things in other shares, and meaning that the features do not hold.
 * Degenerate  fewer rated ones than 1 / falseAlarmRate - 1 could call nothing unlike: insufficient. No fresh ones: insufficient.
 * Cost        O(sum over pairs of features in common), held in memory: ask for hundreds, not for all.
 * Source      Vovk, Gammerman and Shafer 2005, ch. 2 (conformal p-value); Laxhammar and Falkman 2010 (nearest neighbours as score);
 *             Bates, Candès, Lei, Romano and Sesia 2023, Annals of Statistics 51 (one set of rated ones).
 */
import { exactShare } from '../numeric/exact-share.ts'
import { type Insufficient, insufficient } from '../numeric/insufficient.ts'
import type { Interval } from '../numeric/interval-estimate.ts'
import type { Features } from './features.ts'

export type UnlikeShare = {
  readonly kind: 'estimate'
  readonly rated: number
  readonly fresh: number
  /** Places in `fresh` of those that are unlike, the farthest first. */
  readonly unlike: readonly number[]
  readonly share: number
  readonly interval: Interval
}

export type UnlikeOptions = {
  /** In (0, 1). */
  readonly falseAlarmRate: number
  /** Of the interval. */
  readonly level: number
}

export function unlikeShare(
  rated: readonly Features[],
  fresh: readonly Features[],
  { falseAlarmRate, level }: UnlikeOptions,
): UnlikeShare | Insufficient {
  const ratedMin = Math.ceil(1 / falseAlarmRate - 1e-9) - 1
  if (rated.length < ratedMin)
    return insufficient(`${rated.length} rated conversations are too few (at least ${ratedMin})`)
  if (fresh.length === 0) return insufficient('no fresh conversation is there')
  const vectors = weigh([...rated, ...fresh])
  const nearest = nearestAmong(vectors.slice(0, rated.length))
  const among = rated.map((_, at) => nearest(vectors[at] as Vector, at)).sort((a, b) => a - b)
  const allowed = falseAlarmRate * (rated.length + 1) + 1e-9
  const unlike = fresh
    .map((_, at) => ({ at, distance: nearest(vectors[rated.length + at] as Vector, null) }))
    .filter(({ distance }) => 1 + rated.length - firstAtLeast(among, distance) <= allowed)
    .sort((a, b) => b.distance - a.distance || a.at - b.at)
  const share = exactShare(unlike.length, fresh.length, level)
  if (share.kind === 'insufficient') return share
  if (share.interval.kind === 'insufficient') return share.interval
  return {
    kind: 'estimate',
    rated: rated.length,
    fresh: fresh.length,
    unlike: unlike.map(({ at }) => at),
    share: share.value,
    interval: share.interval,
  }
}

/** Of length 1, or empty. */
type Vector = ReadonlyMap<string, number>

function weigh(all: readonly Features[]): readonly Vector[] {
  const having = new Map<string, number>()
  for (const features of all)
    for (const feature of features.keys()) having.set(feature, (having.get(feature) ?? 0) + 1)
  return all.map((features) => {
    const weights = new Map<string, number>()
    for (const [feature, count] of features) {
      const weight = (1 + Math.log(count)) * Math.log(all.length / (having.get(feature) as number))
      if (weight > 0) weights.set(feature, weight)
    }
    const length = Math.sqrt([...weights.values()].reduce((sum, weight) => sum + weight ** 2, 0))
    for (const [feature, weight] of weights) weights.set(feature, weight / length)
    return weights
  })
}

/** Distance from a vector to the nearest of these, but not to the one at `own`. */
function nearestAmong(these: readonly Vector[]): (vector: Vector, own: number | null) => number {
  const having = new Map<string, { readonly at: number[]; readonly weight: number[] }>()
  const empty = new Set<number>()
  these.forEach((vector, at) => {
    if (vector.size === 0) empty.add(at)
    for (const [feature, weight] of vector) {
      const list = having.get(feature)
      if (list === undefined) having.set(feature, { at: [at], weight: [weight] })
      else {
        list.at.push(at)
        list.weight.push(weight)
      }
    }
  })
  const likeness = new Float64Array(these.length)
  return (vector, own) => {
    if (vector.size === 0) return empty.size > (own !== null && empty.has(own) ? 1 : 0) ? 0 : 1
    likeness.fill(0)
    for (const [feature, weight] of vector) {
      const list = having.get(feature)
      if (list === undefined) continue
      for (let k = 0; k < list.at.length; k++) {
        const at = list.at[k] as number
        likeness[at] = (likeness[at] as number) + weight * (list.weight[k] as number)
      }
    }
    let most = 0
    for (let at = 0; at < likeness.length; at++)
      if (at !== own && (likeness[at] as number) > most) most = likeness[at] as number
    // Rounded, so that equal conversations are equally far whatever the order of their features.
    return Math.max(0, Math.round((1 - most) * 1e9) / 1e9)
  }
}

/** Place of the first of the sorted that is at least `value`. */
function firstAtLeast(sorted: readonly number[], value: number): number {
  let from = 0
  let to = sorted.length
  while (from < to) {
    const middle = (from + to) >> 1
    if ((sorted[middle] as number) < value) from = middle + 1
    else to = middle
  }
  return from
}
