import type { CommittedAnswer } from '@leeway/contract/review'
import type { ScaleView } from '@leeway/contract/rubrics'

/** The answers in the order of their keys (1 is the first); empty where the answer is a number. */
export function optionsOfScale(scale: ScaleView): readonly string[] {
  switch (scale.kind) {
    case 'yes-no':
      return ['yes', 'no']
    case 'ordinal':
      return scale.levels
    case 'pairwise':
      return ['left', 'right', 'equal']
    case 'number':
      return []
  }
}

export const SKIP_WORDS = {
  'unclear-question': 'The question is unclear',
  'missing-information': 'The steps do not show it',
  'too-hard': 'Too hard for me to judge',
  'conflict-of-interest': 'I should not judge this one',
} as const

export function answerWords(answer: CommittedAnswer): string {
  if (answer.kind === 'answered') return String(answer.value)
  if (answer.kind === 'not-applicable') return 'does not arise'
  return `skipped: ${(SKIP_WORDS as Readonly<Record<string, string>>)[answer.reason] ?? answer.reason}`
}

/** What a person typed as a number of the scale; null when it is none. */
export function readNumber(text: string, scale: ScaleView): number | null {
  const value = Number(text.trim().replace(',', '.'))
  if (text.trim() === '' || !Number.isFinite(value) || scale.kind !== 'number') return null
  return value >= scale.min && value <= scale.max ? value : null
}
