/**
 * Several metrics of one candidate, each with a gate of its own, in one error budget.
 *
 * Promote     every metric must promote. Each may use the whole alpha: whichever one is truly too bad, promotion needs
 *             its own refutation to be wrong (intersection-union test), so together at most alpha.
 * Rollback    any metric may roll back, so each has rollbackAlpha / K (Bonferroni): together at most rollbackAlpha.
 * Worse       the metrics shown as "worse" in reports are chosen by e-BH: of those named, a share alpha is wrong on average.
 * Degenerate  no metrics: unhealthy, never promote.
 * Source      Berger 1982 (intersection-union); Wang & Ramdas 2022 (e-BH).
 */
import { rejectByEValues } from '../sequential/e-values.ts'
import type { Check, Verdict } from './check.ts'
import type { GatePlan } from './plan.ts'

/** The plan of each metric's own gate, out of plans that each state the whole budget. */
export function plansOfMetrics<Name extends string>(
  plans: Readonly<Record<Name, GatePlan>>,
): Readonly<Record<Name, GatePlan>> {
  const entries = Object.entries<GatePlan>(plans)
  return Object.fromEntries(
    entries.map(([name, plan]) => [name, { ...plan, rollbackAlpha: plan.rollbackAlpha / entries.length }]),
  ) as Record<Name, GatePlan>
}

export type MetricsVerdict = {
  readonly verdict: Verdict
  /** The metrics the verdict rests on: those that roll back, are unhealthy or still hold; all of them at a promotion. */
  readonly because: readonly string[]
  /** Metrics on which the candidate is worse than its harm margin, with errors in a share alpha of those named. */
  readonly worse: readonly string[]
}

export function verdictOfMetrics(
  checks: Readonly<Record<string, Check>>,
  reportAlpha: number,
): MetricsVerdict {
  const entries = Object.entries(checks)
  const rejected = rejectByEValues(
    entries.map(([, check]) => check.evidence.logRollback),
    reportAlpha,
  )
  const worse = rejected.flatMap((index) => entries[index]?.[0] ?? [])
  for (const verdict of ['rollback', 'unhealthy', 'hold'] as const) {
    const because = entries.filter(([, check]) => check.verdict === verdict).map(([name]) => name)
    if (because.length > 0) return { verdict, because, worse }
  }
  return entries.length === 0
    ? { verdict: 'unhealthy', because: [], worse }
    : { verdict: 'promote', because: entries.map(([name]) => name), worse }
}
