/** What is said of a rater in a line. */
import type { RaterSummary } from '@leeway/contract/raters'
import { formatCountOf, formatDuration, formatPercentInterval } from '../numbers/format-number.ts'

const KIND_WORD = { human: 'person', model: 'model', program: 'program' } as const

/** "person, vetted"; a program or a model has no tier to earn, but may be suspended. */
export function standingWords({ kind, tier }: Pick<RaterSummary, 'kind' | 'tier'>): string {
  return kind === 'human' || tier === 'suspended' ? `${KIND_WORD[kind]}, ${tier}` : KIND_WORD[kind]
}

export function accuracyWords(rater: Pick<RaterSummary, 'accuracy' | 'accuracyFrom'>): string {
  return rater.accuracy === null
    ? 'Nothing is known yet of how often it is right.'
    : `Right on ${formatPercentInterval(rater.accuracy)}, from ${formatCountOf(rater.accuracyFrom, 'answer')}.`
}

/** Time of a person's answer, cost of a model's; null when neither is known. */
export function costWords(rater: Pick<RaterSummary, 'minutesAnAnswer' | 'usdAnAnswer'>): string | null {
  if (rater.minutesAnAnswer !== null) return `${formatDuration(rater.minutesAnAnswer * 60_000)} an answer`
  if (rater.usdAnAnswer !== null) return `${formatUsd(rater.usdAnAnswer)} an answer`
  return null
}

/** "$0.0021", "$1.20": two digits that count. */
export function formatUsd(usd: number): string {
  if (usd === 0) return '$0'
  return `$${usd >= 0.995 ? usd.toFixed(2) : Number(usd.toPrecision(2)).toString()}`
}
