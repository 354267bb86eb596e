import type { Insufficient } from './insufficient.ts'

/** A closed interval that holds the truth with probability `level` (for example 0.95) over repetitions. */
export type Interval = {
  readonly kind: 'interval'
  readonly low: number
  readonly high: number
  readonly level: number
}

/** A value that was computed, and how far it may be off. The interval can be missing where the value is not. */
export type IntervalEstimate = {
  readonly kind: 'estimate'
  readonly value: number
  readonly interval: Interval | Insufficient
}
