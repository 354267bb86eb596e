/** A check in sentences a manager understands. English; numbers with unit and interval. */
import type { BehaviouralStanding } from '../divergence/behavioural-budget.ts'
import { KL_CAP, type KlStanding } from '../divergence/kl-budget.ts'
import type { Check } from './check.ts'

export type CheckWords = {
  /** One or two sentences: the decision and its main reason. */
  readonly verdict: string
  /** What more it would take, or null when nothing more is needed. */
  readonly needed: string | null
  /** What the evidence speaks of. */
  readonly scope: string
  readonly severe: string
  /** How far the candidate is from the baseline; null where nothing was asked about it. */
  readonly kl: string | null
  /** How far what it does is from the baseline; null where nothing was asked about it. */
  readonly behaviour: string | null
}

export type CheckNames = {
  readonly candidate: string
  readonly baseline: string
  /** Traffic units of one block, where the gate reads blocks: one unit of each policy, the others not looked at. */
  readonly blockUnits?: number
}

/** Seconds a person is assumed to need for one label when nothing was measured. */
export const SECONDS_PER_LABEL = 90

/** A margin beyond this is nobody's choice, so it is not offered. */
const WIDER_MARGIN_MAX = 0.3

export function describeCheck(check: Check, names: CheckNames): CheckWords {
  const { evidence } = check
  return {
    verdict: verdictWords(check, names),
    needed: check.verdict === 'hold' ? neededWords(check, names) : null,
    scope: `Speaks of units like ${names.blockUnits === undefined ? `these ${evidence.units}` : `those of these ${evidence.units} blocks`}, and of no others.`,
    severe:
      check.severe.audited === 0
        ? 'No episode was audited for severe failures.'
        : `${check.severe.seen === 0 ? 'No' : check.severe.seen} severe failure${check.severe.seen === 1 ? '' : 's'} among ${check.severe.audited} audited: the rate may still be up to ${percent(check.severe.rateMax)}.`,
    kl: check.kl === null ? null : klWords(check.kl, names),
    behaviour: check.behaviour === null ? null : behaviourWords(check.behaviour, names),
  }
}

function verdictWords(check: Check, names: CheckNames): string {
  const { evidence, plan } = check
  const { candidate, baseline } = names
  const rates = ratesWords(check, names)
  const units = unitsWord(names)
  switch (check.reason) {
    case 'worse-than-tolerated':
      return `Roll back. \`${candidate}\` is worse than \`${baseline}\` by more than the ${points(plan.harmMargin)} you tolerate; that was clear after ${evidence.rollbackCrossedAt} ${units}.${rates}`
    case 'no-worse-than-margin':
      return `Promote. \`${candidate}\` is at most ${points(plan.margin)} worse than \`${baseline}\`; that was clear after ${evidence.promoteCrossedAt} ${units}.${rates}${check.worseButTolerated ? ' It is worse, but within what you allowed.' : ''}`
    case 'not-enough-evidence':
      return `Hold. ${evidence.units} ${units} cannot show that \`${candidate}\` is at most ${points(plan.margin)} worse than \`${baseline}\`.${rates}${check.worseButTolerated ? ' It is worse, but within what you allowed.' : ''}`
    case 'too-few-units':
      return `Hold. The evidence is strong, but the gate wants at least ${plan.unitsMin} ${units} and has ${evidence.units}.`
    case 'severe-rate-not-excluded':
      return `Hold. On average \`${candidate}\` is good enough, but severe failures at a rate of ${percent(check.severe.rateMax)} are not excluded; the gate tolerates ${percent(plan.severeRateMax ?? 0)}.`
    case 'kl-over-budget':
      return `Roll back. Conversations with \`${candidate}\` are further from \`${baseline}\` than the budget of ${nats(check.kl?.natsMax ?? 0)} of KL allows: at least ${nats(check.kl?.low ?? 0)} on average.`
    case 'kl-not-within-budget':
      return `Hold. \`${candidate}\` does its work well enough, but may be ${nats(check.kl?.high ?? 0)} of KL from \`${baseline}\` a conversation; the stage allows ${nats(check.kl?.natsMax ?? 0)}.`
    case 'kl-insufficient':
      return `Hold. \`${candidate}\` does its work well enough, but how far it is from \`${baseline}\` is not known, because ${check.kl?.reason ?? 'nothing was scored'}.`
    case 'behaviour-over-budget':
      return `Roll back. What \`${candidate}\` does is further from \`${baseline}\` than the budget of ${fineNats(check.behaviour?.natsMax)} a choice allows: at least ${fineNats(check.behaviour?.low)}.`
    case 'behaviour-not-within-budget':
      return `Hold. \`${candidate}\` does its work well enough, but what it does may be ${fineNats(check.behaviour?.high)} a choice from \`${baseline}\`; the stage allows ${fineNats(check.behaviour?.natsMax)}.`
    case 'behaviour-insufficient':
      return `Hold. \`${candidate}\` does its work well enough, but how far what it does is from \`${baseline}\` is not known, because ${check.behaviour?.reason ?? 'nothing was seen'}.`
    case 'no-units':
      return 'Unhealthy. No labelled units have come in, and no evidence never promotes anything.'
    case 'labels-missing':
      return `Unhealthy. ${evidence.missing} of ${evidence.missing + evidence.labels} labels are missing (${percent(evidence.missingShare)}); the gate accepts up to ${percent(plan.missingShareMax)}.`
    case 'arms-unbalanced':
      return `Unhealthy. ${evidence.candidateUnits} units went to \`${candidate}\` and ${evidence.baselineUnits} to \`${baseline}\`: not the split that was stated.`
  }
}

function klWords(kl: KlStanding, { candidate, baseline }: CheckNames): string {
  const unscored = kl.notScored === 0 ? '' : ` ${count(kl.notScored)} more could not be scored.`
  if (kl.mean === null || kl.low === null || kl.high === null)
    return `How far \`${candidate}\` is from \`${baseline}\` is not known, because ${kl.reason}; the budget is ${nats(kl.natsMax)} a conversation.`
  const capped =
    kl.capped === 0
      ? ''
      : ` ${count(kl.capped)} of them spent more than ${nats(KL_CAP * kl.natsMax)} and count as that.`
  return `\`${candidate}\` is ${nats(kl.mean)} of KL from \`${baseline}\` a conversation (between ${round(kl.low)} and ${round(kl.high)}), of a budget of ${round(kl.natsMax)}, in ${count(kl.scored)} that were scored.${unscored}${capped}`
}

function behaviourWords(
  { value, low, high, natsMax, reason, candidate: own, baseline: others }: BehaviouralStanding,
  { candidate, baseline }: CheckNames,
): string {
  if (value === null || low === null || high === null)
    return `How far what \`${candidate}\` does is from \`${baseline}\` is not known, because ${reason}; the budget is ${fineNats(natsMax)} a choice.`
  return `By which tool it chooses after which, \`${candidate}\` is ${fineNats(value)} a choice from \`${baseline}\` (between ${fine(low)} and ${fine(high)}), of a budget of ${fine(natsMax)}, in ${count(own)} conversations of the one and ${count(others)} of the other.`
}

const fine = (value: number) => `${Math.round(value * 1000) / 1000}`
const fineNats = (value: number | null | undefined) => `${fine(value ?? 0)} nats`
const round = (value: number) => `${Math.round(value * 10) / 10}`
const nats = (value: number) => `${round(value)} nats`

function ratesWords({ evidence }: Check, { baseline }: CheckNames): string {
  const { candidateFailure, baselineFailure, candidateUnits, baselineUnits } = evidence
  if (candidateFailure === null || baselineFailure === null) return ''
  // A share is of what was labelled; where that is not everything, "of N units" would say too much.
  if (evidence.labels < candidateUnits + baselineUnits)
    return ` Where there was a label, it failed on ${percent(candidateFailure)}, \`${baseline}\` on ${percent(baselineFailure)}.`
  const failed = ` It failed on ${percent(candidateFailure)} of `
  // Paired units were tried by both; of the others each policy had its own.
  return evidence.discordance === null
    ? `${failed}its ${candidateUnits} units, \`${baseline}\` on ${percent(baselineFailure)} of its ${baselineUnits}.`
    : `${failed}${evidence.units} units, \`${baseline}\` on ${percent(baselineFailure)}.`
}

function unitsWord({ blockUnits }: CheckNames): string {
  return blockUnits === undefined ? 'units' : `blocks of ${blockUnits} units`
}

function neededWords(check: Check, names: CheckNames): string {
  if (check.reason === 'kl-not-within-budget') return 'More conversations that have ended and were scored.'
  if (check.reason === 'kl-insufficient')
    return 'Log probabilities of the candidate, and an upstream of the baseline that scores them.'
  if (check.reason === 'behaviour-not-within-budget' || check.reason === 'behaviour-insufficient')
    return 'More conversations of both policies through the gateway that have ended.'
  const { evidence, plan, neededIfEqual, marginThatPromotes } = check
  const parts: string[] = []
  if (neededIfEqual.kind === 'units') {
    const units = roundUp(neededIfEqual.units)
    // As many a unit as were asked for so far.
    const labels = roundUp((units * (evidence.labels + evidence.missing)) / evidence.units)
    parts.push(
      `About ${count(units)} more ${unitsWord(names)} would, if the two are equal (${count(labels)} labels, ${hours(labels)} by hand at ${SECONDS_PER_LABEL} s each).`,
    )
  }
  if (check.neededIfAsSeen.kind === 'unreachable') {
    parts.push(
      `If the difference is as it looks now (${points(evidence.estimate ?? 0)}), no number of labels will at this margin.`,
    )
  }
  if (marginThatPromotes !== null && marginThatPromotes <= WIDER_MARGIN_MAX) {
    parts.push(
      `Or a wider margin: at ${points(marginThatPromotes)} instead of ${points(plan.margin)} this evidence would be enough. Choose margins before looking, not after.`,
    )
  }
  return parts.join(' ')
}

export function percent(rate: number): string {
  const value = rate * 100
  return `${value >= 9.95 || value === 0 ? Math.round(value) : Math.round(value * 10) / 10} %`
}

export function points(rate: number): string {
  const value = Math.round(rate * 1000) / 10
  return `${value} point${value === 1 ? '' : 's'}`
}

/** Two significant digits, upwards: a plan should not look more exact than it is. */
function roundUp(value: number): number {
  const step = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, value))) - 1)
  return Math.ceil(value / step) * step
}

function count(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',')
}

function hours(labels: number): string {
  const value = (labels * SECONDS_PER_LABEL) / 3600
  return value < 1
    ? `${Math.max(1, Math.round(value * 60))} minutes`
    : `${value < 10 ? Math.round(value * 10) / 10 : Math.round(value)} hours`
}
