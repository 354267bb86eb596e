import type { CommittedAnswer } from '@leeway/contract/review'
import { optionsOf, type Scale } from '@leeway/core/rubrics/scale'

/** What keeps an answer off a scale, and which answers there are; null when it is one of them. */
export function answerProblem(
  scale: Scale,
  answer: CommittedAnswer,
): { readonly reason: string; readonly fix: string } | null {
  if (answer.kind !== 'answered') return null
  const { value } = answer
  if (scale.kind === 'number') {
    if (typeof value === 'number' && value >= scale.min && value <= scale.max) return null
    return {
      reason: `${JSON.stringify(value)} is no number from ${scale.min} to ${scale.max}`,
      fix: `Answer with a number from ${scale.min} to ${scale.max}.`,
    }
  }
  const options = optionsOf(scale) ?? []
  if (typeof value === 'string' && options.includes(value)) return null
  return {
    reason: `${JSON.stringify(value)} is none of the answers to this question`,
    fix: `Answer with one of: ${options.join(', ')}.`,
  }
}
