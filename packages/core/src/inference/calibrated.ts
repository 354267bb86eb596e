/** A fit whose beliefs admit what gold has shown: tempered by a power, and widened where gold is of another kind. */
import { goldShift, widen } from './gold-shift.ts'
import type { RatingIndex } from './rating-index.ts'
import { temper } from './temper.ts'
import type { TruthFit } from './truth-method.ts'

export type CalibratedFit = TruthFit & {
  /** The beliefs before they were tempered and widened: what a refresh starts from. */
  readonly fitted: Float64Array
  /** Power the beliefs were raised to; null where there was no gold to fit it on. */
  readonly temper: number | null
  /** Share of the other items that is of a kind gold does not have, at least; their beliefs are that much wider. */
  readonly goldShift: number
}

export function calibrated(
  index: RatingIndex,
  fit: TruthFit,
  gold: Int32Array | null,
  power: number | null,
  /** Classes the fit was held to: those of gold, and whatever else is settled. */
  held: Int32Array | null = gold,
): CalibratedFit {
  const logBeliefs = fit.logBeliefs.slice()
  if (power !== null) temper(logBeliefs, index.classes, power)
  const shift = gold === null ? 0 : goldShift(index, gold)
  if (held !== null && shift > 0) widen(logBeliefs, index.classes, held, shift)
  return { ...fit, logBeliefs, fitted: fit.logBeliefs, temper: power, goldShift: shift }
}
