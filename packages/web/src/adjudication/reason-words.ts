import type { DisagreementReason } from '@leeway/contract/adjudication'

/** Why people disagreed, each with its key. The keys leave those that walk through the steps alone. */
export const REASONS: readonly {
  readonly reason: DisagreementReason
  readonly key: string
  readonly words: string
}[] = [
  { reason: 'guidance-unclear', key: 'w', words: 'Guidance unclear' },
  { reason: 'missed-evidence', key: 'v', words: 'Evidence missed' },
  { reason: 'misread-question', key: 'm', words: 'Question misread' },
  { reason: 'ambiguous-episode', key: 'a', words: 'Can be read both ways' },
  { reason: 'slip', key: 's', words: 'A slip' },
  { reason: 'other', key: 'x', words: 'Something else' },
]

export function reasonWords(reason: DisagreementReason): string {
  return REASONS.find((one) => one.reason === reason)?.words ?? reason
}
