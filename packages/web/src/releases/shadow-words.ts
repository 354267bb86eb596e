import type { ComparedAnswers } from '@leeway/contract/shadows'
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

export function toolsWords(tools: readonly string[]): string {
  return tools.length === 0 ? 'no tool' : tools.join(', ')
}
