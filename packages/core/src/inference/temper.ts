/**
 * Tempering: beliefs to the power b, normalised again, b fitted on gold. Methods that take raters for independent are
 * over-confident, and b says by how much.
 *
 * Fit         least log loss plus (log b)^2 / 8 over b in [0.01, 4]: with few gold items, or none that is wrong, b stays near
 *             what they can show. The gold items must not have been clamped when `logBeliefs` was made.
 * Degenerate  no gold: 1, the beliefs as they are.
 */
export type GoldBelief = {
  /** Log probabilities of the classes. */
  readonly logs: Float64Array
  readonly truth: number
}

export function fitTemper(gold: readonly GoldBelief[]): number {
  if (gold.length === 0) return 1
  const cost = (logB: number) => gold.length * temperedLoss(gold, Math.exp(logB)) + (logB * logB) / 8
  let low = Math.log(0.01)
  let high = Math.log(4)
  const ratio = (Math.sqrt(5) - 1) / 2
  for (let step = 0; step < 50; step++) {
    const a = high - ratio * (high - low)
    const b = low + ratio * (high - low)
    if (cost(a) < cost(b)) high = b
    else low = a
  }
  return Math.exp((low + high) / 2)
}

/** Mean of -log P(truth) after tempering; 0 for no items. */
export function temperedLoss(gold: readonly GoldBelief[], power: number): number {
  if (gold.length === 0) return 0
  let sum = 0
  for (const { logs, truth } of gold) {
    let total = 0
    const own = logs[truth] as number
    let max = Number.NEGATIVE_INFINITY
    for (const log of logs) if (log > max) max = log
    for (const log of logs) total += Math.exp(power * (log - max))
    sum += Math.log(total) - power * (own - max)
  }
  return sum / gold.length
}

/** In place; items whose beliefs are certain (gold) stay so. */
export function temper(logBeliefs: Float64Array, classes: number, power: number): void {
  for (let at = 0; at < logBeliefs.length; at += classes) {
    let max = Number.NEGATIVE_INFINITY
    for (let k = at; k < at + classes; k++) max = Math.max(max, logBeliefs[k] as number)
    let total = 0
    for (let k = at; k < at + classes; k++) {
      const log = power * ((logBeliefs[k] as number) - max)
      logBeliefs[k] = log
      total += Math.exp(log)
    }
    const shift = Math.log(total)
    for (let k = at; k < at + classes; k++) logBeliefs[k] = (logBeliefs[k] as number) - shift
  }
}
