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

/** An answer to choose, with its key: a number is the place of the answer on the scale, in either form. */
export type Choice = { readonly value: string; readonly key: string; readonly title: string }

/** Where an answer is to be checked, that one comes first and has a key of its own. */
export function choicesOf({
  scale,
  proposed,
}: {
  readonly scale: ScaleView
  readonly proposed: string | null
}): readonly Choice[] {
  const options = optionsOfScale(scale).map((value, at) => ({ value, key: at < 9 ? String(at + 1) : '' }))
  if (proposed === null) return options.map((option) => ({ ...option, title: option.value }))
  return [
    { value: proposed, key: ACCEPT_KEY, title: `Right, it is “${proposed}”` },
    ...options
      .filter(({ value }) => value !== proposed)
      .map((option) => ({ ...option, title: `Wrong, it is “${option.value}”` })),
  ]
}

export const ACCEPT_KEY = 'a'

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
