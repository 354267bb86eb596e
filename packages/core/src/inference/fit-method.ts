/** One fit by the method's name. `starts` is for methods that draw where they begin; others ignore it. */
import { fitEbcc } from './ebcc.ts'
import { fitConfusion } from './fit-confusion.ts'
import type { RatingIndex } from './rating-index.ts'
import { fitStacked } from './stacked.ts'
import type { FitOptions, TruthFit, TruthMethod } from './truth-method.ts'
import { majority } from './vote-shares.ts'

export function fitMethod(
  index: RatingIndex,
  method: TruthMethod,
  options: FitOptions,
  starts?: number,
): TruthFit {
  if (method === 'majority') return majority(index, options.gold)
  if (method === 'stacked') return fitStacked(index, options.gold)
  if (method === 'ebcc') return fitEbcc(index, options, starts)
  return fitConfusion(index, method, options)
}
