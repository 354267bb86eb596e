import type { FormReport } from '@leeway/contract/question-forms'
import { formatPercent } from '../numbers/format-number.ts'

export function ruleWords(rule: FormReport['questions'][number]['rule']): string {
  if (rule === null || rule.share === 0) return 'People are asked for no checks now.'
  return `${formatPercent(rule.share)} of a person’s answers are checks, ${formatPercent(rule.knownShare)} of them on known items where there are some; there ${formatPercent(rule.plantedShare)} propose a wrong answer.`
}
