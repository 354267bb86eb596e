/**
 * Whether raters differ in how often they are right: the question to ask before any of them is called good or bad.
 *
 * Test        permutation within strata (arms of a study, or items): who gave which answer is shuffled, so that an easy arm or a
 *             hard item makes nobody look good or bad. Statistic: sum over raters of (right - expected)^2 / expected
 *             variance.
 * `differ`    p at most 0.05. Where it is not, cutting off the worst raters is choosing after looking, whatever their record.
 * Output      p counts the observed order among the permuted ones; at least 1 / (PERMUTATIONS + 1).
 * Degenerate  fewer than two raters, or nobody ever wrong, or never right: p is 1.
 */
import { seededRandom } from '../numeric/seeded-random.ts'

const PERMUTATIONS = 2000
const SIGNIFICANT = 0.05
/** Shuffles of single answers; beyond, fewer permutations are drawn, but at least PERMUTATIONS_MIN. */
const SHUFFLES_MAX = 1e7
const PERMUTATIONS_MIN = 199

export type RatedAnswer = { readonly rater: string; readonly stratum: string; readonly right: boolean }

export type RaterDifferences = {
  readonly raters: number
  readonly answers: number
  readonly permutations: number
  readonly p: number
  readonly differ: boolean
}

export function raterDifferences(answers: readonly RatedAnswer[], seed: number): RaterDifferences {
  const sorted = [...answers].sort(
    (a, b) => order(a.stratum, b.stratum) || order(a.rater, b.rater) || Number(a.right) - Number(b.right),
  )
  const raters = [...new Set(sorted.map(({ rater }) => rater))].sort(order)
  const place = new Map(raters.map((rater, at) => [rater, at]))
  const who = Int32Array.from(sorted, ({ rater }) => place.get(rater) ?? 0)
  const right = Uint8Array.from(sorted, (answer) => (answer.right ? 1 : 0))
  const bounds = strataBounds(sorted)
  const { expected, variance } = expectations(who, right, bounds, raters.length)
  const observed = statistic(who, right, expected, variance)
  const permutations = Math.max(
    PERMUTATIONS_MIN,
    Math.min(PERMUTATIONS, Math.floor(SHUFFLES_MAX / Math.max(1, sorted.length))),
  )
  const random = seededRandom(seed)
  let asLarge = 0
  for (let round = 0; round < permutations; round++) {
    for (let at = 0; at + 1 < bounds.length; at++)
      shuffle(right, bounds[at] as number, bounds[at + 1] as number, random)
    // Equal statistics must not differ by rounding.
    if (statistic(who, right, expected, variance) >= observed - 1e-9) asLarge += 1
  }
  const p = (asLarge + 1) / (permutations + 1)
  return { raters: raters.length, answers: sorted.length, permutations, p, differ: p <= SIGNIFICANT }
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function strataBounds(sorted: readonly RatedAnswer[]): readonly number[] {
  const bounds = [0]
  for (let at = 1; at <= sorted.length; at++)
    if (at === sorted.length || sorted[at]?.stratum !== sorted[at - 1]?.stratum) bounds.push(at)
  return bounds
}

function expectations(who: Int32Array, right: Uint8Array, bounds: readonly number[], raters: number) {
  const expected = new Float64Array(raters)
  const variance = new Float64Array(raters)
  for (let stratum = 0; stratum + 1 < bounds.length; stratum++) {
    const [from, to] = [bounds[stratum] as number, bounds[stratum + 1] as number]
    let rights = 0
    for (let at = from; at < to; at++) rights += right[at] as number
    const rate = to === from ? 0 : rights / (to - from)
    for (let at = from; at < to; at++) {
      const rater = who[at] as number
      expected[rater] = (expected[rater] as number) + rate
      variance[rater] = (variance[rater] as number) + rate * (1 - rate)
    }
  }
  return { expected, variance }
}

function statistic(
  who: Int32Array,
  right: Uint8Array,
  expected: Float64Array,
  variance: Float64Array,
): number {
  const found = new Float64Array(expected.length)
  for (let at = 0; at < who.length; at++)
    found[who[at] as number] = (found[who[at] as number] as number) + (right[at] as number)
  let sum = 0
  for (let rater = 0; rater < expected.length; rater++)
    if ((variance[rater] as number) > 0)
      sum += ((found[rater] as number) - (expected[rater] as number)) ** 2 / (variance[rater] as number)
  return sum
}

function shuffle(values: Uint8Array, from: number, to: number, random: () => number): void {
  for (let at = to - 1; at > from; at--) {
    const other = from + Math.floor(random() * (at - from + 1))
    const value = values[at] as number
    values[at] = values[other] as number
    values[other] = value
  }
}
