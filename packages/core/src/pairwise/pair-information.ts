/**
 * Which two players to compare next: those whose comparison is expected to tell most about all strengths together.
 *
 * Estimates   the gain in the log determinant of the information on all strengths from one more answer (D-optimality):
 *             log(1 + p (1 - p) v), p the probability that one beats the other, v the variance of their difference.
 * Assumes     Bradley-Terry with a normal prior of variance 1 on each strength (a ridge of 1), ties half a win each.
 *             Which pair is asked depends on earlier answers only, so that estimates from the likelihood stay right.
 * Degenerate  players nobody compared yet have strength 0 and the prior's variance. Two players: the same for every pair.
 * Cost        O(answers + players^3).
 * Source      Chaloner and Verdinelli 1995 (Bayesian design).
 * Evidence    pair-information.test.ts
 */
import { factorCholesky, invertCholesky } from '../numeric/cholesky.ts'
import { fitPairwise } from './bradley-terry.ts'
import type { Comparison } from './comparison.ts'

const PRIOR_RIDGE = 1

/** A function of two players; higher is more worth asking. Players that `comparisons` lacks may be asked about, too. */
export function pairInformation(
  comparisons: readonly Pick<Comparison, 'left' | 'right' | 'outcome'>[],
  players: readonly string[],
): (one: string, other: string) => number {
  const names = [...new Set([...players, ...comparisons.flatMap(({ left, right }) => [left, right])])]
  const at = new Map(names.map((name, index) => [name, index]))
  const strength = strengthsOf(comparisons)
  const chance = (one: string, other: string) =>
    1 / (1 + Math.exp((strength.get(other) ?? 0) - (strength.get(one) ?? 0)))
  const size = names.length
  const information = new Float64Array(size * size)
  const add = (row: number, column: number, value: number) => {
    information[row * size + column] = (information[row * size + column] as number) + value
  }
  for (let player = 0; player < size; player++) add(player, player, PRIOR_RIDGE)
  for (const { left, right } of comparisons) {
    const p = chance(left, right)
    const [i, j] = [at.get(left) as number, at.get(right) as number]
    add(i, i, p * (1 - p))
    add(j, j, p * (1 - p))
    add(i, j, -p * (1 - p))
    add(j, i, -p * (1 - p))
  }
  const factor = factorCholesky(information, size)
  // The prior makes it regular.
  if (factor.kind === 'singular') throw new Error('the information of a pairwise design is singular')
  const covariance = invertCholesky(factor)
  return (one, other) => {
    const [i, j] = [at.get(one), at.get(other)]
    if (i === undefined || j === undefined)
      throw new RangeError(`no player "${i === undefined ? one : other}"`)
    const cell = (row: number, column: number) => covariance[row * size + column] as number
    const p = chance(one, other)
    return Math.log1p(p * (1 - p) * (cell(i, i) + cell(j, j) - 2 * cell(i, j)))
  }
}

function strengthsOf(
  comparisons: readonly Pick<Comparison, 'left' | 'right' | 'outcome'>[],
): ReadonlyMap<string, number> {
  const fit = fitPairwise(
    comparisons.map(({ left, right, outcome }) => ({ left, right, outcome, rater: null, features: [] })),
    { ties: 'half', features: [], ridge: PRIOR_RIDGE, alpha: 0.05, reliability: false },
  )
  if (fit.kind === 'insufficient') return new Map()
  return new Map(
    fit.components.flat(2).map(({ name, rating }) => [name, rating.kind === 'estimate' ? rating.value : 0]),
  )
}
