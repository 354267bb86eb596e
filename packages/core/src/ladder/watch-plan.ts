/**
 * How a policy is watched after its promotion: what it promised, how many of its units are audited, and how rarely a false
 * alarm may come.
 *
 * Promise     the failure rate that the release measured on the baseline, plus the margin. What opened the last stage refuted
 *             "the margin or more", so this is the most that was allowed. It is fixed at the promotion and estimates nothing
 *             after it: the guarantee is about this number, not about what the baseline would do today.
 * Audit       the share of the last stage, at least AUDIT_PROBABILITY_MIN: who is never looked at is not watched.
 * Alarm       1 in UNITS_PER_FALSE_ALARM units on average while the promise holds (`sequential/change-detector.ts`).
 * Degenerate  a promise of 1 or more cannot be broken: no plan, null.
 */
import type { Stage } from './ladder.ts'

export type WatchPlan = {
  /** In (0, 1). */
  readonly promisedRate: number
  /** Probability that a unit is audited, in (0, 1]. */
  readonly auditProbability: number
  /** Of the change detector: false alarms come 1/alpha units or more apart, on average. */
  readonly alpha: number
}

export const UNITS_PER_FALSE_ALARM = 10_000
const AUDIT_PROBABILITY_MIN = 0.05

/** `baselineFailure`: as the check that completed the release measured it, in [0, 1]. */
export function watchPlan(
  last: Pick<Stage, 'reviewed'> & { readonly gate: Pick<Stage['gate'], 'margin'> },
  baselineFailure: number,
): WatchPlan | null {
  const promisedRate = baselineFailure + last.gate.margin
  if (!(promisedRate > 0 && promisedRate < 1)) return null
  return {
    promisedRate,
    auditProbability: Math.max(last.reviewed, AUDIT_PROBABILITY_MIN),
    alpha: 1 / UNITS_PER_FALSE_ALARM,
  }
}
