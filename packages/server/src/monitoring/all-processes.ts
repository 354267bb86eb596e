/** What the gateway did in all processes of one server: this one, and those that serve agents beside it. */
import { AggregatorRegistry, type Registry } from 'prom-client'
import type { UpstreamStanding } from '../gateway/patient-upstreams.ts'

/** Of one process since it began. */
export type ProcessStanding = {
  /** Its counters, by project. */
  readonly turns: Readonly<Record<string, readonly object[]>>
  readonly upstreams: readonly UpstreamStanding[]
  /** What waits on its disk for the database. */
  readonly spool: { readonly bytes: number; readonly damagedLines: number }
}

/** Counters of one project, added up; null before its first turn. */
export function turnsOf(standings: readonly ProcessStanding[], projectId: string): Registry | null {
  const counted = standings.flatMap(({ turns: { [projectId]: own } }) => (own === undefined ? [] : [own]))
  return counted.length === 0 ? null : AggregatorRegistry.aggregate([...counted])
}

export function spoolOf(standings: readonly ProcessStanding[]): ProcessStanding['spool'] {
  return {
    bytes: standings.reduce((sum, { spool }) => sum + spool.bytes, 0),
    damagedLines: standings.reduce((sum, { spool }) => sum + spool.damagedLines, 0),
  }
}
