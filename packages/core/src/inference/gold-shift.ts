/**
 * How unlike the other items the gold items are, and beliefs that admit it. What was learnt and tempered on gold says
 * nothing of items of another kind, and gold is seldom drawn by lot.
 *
 * Measure     the largest distance between the distributions of unanimity (the share of an item's ratings that its most
 *             frequent label has) among gold items and among others (Kolmogorov-Smirnov); 0 where chance explains such
 *             a distance 19 times in 20. It is at most the total variation, the share of the other items that is of a
 *             kind gold does not have.
 * Widening    that share of each belief becomes an even guess: (1 - shift) * p + shift / K.
 * Degenerate  0 with fewer than 10 gold items or 10 others with ratings. 0 where gold was drawn at random, 19 times in 20.
 */
import type { RatingIndex } from './rating-index.ts'

const ITEMS_MIN = 10
/** Quantile of Kolmogorov's distribution at 0.95. */
const CHANCE = 1.3581

/** In [0, 1]. */
export function goldShift(index: RatingIndex, gold: Int32Array): number {
  const inside: number[] = []
  const outside: number[] = []
  for (let i = 0; i < index.items; i++) {
    const share = unanimity(index, i)
    if (share !== null) ((gold[i] as number) >= 0 ? inside : outside).push(share)
  }
  if (inside.length < ITEMS_MIN || outside.length < ITEMS_MIN) return 0
  const chance = CHANCE * Math.sqrt((inside.length + outside.length) / (inside.length * outside.length))
  const distance = largestDistance(inside, outside)
  return distance > chance ? distance : 0
}

/** In place; items whose beliefs are certain (gold) stay so. */
export function widen(logBeliefs: Float64Array, classes: number, gold: Int32Array, shift: number): void {
  for (let i = 0; i < gold.length; i++) {
    if ((gold[i] as number) >= 0) continue
    for (let at = i * classes; at < (i + 1) * classes; at++)
      logBeliefs[at] = Math.log((1 - shift) * Math.exp(logBeliefs[at] as number) + shift / classes)
  }
}

function unanimity({ classes, start, cells }: RatingIndex, item: number): number | null {
  const from = start[item] as number
  const to = start[item + 1] as number
  if (from === to) return null
  const votes = new Int32Array(classes)
  for (let at = from; at < to; at++) {
    const label = (cells[at] as number) % classes
    votes[label] = (votes[label] as number) + 1
  }
  return Math.max(...votes) / (to - from)
}

/** Between two empirical distribution functions. Sorts both. */
function largestDistance(a: number[], b: number[]): number {
  a.sort((x, y) => x - y)
  b.sort((x, y) => x - y)
  let distance = 0
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const value = Math.min(a[i] as number, b[j] as number)
    while (i < a.length && (a[i] as number) <= value) i += 1
    while (j < b.length && (b[j] as number) <= value) j += 1
    distance = Math.max(distance, Math.abs(i / a.length - j / b.length))
  }
  return distance
}
