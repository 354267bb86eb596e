import type { HaltView } from '@leeway/contract/gateway'
import { formatCountOf, formatDuration } from '../numbers/format-number.ts'

/** What became of it, and how fast. */
export function haltWords({ halted, tookMs, replicas, missing }: HaltView): string {
  const what = halted ? 'Candidates are halted.' : 'Candidates may act again.'
  if (replicas === 0) return `${what} No process of the gateway runs that had to know.`
  if (tookMs === null)
    return `${what} ${formatCountOf(missing, 'process', 'processes')} of ${replicas} had not read it after two seconds; what they enforce runs out by itself, and then only the baseline serves.`
  const who = replicas === 1 ? 'The one process' : `All ${replicas} processes`
  return `${what} ${who} of the gateway knew within ${formatDuration(tookMs)}.`
}
