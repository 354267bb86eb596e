/**
 * Whether a candidate serves the share of conversations that was drawn for it.
 *
 * Estimand    the share of conversations that the candidate served, over units as they come.
 * Method      interval: numeric/clustered-share.ts, a unit is a cluster. Broken: the e-value against "each unit went to the
 *             candidate with probability `propensity`" (sequential/split-balance.ts) has passed its limit.
 * Assumes     units are drawn by themselves. In blocks their number varies less, so that false alarms are rarer than one in
 *             a thousand windows.
 * Input       one entry a unit: its conversations, and how many of them the candidate served; the unit is the candidate's
 *             when it served any. `propensity` above 0 and below 1.
 * Degenerate  no conversations: null.
 * Cost        O(units).
 */
import { clusteredShare } from '../numeric/clustered-share.ts'
import { IMBALANCE_LIMIT, splitImbalance } from '../sequential/split-balance.ts'

export type ServedUnit = { readonly conversations: number; readonly byCandidate: number }

export type TrafficSplit = {
  readonly conversations: number
  readonly byCandidate: number
  readonly share: number
  readonly low: number
  readonly high: number
  /** 'fewer' and 'more' only where chance does not explain it. */
  readonly standing: 'as-drawn' | 'fewer' | 'more'
}

export function trafficSplit(all: readonly ServedUnit[], propensity: number): TrafficSplit | null {
  const units = all.filter(({ conversations }) => conversations > 0)
  const measured = clusteredShare(
    units.map(({ conversations, byCandidate }) => ({ yes: byCandidate, of: conversations })),
  )
  if (measured === null) return null
  const candidate = units.filter(({ byCandidate }) => byCandidate > 0).length
  const isBroken = splitImbalance(candidate, units.length - candidate, propensity) >= IMBALANCE_LIMIT
  const direction = candidate < propensity * units.length ? 'fewer' : 'more'
  return {
    conversations: units.reduce((sum, one) => sum + one.conversations, 0),
    byCandidate: units.reduce((sum, one) => sum + one.byCandidate, 0),
    ...measured,
    standing: isBroken ? direction : 'as-drawn',
  }
}
