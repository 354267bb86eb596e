/**
 * Whether people can tell planted faults of one operator from natural ones.
 *
 * Estimates   the chance of a right guess where each episode shown has a planted fault with probability one half, by a fair
 *             coin: the balanced accuracy, 0.5 for whoever guesses, whatever they favour.
 * Interval    the wider end, on each side, of three: bounds that hold at every look (`sequential/rate-bound.ts`, each side
 *             wrong with probability at most alpha if guesses are alike given the past), and 95 % percentile cluster bootstraps
 *             by item and by rater, because guesses of one person or about one episode hang together. A bootstrap is left out
 *             where there are fewer than CLUSTERS_MIN clusters.
 * Verdict     'validated' when the interval lies within TELLABLE_MAX of chance on both sides: who is wrong too often tells them
 *             apart as well. 'failed' when it lies outside on one side; else 'undecided'.
 * Degenerate  fewer than KIND_MIN guesses on either kind, ITEMS_MIN items of either, or RATERS_MIN raters: insufficient.
 * Assumes     the coin. Says nothing of faults that the operator has not put in yet, beyond those shown.
 * Cost        O(guesses + replicates x clusters).
 * Evidence    planted-faults/planted-statistics.test.ts; no simulation study yet
 */
import { resampleClusters } from '../numeric/cluster-bootstrap.ts'
import { type Insufficient, insufficient } from '../numeric/insufficient.ts'
import type { Interval } from '../numeric/interval-estimate.ts'
import { rateUpperBound } from '../sequential/rate-bound.ts'

export type Guess = {
  readonly rater: string
  readonly item: string
  readonly planted: boolean
  readonly saidPlanted: boolean
}
export type PlantedValidity = {
  readonly kind: 'validity'
  readonly verdict: 'validated' | 'failed' | 'undecided'
  readonly guesses: number
  readonly right: number
  /** Of each kind, called planted. */
  readonly planted: { readonly guesses: number; readonly saidPlanted: number }
  readonly natural: { readonly guesses: number; readonly saidPlanted: number }
  readonly accuracy: { readonly value: number; readonly low: number; readonly high: number }
}

/** Above chance, as a fraction: 10 points. */
export const TELLABLE_MAX = 0.1
export const VALIDITY_ALPHA = 0.05
export const KIND_MIN = 10
const ITEMS_MIN = 3
const RATERS_MIN = 2
const CLUSTERS_MIN = 5
const REPLICATES = 1_000

export function plantedValidity(guesses: readonly Guess[], seed = 1): PlantedValidity | Insufficient {
  const kinds = [true, false].map((kind) => guesses.filter(({ planted }) => planted === kind))
  const [planted = [], natural = []] = kinds
  const itemsOf = (some: readonly Guess[]) => new Set(some.map(({ item }) => item)).size
  const raters = new Set(guesses.map(({ rater }) => rater)).size
  if (planted.length < KIND_MIN || natural.length < KIND_MIN)
    return insufficient(
      `there are ${planted.length} guesses on planted and ${natural.length} on natural faults, and ${KIND_MIN} of each are needed`,
    )
  if (Math.min(itemsOf(planted), itemsOf(natural)) < ITEMS_MIN)
    return insufficient(`fewer than ${ITEMS_MIN} different faults of a kind were guessed at`)
  if (raters < RATERS_MIN) return insufficient(`fewer than ${RATERS_MIN} people guessed`)
  const right = guesses.filter(isRight).length
  const total = guesses.length
  const intervals = [
    {
      low: 1 - rateUpperBound(total - right, total, VALIDITY_ALPHA),
      high: rateUpperBound(right, total, VALIDITY_ALPHA),
    },
    ...(['item', 'rater'] as const).flatMap((by) => clustered(guesses, by, seed)),
  ]
  const low = Math.min(...intervals.map((one) => one.low))
  const high = Math.max(...intervals.map((one) => one.high))
  const [least, most] = [0.5 - TELLABLE_MAX, 0.5 + TELLABLE_MAX]
  return {
    kind: 'validity',
    verdict: low > least && high < most ? 'validated' : low > most || high < least ? 'failed' : 'undecided',
    guesses: total,
    right,
    planted: countOf(planted),
    natural: countOf(natural),
    accuracy: { value: right / total, low, high },
  }
}

function isRight({ planted, saidPlanted }: Guess): boolean {
  return planted === saidPlanted
}

function countOf(guesses: readonly Guess[]) {
  return { guesses: guesses.length, saidPlanted: guesses.filter(({ saidPlanted }) => saidPlanted).length }
}

function clustered(
  guesses: readonly Guess[],
  by: 'item' | 'rater',
  seed: number,
): readonly Pick<Interval, 'low' | 'high'>[] {
  const clusters = new Map<string, { right: number; total: number }>()
  for (const guess of guesses) {
    const one = clusters.get(guess[by]) ?? { right: 0, total: 0 }
    clusters.set(guess[by], one)
    one.total += 1
    if (isRight(guess)) one.right += 1
  }
  if (clusters.size < CLUSTERS_MIN) return []
  // By content, so that the order of guesses changes nothing.
  const tallies = [...clusters.values()].sort((a, b) => a.total - b.total || a.right - b.right)
  const values: number[] = []
  resampleClusters(
    tallies.map(() => 1),
    { replicates: REPLICATES, seed },
    (drawn) => {
      let right = 0
      let total = 0
      for (const [at, tally] of tallies.entries()) {
        right += (drawn[at] as number) * tally.right
        total += (drawn[at] as number) * tally.total
      }
      values.push(right / total)
    },
  )
  values.sort((a, b) => a - b)
  const at = (share: number) =>
    values[Math.min(values.length - 1, Math.floor(share * values.length))] as number
  return [{ low: at(0.025), high: at(0.975) }]
}
