import type { Measured } from '@leeway/contract/agreement'
import type { Insufficient } from '@leeway/core/numeric/insufficient'
import type { IntervalEstimate } from '@leeway/core/numeric/interval-estimate'

/** A value without an interval is not shown: it would be read as if it were sure. */
export function measured(found: IntervalEstimate | Insufficient): Measured {
  if (found.kind === 'insufficient') return found
  const { value, interval } = found
  return interval.kind === 'insufficient'
    ? interval
    : { kind: 'estimate', value, low: interval.low, high: interval.high }
}
