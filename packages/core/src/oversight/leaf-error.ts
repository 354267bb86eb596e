/**
 * How often the majority of a few raters is right on one criterion, when raters can be wrong together.
 *
 * Model       A leaf is a yes/no criterion answered by `raters` raters, each right with probability `accuracy`, and
 *             decided by their majority (ties by a fair coin). Shared bias: with probability `shared` all raters of a
 *             leaf give one common answer (right with probability `accuracy`), else they are independent. So a rater's
 *             accuracy does not depend on `shared`, and the correlation between two raters of a leaf is `shared`.
 * Source      Condorcet; factored evaluation as in Wu et al. 2021. Shared-answer mixture: Berg 1993.
 * Evidence    oversight.test.ts
 */

/** P(the majority of `raters` answers is right). `accuracy` and `shared` in [0, 1], `raters` at least 1. */
export function leafAccuracy(leaf: {
  readonly accuracy: number
  readonly raters: number
  readonly shared: number
}): number {
  const { accuracy, raters, shared } = leaf
  requireShare('accuracy', accuracy)
  requireShare('shared', shared)
  if (!(Number.isInteger(raters) && raters >= 1 && raters <= RATERS_MAX))
    throw new RangeError(`raters is ${raters}; expected a whole number from 1 to ${RATERS_MAX}`)
  return shared * accuracy + (1 - shared) * majorityAccuracy(accuracy, raters)
}

const RATERS_MAX = 10_001

function majorityAccuracy(accuracy: number, raters: number): number {
  if (accuracy === 0 || accuracy === 1) return accuracy
  // Terms from the logs of ratios: 10,000 raters overflow no factorial.
  const logOdds = Math.log(accuracy) - Math.log1p(-accuracy)
  let logTerm = raters * Math.log1p(-accuracy)
  let right = 0
  let all = 0
  for (let correct = 0; correct <= raters; correct++) {
    const term = Math.exp(logTerm)
    all += term
    if (2 * correct > raters) right += term
    else if (2 * correct === raters) right += term / 2
    logTerm += logOdds + Math.log((raters - correct) / (correct + 1))
  }
  return right / all
}

export function requireShare(name: string, value: number): void {
  if (!(value >= 0 && value <= 1)) throw new RangeError(`${name} is ${value}; expected 0 to 1`)
}
