import type { LabelErrorPlan } from '../gate/label-error-plan.ts'
import { defaultBetPrior, type GatePlan } from '../gate/plan.ts'
import type { StageGate } from './ladder.ts'

/**
 * The plan a stage's gate is checked with. `alpha` is the release's own share of the error of promotion. Rollback keeps
 * the stage's whole alpha: the budget that releases share is for letting a bad policy up, not for taking one down.
 * Without `labelError` the labels are the truth.
 */
export function planOfGate(gate: StageGate, alpha: number, labelError?: LabelErrorPlan): GatePlan {
  return {
    margin: gate.margin,
    harmMargin: gate.harmMargin,
    alpha,
    rollbackAlpha: gate.alpha,
    missingShareMax: gate.missingShareMax,
    unitsMin: gate.unitsMin,
    betPrior: gate.betPrior ?? defaultBetPrior(gate.margin),
    severeRateMax: gate.severeRateMax,
    ...(labelError === undefined ? {} : { labelError }),
  }
}
