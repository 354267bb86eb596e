/** What a gate was set to before anybody looked. Rates are fractions, never percent. */
import type { BetPrior } from '../sequential/betting-process.ts'
import type { LabelErrorPlan } from './label-error-plan.ts'
import type { Strata } from './strata.ts'

export type GatePlan = {
  /** Largest rise in failure rate the candidate may have and still be promoted, in (0, 1). */
  readonly margin: number
  /** Smallest rise that is harm; rollback refutes "worse by no more than this". In [0, 1). */
  readonly harmMargin: number
  /** Type-I error of promotion, in (0, 0.5]. */
  readonly alpha: number
  /** Type-I error of rollback, stated apart: in (0, 0.5]. */
  readonly rollbackAlpha: number
  /** Largest share of asked-for labels that may be missing before the gate is unhealthy. */
  readonly missingShareMax: number
  /** Units needed before a promotion is proposed, however strong the evidence. */
  readonly unitsMin: number
  readonly betPrior: BetPrior
  /** Largest tolerated rate of severe failures; null states none. */
  readonly severeRateMax: number | null
  /** How errors of the labels themselves enter the decision. Absent: the labels are the truth. */
  readonly labelError?: LabelErrorPlan
  /** Known weights of the strata that units are drawn from. Absent: every unit counts alike. */
  readonly strata?: Strata
}

/** The usual plan at a margin: the bet expects the two policies to be equal. */
export function planAt(margin: number, changes: Partial<GatePlan> = {}): GatePlan {
  return {
    margin,
    harmMargin: margin,
    alpha: 0.05,
    rollbackAlpha: changes.alpha ?? 0.05,
    missingShareMax: 0.1,
    unitsMin: 0,
    betPrior: defaultBetPrior(margin),
    severeRateMax: null,
    ...changes,
  }
}

/**
 * Gap: the margin, which is the payoff of an equal candidate. Variance 0.2: two policies failing one time in ten,
 * independently. Worth 300 units: a choice, not yet measured by a study. It decides speed only, never validity.
 */
export function defaultBetPrior(margin: number): BetPrior {
  return { gap: Math.max(margin, 0.005), variance: 0.2, weight: 300 }
}
