/**
 * How well a score tells two kinds of episodes apart: area under the ROC curve.
 *
 * Estimates   P(score of a random positive > score of a random negative), ties counted half.
 * Interval    95 %, Newcombe's score method (Statistics in Medicine 2006, method 5): it stays inside [0, 1] and has a width
 *             also where the two are told apart without error.
 * Assumes     episodes independent. Episodes of one unit are not: give one score a unit where that matters.
 * Degenerate  fewer than two of either kind: null.
 * Cost        O(n log n).
 */
export type Auroc = { readonly estimate: number; readonly low: number; readonly high: number }

const Z = 1.959964

export function auroc(
  scores: readonly { readonly score: number; readonly positive: boolean }[],
): Auroc | null {
  const positives = scores.filter(({ positive }) => positive).length
  const negatives = scores.length - positives
  if (positives < 2 || negatives < 2) return null
  const sorted = [...scores].sort((a, b) => a.score - b.score)
  let wins = 0
  let below = 0
  for (let at = 0; at < sorted.length; ) {
    let end = at
    let tiedPositives = 0
    while (end < sorted.length && sorted[end]?.score === sorted[at]?.score) {
      if (sorted[end]?.positive) tiedPositives += 1
      end += 1
    }
    const tiedNegatives = end - at - tiedPositives
    wins += tiedPositives * (below + tiedNegatives / 2)
    below += tiedNegatives
    at = end
  }
  const estimate = wins / (positives * negatives)
  return {
    estimate,
    low: scoreBound(estimate, positives, negatives, 0),
    high: scoreBound(estimate, positives, negatives, 1),
  }
}

/** The area between the estimate and `edge` at which the estimate would be Z standard errors away. */
function scoreBound(estimate: number, positives: number, negatives: number, edge: 0 | 1): number {
  let [inside, outside] = [estimate, edge as number]
  for (let step = 0; step < 60; step++) {
    const middle = (inside + outside) / 2
    if (Math.abs(middle - estimate) <= Z * standardError(middle, positives, negatives)) inside = middle
    else outside = middle
  }
  return inside
}

function standardError(area: number, positives: number, negatives: number): number {
  const half = (positives + negatives) / 2 - 1
  const spread = 1 + (half * (1 - area)) / (2 - area) + (half * area) / (1 + area)
  return Math.sqrt((area * (1 - area) * spread) / (positives * negatives))
}
