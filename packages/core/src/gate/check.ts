/**
 * One evaluation of a gate: promote, hold, rollback or unhealthy, with all it rests on.
 *
 * First a split between the arms that is not what was drawn: every unit is weighted by that draw, so nothing that follows from
 * them is evidence, for or against. Then rollback, because each missing label was already resolved in the candidate's favour
 * there. Then unhealthy, then promote, else hold. No units never promote: they are unhealthy.
 *
 * With a KL budget, of words or of what is done, a promotion asks for all: no worse than the margin, and within each budget. Where one of
 * them does not hold, it is called so with probability at most alpha. Rollback asks for any, so the errors of a false one add up.
 */
import type { BehaviouralStanding } from '../divergence/behavioural-budget.ts'
import type { KlStanding } from '../divergence/kl-budget.ts'
import { rateUpperBound } from '../sequential/rate-bound.ts'
import { IMBALANCE_LIMIT, splitImbalance } from '../sequential/split-balance.ts'
import { type Evidence, gatherEvidence } from './evidence.ts'
import { type Needed, unitsNeeded } from './labels-needed.ts'
import type { GatePlan } from './plan.ts'
import type { GateUnit } from './unit.ts'

export type Verdict = 'promote' | 'hold' | 'rollback' | 'unhealthy'

/** Why, in a form programs can switch over; `describeCheck` turns it into sentences. */
export const CHECK_REASONS = [
  'no-worse-than-margin',
  'worse-than-tolerated',
  'kl-over-budget',
  'behaviour-over-budget',
  'not-enough-evidence',
  'too-few-units',
  'severe-rate-not-excluded',
  'kl-not-within-budget',
  'kl-insufficient',
  'behaviour-not-within-budget',
  'behaviour-insufficient',
  'no-units',
  'labels-missing',
  'arms-unbalanced',
] as const
export type CheckReason = (typeof CHECK_REASONS)[number]

export type SevereFailures = {
  readonly seen: number
  readonly audited: number
  /** Anytime-valid upper bound of the rate of severe failures. */
  readonly rateMax: number
}

export type Check = {
  readonly verdict: Verdict
  readonly reason: CheckReason
  readonly plan: GatePlan
  readonly evidence: Evidence
  readonly severe: SevereFailures
  /** Null: nothing was asked about the KL from the baseline. */
  readonly kl: KlStanding | null
  /** Null: nothing was asked about how far what it does is from the baseline. */
  readonly behaviour: BehaviouralStanding | null
  /** More units until promotion if the policies are equal, and if the difference is as estimated. */
  readonly neededIfEqual: Needed
  readonly neededIfAsSeen: Needed
  /** Smallest margin at which this evidence would promote already, in (margin, 1]; null when it promotes or none would. */
  readonly marginThatPromotes: number | null
  /** Evidence of any harm at all (difference above 0) although less than what is tolerated. */
  readonly worseButTolerated: boolean
}

export function checkGate(
  units: readonly GateUnit[],
  plan: GatePlan,
  severe: { readonly seen: number; readonly audited: number },
  kl: KlStanding | null = null,
  behaviour: BehaviouralStanding | null = null,
): Check {
  const evidence = gatherEvidence(units, plan)
  const severeRateMax = rateUpperBound(severe.seen, severe.audited, plan.alpha)
  const { verdict, reason } = judge(units, plan, evidence, severeRateMax, { kl, behaviour })
  const discordance = evidence.discordance ?? 0.2
  const needed = (difference: number): Needed =>
    unitsNeeded({
      margin: plan.margin,
      difference,
      discordance,
      alpha: plan.alpha,
      logWealth: evidence.logPromote,
      claim: 'promote',
    })
  return {
    verdict,
    reason,
    plan,
    evidence,
    severe: { ...severe, rateMax: severeRateMax },
    kl,
    behaviour,
    neededIfEqual: needed(0),
    neededIfAsSeen: needed(evidence.estimate ?? 0),
    marginThatPromotes: evidence.high > plan.margin && evidence.high < 1 ? evidence.high : null,
    worseButTolerated: verdict !== 'rollback' && evidence.low > 0,
  }
}

function judge(
  units: readonly GateUnit[],
  plan: GatePlan,
  evidence: Evidence,
  severeRateMax: number,
  { kl, behaviour }: Pick<Check, 'kl' | 'behaviour'>,
): { readonly verdict: Verdict; readonly reason: CheckReason } {
  const first = units[0]
  if (first?.design === 'routed') {
    const imbalance = splitImbalance(evidence.candidateUnits, evidence.baselineUnits, first.propensity)
    if (imbalance >= IMBALANCE_LIMIT) return { verdict: 'unhealthy', reason: 'arms-unbalanced' }
  }
  if (evidence.rollbackCrossedAt !== null) return { verdict: 'rollback', reason: 'worse-than-tolerated' }
  if (kl?.standing === 'over') return { verdict: 'rollback', reason: 'kl-over-budget' }
  if (behaviour?.standing === 'over') return { verdict: 'rollback', reason: 'behaviour-over-budget' }
  if (evidence.units === 0) return { verdict: 'unhealthy', reason: 'no-units' }
  // Also where no label came at all: whoever labels may have died.
  if (evidence.missingShare > plan.missingShareMax) return { verdict: 'unhealthy', reason: 'labels-missing' }
  if (evidence.labels === 0) return { verdict: 'unhealthy', reason: 'no-units' }
  if (evidence.promoteCrossedAt === null) return { verdict: 'hold', reason: 'not-enough-evidence' }
  if (evidence.units < plan.unitsMin) return { verdict: 'hold', reason: 'too-few-units' }
  if (plan.severeRateMax !== null && severeRateMax > plan.severeRateMax) {
    return { verdict: 'hold', reason: 'severe-rate-not-excluded' }
  }
  if (kl?.standing === 'insufficient') return { verdict: 'hold', reason: 'kl-insufficient' }
  if (kl?.standing === 'open') return { verdict: 'hold', reason: 'kl-not-within-budget' }
  if (behaviour?.standing === 'insufficient') return { verdict: 'hold', reason: 'behaviour-insufficient' }
  if (behaviour?.standing === 'open') return { verdict: 'hold', reason: 'behaviour-not-within-budget' }
  return { verdict: 'promote', reason: 'no-worse-than-margin' }
}
