import type { DisagreementReason, DisagreementView } from '@leeway/contract/adjudication'
import { useRef, useState } from 'react'
import { useDecide } from './queries.ts'

type Draft = {
  readonly answer:
    | { readonly kind: 'answered'; readonly value: string }
    | { readonly kind: 'not-applicable' }
    | null
  readonly reason: DisagreementReason | null
  readonly comment: string
}

/** A decision being made on one item; starts from the one that stands. */
export function useDeciding(
  project: string,
  view: DisagreementView,
  onDecided: (view: DisagreementView) => void,
) {
  const { decision } = view
  const [draft, setShownDraft] = useState<Draft>({
    answer: decision?.answer ?? null,
    reason: decision?.reason ?? null,
    comment: decision?.comment ?? '',
  })
  // Keys may follow each other faster than the page is drawn: Enter saves what the ones before it chose.
  const chosen = useRef(draft)
  const change = (part: Partial<Draft>) => {
    chosen.current = { ...chosen.current, ...part }
    setShownDraft(chosen.current)
  }
  const decide = useDecide(project, onDecided)
  const missing = decision?.locked === true ? 'Locked: a release was checked after it.' : missingIn(draft)
  return {
    draft,
    change,
    missing,
    isPending: decide.isPending,
    error: decide.error,
    save: () => {
      const { answer, reason, comment } = chosen.current
      if (decision?.locked === true || missingIn(chosen.current) !== null || decide.isPending) return
      if (answer === null || reason === null) return
      const supersedes = decision === null ? {} : { supersedes: decision.id }
      decide.mutate({ item: view, answer, reason, comment, ...supersedes })
    },
  }
}

export type Deciding = ReturnType<typeof useDeciding>

/** What is missing yet; null when it can be saved. */
function missingIn({ answer, reason, comment }: Draft): string | null {
  if (answer === null) return 'Choose what is right.'
  if (reason === null) return 'Choose why they disagree.'
  if (reason === 'other' && comment.trim().length < 3) return 'Say in a few words why they disagree.'
  return null
}
