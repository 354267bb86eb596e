import type { ComparedAnswers, ShadowEvidence } from '@leeway/contract/shadows'
import { formatCount, formatCountOf, formatPercentInterval } from '../numbers/format-number.ts'

/** How often the candidate chose the baseline's tools on answers of one kind; null where there are none. */
export function agreementWords(kind: 'first-turn' | 'step', of: ComparedAnswers): string | null {
  const { compared, units, sameTools, sameCalls, sameText, agreement } = of
  if (agreement === null) return null
  const what =
    kind === 'first-turn'
      ? formatCountOf(compared, 'first turn')
      : `${formatCountOf(compared, 'step')} of conversations that the baseline leads`
  const share = formatPercentInterval({ ...agreement, estimate: agreement.share })
  return `The same tools in ${formatCount(sameTools)} of ${what}, ${share}, by ${formatCountOf(units, 'unit')}; the same calls in ${formatCount(sameCalls)}, the same text in ${formatCount(sameText)}.`
}

/** What of it counts, and for what. */
export function evidenceWords({ stage, whyNone, firstTurns, steps }: ShadowEvidence): string {
  const drawn = firstTurns.drawn + steps.drawn
  const parts = [
    formatCountOf(firstTurns.drawn, 'paired first turn'),
    formatCountOf(steps.drawn, 'paired step'),
  ].join(' and ')
  const asked =
    drawn === 0
      ? ''
      : `${parts} were put before raters, one of each user or session, and ${formatCount(firstTurns.labelled + steps.labelled)} have both labels. `
  return `${asked}${whyNone === null ? `The gate of ${stage} reads them; no stage that acts does, or opens one that does.` : WHY_NONE[whyNone]}`
}

const WHY_NONE: Readonly<Record<NonNullable<ShadowEvidence['whyNone']>, string>> = {
  truth: 'The truth of this release is an outcome, which a single answer does not have: no gate reads any.',
  units: 'This release rests on recorded episodes: no gate reads any.',
  stage: 'The present stage acts, or opens one that does: its gate reads none.',
}

export function toolsWords(tools: readonly string[]): string {
  return tools.length === 0 ? 'no tool' : tools.join(', ')
}
