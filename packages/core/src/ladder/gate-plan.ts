import { defaultBetPrior, type GatePlan } from '../gate/plan.ts'
import type { StageGate } from './ladder.ts'

/** The plan a stage's gate is checked with; `alpha` is the release's own share, not the stage's setting. */
export function planOfGate(gate: StageGate, alpha: number): GatePlan {
  return {
    margin: gate.margin,
    harmMargin: gate.harmMargin,
    alpha,
    missingShareMax: gate.missingShareMax,
    unitsMin: gate.unitsMin,
    betPrior: gate.betPrior ?? defaultBetPrior(gate.margin),
    severeRateMax: gate.severeRateMax,
  }
}
