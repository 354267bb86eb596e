import type { ChainLink, ChainView } from '@leeway/contract/supervision'
import { formatCountOf, formatPercent, formatPercentInterval } from '../numbers/format-number.ts'

/** What the foot of the chain stands on. */
export function groundWords({ kind }: ChainView['ground']): string {
  if (kind === 'anchor') return 'the anchor: named people declared it safe'
  return kind === 'person' ? 'chosen by a named person' : 'nobody vouches for it'
}

export function barWords(bar: ChainView['bar']): string {
  if (bar === null) return 'The next stage asks nothing of supervisors.'
  const goal = bar.stage === null ? 'complete the release' : `open ${bar.stage}`
  return `To ${goal}, every supervisor must be shown to catch at least ${formatPercent(bar.catchMin)} of the mistakes, with ${formatPercent(bar.auditShareMin)} of its answers audited.`
}

/** `[what, how much]`, for a list of facts about one link. */
export function linkFacts(link: ChainLink): readonly (readonly [string, string])[] {
  const { figures, catchRate, falseAlarmRate, auditShare, sameFamily } = link
  const share = (rate: ChainLink['catchRate']) =>
    rate.estimate === null ? 'unknown' : formatPercentInterval({ ...rate, estimate: rate.estimate })
  return [
    [
      'Mistakes caught',
      figures.mistakes === 0
        ? 'no audited mistake yet'
        : `${figures.caught} of ${formatCountOf(figures.mistakes, 'audited mistake')}, ${share(catchRate)}`,
    ],
    [
      'False alarms',
      figures.sound === 0
        ? 'nothing sound audited yet'
        : `${figures.falseAlarms} of ${formatCountOf(figures.sound, 'sound episode')}, ${share(falseAlarmRate)}`,
    ],
    [
      'Audited',
      auditShare === null
        ? 'it has answered nothing yet'
        : `${figures.audited} of ${formatCountOf(figures.checked, 'answer')}, ${formatPercent(auditShare)}`,
    ],
    [
      'Planted faults',
      figures.canariesShown === 0
        ? sameFamily
          ? 'none answered yet, and one of the family counts only after them'
          : 'none answered; of another family, so none are needed'
        : `${figures.canariesCaught} of ${figures.canariesShown} caught${sameFamily ? familyWords(link) : ''}`,
    ],
  ]
}

function familyWords({ canaries }: ChainLink): string {
  if (canaries.verdict === 'counts') return '; of the same family, and counts'
  return canaries.verdict === 'refused'
    ? '; of the same family, and refused'
    : '; of the same family, and does not count yet'
}

/** Whether what the ledger holds of a link still follows from what it was counted from; null: it holds nothing yet. */
export function recordWords({ recorded }: ChainLink): string | null {
  if (recorded.length === 0) return null
  const same = recorded.filter((one) => one.same).length
  return same === recorded.length
    ? `${formatCountOf(same, 'record')} of it in the ledger, counted again to the same.`
    : `${recorded.length - same} of ${formatCountOf(recorded.length, 'record')} in the ledger do not follow from what it was counted from.`
}
