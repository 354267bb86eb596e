/**
 * With which probability to ask for the label of each unit, so that a fixed number of labels says most.
 *
 * Rule        proportional to sqrt(f (1 - f)), the spread the judge leaves open, at least `PROBABILITY_FLOOR` (or half
 *             the mean probability where the budget is smaller than that), at most 1, with the sum equal to the budget.
 *             The floor bounds what one surprising label can weigh.
 * Input       predictions in [0, 1] that are calibrated (a judge's raw score is not); budget in labels, at least 0.
 * Degenerate  budget at or above the number of units: all 1. Predictions without spread: all equal.
 * Cost        O(units) times 200 bisections.
 * Source      Zrnic and Candes 2024 (arXiv 2403.03208, section 4).
 */
export const PROBABILITY_FLOOR = 0.05

export function auditProbabilities(predicted: readonly number[], budget: number): readonly number[] {
  const units = predicted.length
  if (!(budget >= 0)) throw new RangeError(`a budget of ${budget} labels is none`)
  if (budget >= units) return predicted.map(() => 1)
  const floor = Math.min(PROBABILITY_FLOOR, budget / units / 2)
  const spread = predicted.map((f) => Math.sqrt(f * (1 - f)))
  const at = (scale: number): readonly number[] =>
    spread.map((width) => Math.min(1, Math.max(floor, scale * width)))
  const total = (probabilities: readonly number[]): number => probabilities.reduce((sum, p) => sum + p, 0)
  const narrowest = spread.reduce((least, width) => (width > 0 ? Math.min(least, width) : least), 1)
  // On the log of the scale: spreads may differ by hundreds of powers of ten.
  let low = -745
  let high = -Math.log(narrowest)
  // Where the judge is certain of some units, even asking for all others may not spend the budget.
  if (total(at(Math.exp(high))) < budget) return predicted.map(() => budget / units)
  for (let step = 0; step < 200; step++) {
    const middle = (low + high) / 2
    if (total(at(Math.exp(middle))) < budget) low = middle
    else high = middle
  }
  return at(Math.exp(high))
}
