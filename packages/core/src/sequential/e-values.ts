/**
 * Combining evidence: averages of e-values, and which of many claims to reject.
 *
 * Every function takes natural logs of e-values, so that 1e-400 and 1e400 are ordinary numbers.
 * Source      Vovk & Wang 2021 (arXiv 1912.06116) for averages; Wang & Ramdas 2022 (arXiv 2009.02824) for e-BH.
 */

/**
 * Log of the weighted average of e-values: again an e-value, whatever the dependence between them.
 * `weights` sum to 1 and were fixed beforehand; equal when left out. No e-values: 0, the log of "no evidence".
 */
export function averageLogEValue(logEValues: readonly number[], weights?: readonly number[]): number {
  if (logEValues.length === 0) return 0
  if (weights && weights.length !== logEValues.length)
    throw new RangeError(`${weights.length} weights for ${logEValues.length} e-values`)
  const top = Math.max(...logEValues)
  if (!Number.isFinite(top)) return top
  let sum = 0
  for (const [index, log] of logEValues.entries())
    sum += (weights?.[index] ?? 1 / logEValues.length) * Math.exp(log - top)
  return top + Math.log(sum)
}

/**
 * Indexes of the claims rejected by e-BH, ascending: at most a share `alpha` of the rejected are true on average,
 * whatever the dependence. Rejects the k largest for the largest k with k e_(k) / K >= 1/alpha.
 */
export function rejectByEValues(logEValues: readonly number[], alpha: number): readonly number[] {
  const order = logEValues
    .map((_, index) => index)
    .sort((a, b) => (logEValues[b] ?? 0) - (logEValues[a] ?? 0))
  const need = Math.log(logEValues.length / alpha)
  let rejected = 0
  for (let k = 1; k <= order.length; k++) {
    if ((logEValues[order[k - 1] ?? 0] ?? 0) + Math.log(k) >= need) rejected = k
  }
  return order.slice(0, rejected).sort((a, b) => a - b)
}
