/**
 * What one unit of a promoted policy says to the change detector.
 *
 * Payoff      failure / probability where the unit was drawn for audit, 0 where it was not, minus the promised rate. Over the
 *             draw its mean is failure - promised rate, so below 0 or at it while the promise holds: what the detector assumes.
 * Bound       at least minus the promised rate, known before the unit is seen.
 * Assumes     the probability is that with which this unit was drawn, fixed before its failure could be known; units in the
 *             order of their draws.
 * Missing     an alarm must not come of labels that did not: a label that is missing counts as no failure.
 * Units       failure in [0, 1], probability in (0, 1], promisedRate in (0, 1).
 * Source      Horvitz & Thompson 1952.
 */
export type WatchedUnit =
  | { readonly kind: 'observed'; readonly failure: number; readonly probability: number }
  | { readonly kind: 'unsampled' }
  | { readonly kind: 'missing' }

export function watchedPayoff(unit: WatchedUnit, promisedRate: number): number {
  const weighted = unit.kind === 'observed' ? unit.failure / unit.probability : 0
  return weighted - promisedRate
}
