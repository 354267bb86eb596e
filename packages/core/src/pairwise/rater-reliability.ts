/**
 * Ratings and reliability of raters together: a rater reports the honest answer with probability eta, else its opposite.
 *
 * Model       P(rater w says left) = eta_w s + (1 - eta_w)(1 - s), s = 1 / (1 + exp(-d)); eta_w ~ Beta(5, 2), which
 *             says "mostly honest" and keeps the mirror image (everybody lies, ratings negated) from winning. Its mode
 *             given the answers is the posterior mean under the Beta(4, 1) of the source, so no rater is ever certain.
 *             A tie is half a win each way.
 * Method      EM: each comparison counts as honest with its posterior probability, else turned round; one Newton step
 *             on the ratings in between. The log posterior never falls.
 * Degenerate  a rater with few answers stays near 0.8, the prior's mode.
 * Cost        O(EM steps * one Newton step).
 * Source      Chen, Bennett, Collins-Thompson, Horvitz 2013 (Crowd-BT, WSDM), with EM in place of online updates.
 */
import { type Design, differenceOf } from './design.ts'
import { maximise, type Optimum } from './newton.ts'

const PRIOR_HONEST = 5
const PRIOR_OPPOSITE = 2
const EM_STEPS_MAX = 500
const EM_DONE = 1e-7

export type ReliableFit = {
  readonly optimum: Optimum
  /** eta of each rater, in the order of `design.rater.names`. */
  readonly honesty: Float64Array
  /** Log posterior after each EM step; never falls. */
  readonly objective: readonly number[]
}

export function fitReliability(
  design: Design,
  raterOf: Int32Array,
  raters: number,
  ridge: number,
): ReliableFit {
  const rows = design.outcome.length
  const honesty = new Float64Array(raters).fill((PRIOR_HONEST - 1) / (PRIOR_HONEST + PRIOR_OPPOSITE - 2))
  const turned = new Float64Array(rows)
  const objective: number[] = []
  let theta: Float64Array = new Float64Array(design.players.length + design.features)
  let optimum: Optimum = { kind: 'diverges', parameter: 0 }
  for (let step = 0; step < EM_STEPS_MAX; step++) {
    const honest = new Float64Array(raters)
    const answers = new Float64Array(raters)
    let logPosterior = 0
    for (let row = 0; row < rows; row++) {
      const rater = raterOf[row] as number
      const y = design.outcome[row] as number
      const win = winProbability(differenceOf(design, theta, row))
      const eta = honesty[rater] as number
      const saysLeft = eta * win + (1 - eta) * (1 - win)
      const ifLeft = (eta * win) / saysLeft
      const ifRight = (eta * (1 - win)) / (1 - saysLeft)
      turned[row] = y * ifLeft + (1 - y) * (1 - ifRight)
      honest[rater] = (honest[rater] as number) + y * ifLeft + (1 - y) * ifRight
      answers[rater] = (answers[rater] as number) + 1
      logPosterior += y * Math.log(saysLeft) + (1 - y) * Math.log1p(-saysLeft)
    }
    for (const eta of honesty)
      logPosterior += (PRIOR_HONEST - 1) * Math.log(eta) + (PRIOR_OPPOSITE - 1) * Math.log1p(-eta)
    for (let k = 0; k < theta.length; k++) logPosterior -= (ridge / 2) * (theta[k] as number) ** 2
    objective.push(logPosterior)
    let change = 0
    for (let rater = 0; rater < raters; rater++) {
      const next =
        ((honest[rater] as number) + PRIOR_HONEST - 1) /
        ((answers[rater] as number) + PRIOR_HONEST + PRIOR_OPPOSITE - 2)
      change = Math.max(change, Math.abs(next - (honesty[rater] as number)))
      honesty[rater] = next
    }
    optimum = maximise(design, turned, { ties: 'half', ridge, start: theta, stepsMax: 1 })
    if (optimum.kind !== 'optimum') break
    for (let k = 0; k < theta.length; k++)
      change = Math.max(change, Math.abs((optimum.theta[k] as number) - (theta[k] as number)))
    theta = Float64Array.from(optimum.theta)
    if (change < EM_DONE) break
  }
  return { optimum, honesty, objective }
}

/** What the answers themselves say about ratings once the raters' honesty has been allowed for (Schur complement). */
export function curvatureOfAnswers(
  design: Design,
  raterOf: Int32Array,
  honesty: Float64Array,
  theta: Float64Array,
): {
  /** Minus second derivatives, per row in d; per rater in eta; mixed, per row. */
  readonly dd: Float64Array
  readonly d: Float64Array
  readonly dEta: Float64Array
  readonly etaEta: Float64Array
} {
  const rows = design.outcome.length
  const dd = new Float64Array(rows)
  const d = new Float64Array(rows)
  const dEta = new Float64Array(rows)
  const etaEta = honesty.map((eta) => (PRIOR_HONEST - 1) / eta ** 2 + (PRIOR_OPPOSITE - 1) / (1 - eta) ** 2)
  for (let row = 0; row < rows; row++) {
    const y = design.outcome[row] as number
    const rater = raterOf[row] as number
    const eta = honesty[rater] as number
    const win = winProbability(differenceOf(design, theta, row))
    const slope = win * (1 - win)
    const saysLeft = eta * win + (1 - eta) * (1 - win)
    const lean = 2 * eta - 1
    for (const [weight, sign, probability] of [
      [y, 1, saysLeft],
      [1 - y, -1, 1 - saysLeft],
    ] as const) {
      if (weight === 0) continue
      const inD = (sign * lean * slope) / probability
      const inEta = (sign * (2 * win - 1)) / probability
      d[row] = (d[row] as number) + weight * inD
      dd[row] =
        (dd[row] as number) + weight * (inD * inD - (sign * lean * slope * (1 - 2 * win)) / probability)
      dEta[row] = (dEta[row] as number) + weight * (inD * inEta - (sign * 2 * slope) / probability)
      etaEta[rater] = (etaEta[rater] as number) + weight * inEta * inEta
    }
  }
  return { dd, d, dEta, etaEta }
}

function winProbability(d: number): number {
  // Kept off 0 and 1, so that the logarithm of what a rater says stays finite.
  return Math.min(1 - 1e-12, Math.max(1e-12, 1 / (1 + Math.exp(-d))))
}
