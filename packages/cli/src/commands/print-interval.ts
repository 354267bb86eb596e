/** Estimates with intervals in words and numbers. */
import type { Insufficient } from '@leeway/core/numeric/insufficient'
import type { IntervalEstimate } from '@leeway/core/numeric/interval-estimate'

/** For example `0.412 (0.318 to 0.506)`, `0.412 (no interval: …)` or `unknown: …`. */
export function withInterval(estimate: IntervalEstimate | Insufficient, digits = 3): string {
  if (estimate.kind === 'insufficient') return `unknown: ${estimate.reason}`
  const { value, interval } = estimate
  return interval.kind === 'insufficient'
    ? `${value.toFixed(digits)} (no interval: ${interval.reason})`
    : `${value.toFixed(digits)} (${interval.low.toFixed(digits)} to ${interval.high.toFixed(digits)})`
}

/** 0.95 as `95 %`. */
export function percent(level: number): string {
  return `${Math.round(level * 1000) / 10} %`
}
