/**
 * What a decision will take: answers, people-hours, money for the judge, calendar days. And what would shorten it.
 *
 * Assumes     simulated-gate.ts; the difference is what the caller expects (0 = equal policies).
 * Verdicts    `decidable`; `futile`: the expected difference is the margin or more, or the budget of labels does not reach;
 *             `impossible`: at this quality of labels no number of units promotes (see docs/methods/label-error.md).
 * Days        the slower of traffic (units a day at this exposure) and people (labels a day).
 */

import { ALPHA_SHARE } from '../gate/label-error-plan.ts'
import { labelQuality } from '../gate/label-quality.ts'
import { type Forecast, fittedPrior, forecastUnits } from './forecast.ts'
import { type Design, summandLaw } from './summand-law.ts'

export type PlanRequest = {
  readonly margin: number
  readonly alpha: number
  readonly baselineFailure: number
  /** Expected difference, candidate minus baseline. */
  readonly difference: number
  readonly judgeAccuracy: number | null
  readonly budget: number
  /** Share of traffic the candidate gets, by blocks; 1: both policies act on every unit (shadow pairs). */
  readonly exposure: number
  readonly unitsPerDay: number
  readonly labelsPerDay: number
  readonly labelSeconds: number
  /** Cost of one judged episode, in currency units. */
  readonly judgeCost: number
  readonly identicalShare: number
  /** Quality of the labels as expected, and how many gold items of each kind measure it; null: labels count as the truth. */
  readonly check: {
    readonly sensitivity: number
    readonly specificity: number
    readonly goldFaults: number
    readonly goldSound: number
    /** Probability of an expert's second look (`differential`); null: `shared`. */
    readonly reaudit: number | null
  } | null
  /** Labels that can be paid for; null: no limit. */
  readonly labelsMax: number | null
}

export type ReleasePlan = {
  readonly verdict: 'decidable' | 'futile' | 'impossible'
  readonly reason:
    | 'ok'
    | 'difference-too-large'
    | 'beyond-budget'
    | 'beyond-horizon'
    | 'labels-tell-too-little'
  /** Null unless the forecast reaches a decision. */
  readonly needs: {
    readonly units: number
    readonly unitsMost: number | null
    readonly labels: number
    readonly reaudits: number
    readonly peopleHours: number
    readonly judgeCost: number
    readonly days: number
  } | null
  /** The margin between labels that is tested, after label error. */
  readonly marginInForce: number
}

export type Simulation = { readonly runs: number; readonly unitsMax: number; readonly random: () => number }

export function planRelease(request: PlanRequest, simulation: Simulation): ReleasePlan {
  const { margin, alpha, check } = request
  const shared = check !== null && check.reaudit === null
  const marginInForce = shared ? margin * informednessExpected(check, alpha) : margin
  const none = (verdict: ReleasePlan['verdict'], reason: ReleasePlan['reason']): ReleasePlan => ({
    verdict,
    reason,
    needs: null,
    marginInForce,
  })
  if (marginInForce <= 0) return none('impossible', 'labels-tell-too-little')
  if (request.difference >= margin) return none('futile', 'difference-too-large')
  const informedness = check ? check.sensitivity + check.specificity - 1 : 1
  if (shared && request.difference * informedness >= marginInForce)
    return none('impossible', 'labels-tell-too-little')
  const design = designOf(request)
  const betPrior = fittedPrior(summandLaw(design), marginInForce)
  const forecast = forecastUnits(
    design,
    { margin: marginInForce, alpha: shared ? alpha * (1 - ALPHA_SHARE) : alpha, betPrior },
    simulation,
  )
  if (forecast.kind === 'beyond') return none('futile', 'beyond-horizon')
  const needs = needsOf(forecast, request)
  return request.labelsMax !== null && needs.labels > request.labelsMax
    ? { verdict: 'futile', reason: 'beyond-budget', needs, marginInForce }
    : { verdict: 'decidable', reason: 'ok', needs, marginInForce }
}

export type Change = {
  readonly what:
    | 'audit-by-judge'
    | 'skip-identical'
    | 'double-exposure'
    | 'more-raters'
    | 'better-judge'
    | 'more-gold'
    | 'wider-margin'
  readonly days: number
  readonly labels: number
}

/**
 * Changes that shorten the time to a decision by a tenth or more, cheapest first: those that cost only a setting, then
 * traffic, then people, then a better judge, then gold, and last a wider margin, which changes what is promised.
 */
export function changesThatShorten(
  request: PlanRequest,
  plan: ReleasePlan,
  simulation: Simulation,
): readonly Change[] {
  const days = plan.needs?.days ?? Number.POSITIVE_INFINITY
  return alternatives(request).flatMap(({ what, changed }) => {
    const { needs, verdict } = planRelease(changed, simulation)
    return needs !== null && verdict === 'decidable' && needs.days <= 0.9 * days
      ? [{ what, days: needs.days, labels: needs.labels }]
      : []
  })
}

function alternatives(
  request: PlanRequest,
): readonly { readonly what: Change['what']; readonly changed: PlanRequest }[] {
  const { judgeAccuracy, identicalShare, exposure, check } = request
  const list: { what: Change['what']; changed: PlanRequest }[] = []
  if (judgeAccuracy === null)
    list.push({ what: 'audit-by-judge', changed: { ...request, judgeAccuracy: 0.9, budget: 0.2 } })
  if (identicalShare === 0)
    list.push({ what: 'skip-identical', changed: { ...request, identicalShare: 0.3 } })
  if (exposure < 0.5)
    list.push({ what: 'double-exposure', changed: { ...request, exposure: Math.min(0.5, 2 * exposure) } })
  list.push({ what: 'more-raters', changed: { ...request, labelsPerDay: 2 * request.labelsPerDay } })
  if (judgeAccuracy !== null && judgeAccuracy < 0.95)
    list.push({
      what: 'better-judge',
      changed: { ...request, judgeAccuracy: Math.min(0.97, judgeAccuracy + 0.1) },
    })
  if (check !== null && check.reaudit === null)
    list.push({
      what: 'more-gold',
      changed: {
        ...request,
        check: { ...check, goldFaults: 4 * check.goldFaults, goldSound: 4 * check.goldSound },
      },
    })
  list.push({ what: 'wider-margin', changed: { ...request, margin: Math.min(0.99, request.margin + 0.01) } })
  return list
}

function designOf(request: PlanRequest): Design {
  const { baselineFailure, difference, check } = request
  return {
    baselineFailure,
    candidateFailure: Math.min(1, Math.max(0, baselineFailure + difference)),
    judgeAccuracy: request.judgeAccuracy,
    budget: request.budget,
    labelError: check && {
      sensitivity: check.sensitivity,
      specificity: check.specificity,
      reaudit: check.reaudit,
    },
    identicalShare: request.identicalShare,
  }
}

function informednessExpected(check: NonNullable<PlanRequest['check']>, alpha: number): number {
  const { goldFaults, goldSound } = check
  return labelQuality(
    {
      faults: goldFaults,
      found: Math.round(goldFaults * check.sensitivity),
      sound: goldSound,
      passed: Math.round(goldSound * check.specificity),
    },
    alpha * ALPHA_SHARE,
  ).informedness.low
}

function needsOf(
  forecast: Forecast & { readonly kind: 'units' },
  request: PlanRequest,
): NonNullable<ReleasePlan['needs']> {
  // A block of 1/exposure arrivals gives one pair; with shadow pairs every arrival does.
  const arrivals = forecast.median * (request.exposure >= 1 ? 1 : 1 / request.exposure)
  const answers = forecast.labels + forecast.reaudits
  return {
    units: forecast.median,
    unitsMost: forecast.most,
    labels: forecast.labels,
    reaudits: forecast.reaudits,
    peopleHours: (answers * request.labelSeconds) / 3600,
    judgeCost: request.judgeAccuracy === null ? 0 : 2 * forecast.median * request.judgeCost,
    days: Math.max(arrivals / request.unitsPerDay, answers / request.labelsPerDay),
  }
}
