/** What drift means, in a sentence that somebody who does not know the statistic can act on. */
import type { Insufficient } from '../numeric/insufficient.ts'
import type { UnlikeShare } from './unlike-share.ts'

/** What is compared: what users ask, or what the agent does. */
export type DriftKind = 'asked' | 'done'

export function describeDrift(
  kind: DriftKind,
  found: UnlikeShare | Insufficient,
  falseAlarmRate: number,
): string {
  const subject = kind === 'asked' ? 'what was asked' : 'what the agent did'
  if (found.kind === 'insufficient')
    return `Whether ${subject} this week is like what was rated is not known: ${found.reason}.`
  const { share, interval, fresh, unlike, rated } = found
  const among =
    kind === 'asked'
      ? `${percent(share)} of this week's conversations are unlike anything that was rated`
      : `In ${percent(share)} of this week's conversations the agent acted unlike in any that was rated`
  return `${among} (${unlike.length} of ${fresh} read, between ${percent(interval.low)} and ${percent(interval.high)}; ${rated} rated). At most ${percent(falseAlarmRate)} would be, had nothing changed.`
}

function percent(share: number): string {
  const shown = share < 0.1 ? Math.round(1_000 * share) / 10 : Math.round(100 * share)
  return `${shown} %`
}
