import type { DisagreementReason } from '@leeway/contract/adjudication'

/** Why people disagreed, each with its key. The keys leave those that walk through the steps alone. */
export const REASONS: readonly {
  readonly reason: DisagreementReason
  readonly key: string
  readonly words: string
}[] = [
  { reason: 'guidance-unclear', key: 'w', words: 'The guidance is unclear' },
  { reason: 'missed-evidence', key: 'v', words: 'Somebody missed evidence' },
  { reason: 'misread-question', key: 'm', words: 'Somebody misread the question' },
  { reason: 'ambiguous-episode', key: 'a', words: 'The episode can be read both ways' },
  { reason: 'slip', key: 's', words: 'A slip' },
  { reason: 'other', key: 'x', words: 'Something else (say what)' },
]

export function reasonWords(reason: DisagreementReason): string {
  return REASONS.find((one) => one.reason === reason)?.words ?? reason
}
