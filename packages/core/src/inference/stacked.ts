/**
 * Stacked: a multinomial logistic model from the votes of each rater to the truth, learnt on gold alone.
 *
 * Why         raters who err together outvote the few who are right, and a model without gold then believes them. A
 *             weight for each rater, learnt on known answers and shrunk to 0, pays a rater for what it adds to the others.
 * Score       of class k: sum over raters of weight * (the rater's share of votes for k - 1 / K). A rater's repeated votes
 *             on one item count as one, so orders and repetitions are averaged. No class is favoured.
 * Shrinkage   a ridge penalty out of a short list, the one with the least log loss out of five parts of the gold.
 * Degenerate  without gold, or an item without ratings: every class alike. A rater absent from gold weighs 0.
 */
import { factorCholesky, solveCholesky } from '../numeric/cholesky.ts'
import { normaliseLogs } from './log-beliefs.ts'
import type { RatingIndex } from './rating-index.ts'
import type { TruthFit } from './truth-method.ts'
import { clampGold } from './vote-shares.ts'

const RIDGES = [1, 2, 4, 8, 16, 32] as const
const PARTS = 5
const STEPS_MAX = 25
const RATERS_MAX = 200
const DENSITY_MIN = 0.5

/** Whether raters have rated enough of the items for a weight each to be learnt from a few gold items. */
export function panelIsDense({ items, raters, classes, start, cells }: RatingIndex): boolean {
  if (raters > RATERS_MAX || raters === 0 || items === 0) return false
  const seen = new Int32Array(raters).fill(-1)
  let pairs = 0
  for (let i = 0; i < items; i++)
    for (let at = start[i] as number; at < (start[i + 1] as number); at++) {
      const rater = ((cells[at] as number) / classes) | 0
      if (seen[rater] === i) continue
      seen[rater] = i
      pairs += 1
    }
  return pairs >= DENSITY_MIN * items * raters
}

export function fitStacked(index: RatingIndex, gold: Int32Array | null): TruthFit {
  const { items, classes } = index
  const known = goldVotes(index, gold)
  const weights = known.length === 0 ? null : solve(known, chooseRidge(known, index), index)
  const logBeliefs = new Float64Array(items * classes)
  for (let i = 0; i < items; i++) {
    if (clampGold(logBeliefs, gold, i, classes)) continue
    if (weights !== null) scoreInto(logBeliefs, i * classes, votesOf(index, i), weights, classes)
    normaliseLogs(logBeliefs, i * classes, classes)
  }
  return { method: 'stacked', logBeliefs, objective: [], iterations: 0 }
}

type GoldVotes = { readonly votes: Float64Array; readonly truth: number }

function goldVotes(index: RatingIndex, gold: Int32Array | null): readonly GoldVotes[] {
  if (gold === null) return []
  const known: GoldVotes[] = []
  for (let i = 0; i < index.items; i++)
    if ((gold[i] as number) >= 0) known.push({ votes: votesOf(index, i), truth: gold[i] as number })
  return known
}

/** [rater][class]: share of the rater's votes on this item less 1 / K; zeros for a rater who has none. */
function votesOf({ raters, classes, start, cells }: RatingIndex, item: number): Float64Array {
  const votes = new Float64Array(raters * classes)
  for (let at = start[item] as number; at < (start[item + 1] as number); at++) {
    const cell = cells[at] as number
    votes[cell] = (votes[cell] as number) + 1
  }
  for (let w = 0; w < raters; w++) {
    let total = 0
    for (let k = 0; k < classes; k++) total += votes[w * classes + k] as number
    if (total === 0) continue
    for (let k = 0; k < classes; k++)
      votes[w * classes + k] = (votes[w * classes + k] as number) / total - 1 / classes
  }
  return votes
}

function chooseRidge(known: readonly GoldVotes[], index: RatingIndex): number {
  const parts = Math.min(PARTS, known.length)
  const loss = (ridge: number) => {
    let sum = 0
    for (let part = 0; part < parts; part++) {
      const rest = known.filter((_, at) => at % parts !== part)
      const weights = solve(rest, ridge, index)
      const logs = new Float64Array(index.classes)
      for (let at = part; at < known.length; at += parts) {
        const { votes, truth } = known[at] as GoldVotes
        logs.fill(0)
        scoreInto(logs, 0, votes, weights, index.classes)
        normaliseLogs(logs, 0, index.classes)
        sum -= logs[truth] as number
      }
    }
    return sum
  }
  const losses = RIDGES.map((ridge) => ({ ridge, loss: loss(ridge) }))
  return losses.reduce((a, b) => (b.loss < a.loss ? b : a)).ridge
}

/** Newton's method; the penalty makes the problem strictly convex, and the steps are halved while they overshoot. */
function solve(known: readonly GoldVotes[], ridge: number, { raters, classes }: RatingIndex): Float64Array {
  let weights: Float64Array = new Float64Array(raters)
  let value = cost(known, ridge, weights, classes)
  for (let step = 0; step < STEPS_MAX; step++) {
    const gradient = weights.map((weight) => ridge * weight)
    const hessian = new Float64Array(raters * raters)
    for (let w = 0; w < raters; w++) hessian[w * raters + w] = ridge
    for (const item of known) addItem(item, weights, classes, gradient, hessian)
    const factor = factorCholesky(hessian, raters)
    if (factor.kind === 'singular') break
    const direction = solveCholesky(factor, gradient)
    let scale = 1
    let next = weights
    let nextValue = value
    for (; scale > 1e-6; scale /= 2) {
      next = weights.map((weight, w) => weight - scale * (direction[w] as number))
      nextValue = cost(known, ridge, next, classes)
      if (nextValue <= value) break
    }
    const fell = value - nextValue
    if (!(fell >= 0)) break
    weights = next
    value = nextValue
    if (fell < 1e-10 * (1 + Math.abs(value))) break
  }
  return weights
}

function addItem(
  { votes, truth }: GoldVotes,
  weights: Float64Array,
  classes: number,
  gradient: Float64Array,
  hessian: Float64Array,
): void {
  const raters = weights.length
  const logs = new Float64Array(classes)
  scoreInto(logs, 0, votes, weights, classes)
  normaliseLogs(logs, 0, classes)
  const expected = new Float64Array(raters)
  for (let k = 0; k < classes; k++) {
    const share = Math.exp(logs[k] as number)
    for (let w = 0; w < raters; w++)
      expected[w] = (expected[w] as number) + share * (votes[w * classes + k] as number)
  }
  for (let w = 0; w < raters; w++)
    gradient[w] = (gradient[w] as number) + (expected[w] as number) - (votes[w * classes + truth] as number)
  for (let k = 0; k < classes; k++) {
    const share = Math.exp(logs[k] as number)
    for (let a = 0; a < raters; a++) {
      const off = share * ((votes[a * classes + k] as number) - (expected[a] as number))
      if (off === 0) continue
      for (let b = 0; b < raters; b++)
        hessian[a * raters + b] =
          (hessian[a * raters + b] as number) +
          off * ((votes[b * classes + k] as number) - (expected[b] as number))
    }
  }
}

function cost(known: readonly GoldVotes[], ridge: number, weights: Float64Array, classes: number): number {
  let sum = 0
  for (const weight of weights) sum += (ridge / 2) * weight * weight
  const logs = new Float64Array(classes)
  for (const { votes, truth } of known) {
    logs.fill(0)
    scoreInto(logs, 0, votes, weights, classes)
    normaliseLogs(logs, 0, classes)
    sum -= logs[truth] as number
  }
  return sum
}

function scoreInto(
  logs: Float64Array,
  from: number,
  votes: Float64Array,
  weights: Float64Array,
  classes: number,
): void {
  for (let w = 0; w < weights.length; w++) {
    const weight = weights[w] as number
    if (weight === 0) continue
    for (let k = 0; k < classes; k++)
      logs[from + k] = (logs[from + k] as number) + weight * (votes[w * classes + k] as number)
  }
}
