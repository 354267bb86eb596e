/**
 * What a link is counted from: what the supervisor said, what independent audits said, and planted faults, in the order in which
 * they were frozen. The first n of them always give the same tally, so that any look can be repeated.
 *
 * A mistake is counted when both are in: the audit that calls it one, and the supervisor's word. Episodes that only one of
 * them has looked at say nothing of the link.
 */
import type { LinkTally } from './supervision-link.ts'

export type LinkItem = {
  /** `answer`: of the supervisor about an episode. `audit`: the truth of one. `canary`: of the supervisor about a planted fault. */
  readonly kind: 'answer' | 'audit' | 'canary'
  readonly item: string
  /** `none`: asked, and no answer; never of an audit. */
  readonly said: 'fault' | 'sound' | 'none'
}

export function tallyLink(items: readonly LinkItem[]): LinkTally {
  const answers = new Map<string, LinkItem['said']>()
  const audits = new Map<string, LinkItem['said']>()
  const caught: boolean[] = []
  const canaries = { shown: 0, caught: 0 }
  let audited = 0
  let sound = 0
  let falseAlarms = 0
  for (const { kind, item, said } of items) {
    if (kind === 'canary') {
      canaries.shown += 1
      if (said === 'fault') canaries.caught += 1
      continue
    }
    ;(kind === 'answer' ? answers : audits).set(item, said)
    const answer = answers.get(item)
    const truth = audits.get(item)
    if (answer === undefined || truth === undefined) continue
    audited += 1
    if (truth === 'fault') caught.push(answer === 'fault')
    else {
      sound += 1
      if (answer === 'fault') falseAlarms += 1
    }
  }
  return { checked: answers.size, audited, caught, sound, falseAlarms, canaries }
}
