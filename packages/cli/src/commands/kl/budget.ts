/** Whether a KL is within its budget, as far as the interval can tell. */
import type { IntervalEstimate } from '@leeway/core/numeric/interval-estimate'

export type BudgetVerdict = {
  readonly budget: number
  /** `within` and `over` only where the whole interval says so; `open` otherwise, and where it is not to be trusted. */
  readonly verdict: 'within' | 'over' | 'open'
}

export function againstBudget(
  kl: IntervalEstimate,
  budget: number | undefined,
  trusted: boolean,
): BudgetVerdict | null {
  if (budget === undefined) return null
  if (kl.interval.kind === 'insufficient') return { budget, verdict: 'open' }
  // A heavy tail hides mass above: it can show that a budget is broken, not that it is kept.
  if (kl.interval.low > budget) return { budget, verdict: 'over' }
  return { budget, verdict: trusted && kl.interval.high <= budget ? 'within' : 'open' }
}

export function inWords({ budget, verdict }: BudgetVerdict): string {
  if (verdict === 'within') return `within the budget of ${budget} nats`
  return verdict === 'over'
    ? `over the budget of ${budget} nats`
    : `not shown to be within the budget of ${budget} nats`
}
