/**
 * What a gate will do, before anybody relies on it: chance of promote, rollback and still holding.
 *
 * Estimates   by simulation, P(promote first), P(rollback first) and P(neither) within N units, at a true difference.
 * Model       independent pairs; the baseline fails with `baselineFailure`, the candidate with that plus the difference.
 * Input       `random`: uniform numbers in [0, 1), injected; core has no randomness of its own.
 * Output      fractions that sum to 1, with a standard error of at most 0.5 / sqrt(runs).
 * Degenerate  rates are clipped to [0, 1].
 * Cost        O(runs * largest N).
 */
import type { GatePlan } from '../gate/plan.ts'
import { playUnit, startBetting } from '../sequential/betting-process.ts'

export type Chance = {
  readonly units: number
  readonly promote: number
  readonly rollback: number
  readonly hold: number
}

export function operatingCharacteristics(input: {
  readonly plan: GatePlan
  readonly difference: number
  readonly baselineFailure: number
  readonly unitCounts: readonly number[]
  readonly runs: number
  readonly random: () => number
}): readonly Chance[] {
  const { plan, runs, random } = input
  const counts = [...input.unitCounts].sort((a, b) => a - b)
  const candidateFailure = Math.min(1, Math.max(0, input.baselineFailure + input.difference))
  const ended = counts.map(() => ({ promote: 0, rollback: 0 }))
  for (let run = 0; run < runs; run++) {
    const end = simulateOne(plan, candidateFailure, input.baselineFailure, counts.at(-1) ?? 0, random)
    if (end === null) continue
    counts.forEach((count, index) => {
      const tally = ended[index]
      if (tally && end.at <= count) tally[end.verdict] += 1
    })
  }
  return counts.map((units, index) => {
    const promote = (ended[index]?.promote ?? 0) / runs
    const rollback = (ended[index]?.rollback ?? 0) / runs
    return { units, promote, rollback, hold: 1 - promote - rollback }
  })
}

function simulateOne(
  plan: GatePlan,
  candidateFailure: number,
  baselineFailure: number,
  unitsMax: number,
  random: () => number,
): { readonly verdict: 'promote' | 'rollback'; readonly at: number } | null {
  const promote = startBetting()
  const rollback = startBetting()
  const promoteAt = Math.log(1 / plan.alpha)
  const rollbackAt = Math.log(1 / plan.rollbackAlpha)
  for (let at = 1; at <= unitsMax; at++) {
    const value = (random() < candidateFailure ? 1 : 0) - (random() < baselineFailure ? 1 : 0)
    playUnit(promote, plan.margin - value, 1 - plan.margin, plan.betPrior)
    playUnit(rollback, value - plan.harmMargin, 1 + plan.harmMargin, plan.betPrior)
    if (rollback.logWealthMax >= rollbackAt) return { verdict: 'rollback', at }
    if (promote.logWealthMax >= promoteAt && at >= plan.unitsMin) return { verdict: 'promote', at }
  }
  return null
}
