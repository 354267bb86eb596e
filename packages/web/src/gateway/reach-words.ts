import type { ReachView } from '@leeway/contract/gateway'
import { formatCountOf, formatDuration } from '../numbers/format-number.ts'

/** How fast the gateway had what was decided, or that some of it had not. */
export function reachWords({ tookMs, replicas, missing }: ReachView): string {
  if (replicas === 0) return 'No process of the gateway runs that had to know.'
  if (tookMs === null)
    return `${formatCountOf(missing, 'process', 'processes')} of ${replicas} had not read it after two seconds; what they enforce runs out by itself, and then only the baseline serves.`
  const who = replicas === 1 ? 'The one process' : `All ${replicas} processes`
  return `${who} of the gateway knew within ${formatDuration(tookMs)}.`
}
