/** What the numbers of agreement mean, in a sentence. */
import type { Measured, QuestionAgreement } from '@leeway/contract/agreement'
import { formatCountOf } from '../numbers/format-number.ts'

/** Krippendorff's bounds: below the first nothing should be concluded, from the second on answers are reliable. */
const TENTATIVE = 0.667
const RELIABLE = 0.8

export function alphaWords(alpha: Measured): string {
  if (alpha.kind === 'insufficient') return `Whether people agree cannot be said: ${alpha.reason}.`
  if (alpha.high < TENTATIVE)
    return alpha.low <= 0
      ? 'Nobody agrees on this: people answer as chance would have it, as far as can be told. Ask it in other words.'
      : 'People agree too little to conclude from. Make the guidance clearer, or decide the hard ones.'
  if (alpha.low >= RELIABLE) return 'People agree.'
  if (alpha.low >= TENTATIVE) return 'People mostly agree: enough for a cautious conclusion.'
  return 'How far people agree is open: more answers to the same episodes would tell.'
}

/** "0.62 (0.41 to 0.78)"; null where there is no number. */
export function measuredWords(measured: Measured): string | null {
  if (measured.kind === 'insufficient') return null
  const digits = (value: number) =>
    value
      .toFixed(2)
      .replace('-', '−')
      .replace(/^−0\.00$/, '0.00')
  return `${digits(measured.value)} (${digits(measured.low)} to ${digits(measured.high)})`
}

/** With models beside people, each family of models once; and what it would be if copies of one model counted each. */
export function modelWords({ voices, raw }: NonNullable<QuestionAgreement['withModels']>): string {
  const heard = measuredWords(voices)
  if (heard === null)
    return 'With models, each family of them heard once, no two voices answered enough of the same.'
  const alone = measuredWords(raw)
  const inflated = alone === null || alone === heard ? '' : ` Every model counted for itself: ${alone}.`
  return `People and models, each family of models heard once: ${heard}.${inflated}`
}

export function restWords({ rubric, episodes, correlation }: QuestionAgreement['withRest'][number]): string {
  if (correlation.kind === 'insufficient')
    return `How it goes with the other questions of “${rubric}” cannot be said: ${correlation.reason}.`
  const numbers = `${measuredWords(correlation)}, ${formatCountOf(episodes, 'episode')}`
  if (correlation.high < 0)
    return `It goes against the other questions of “${rubric}”: ${numbers}. What it calls good they call bad; look at how it is asked and which answer is the good one.`
  if (correlation.low > 0) return `It goes with the other questions of “${rubric}”: ${numbers}.`
  return `Whether it goes with the other questions of “${rubric}” is open: ${numbers}.`
}
