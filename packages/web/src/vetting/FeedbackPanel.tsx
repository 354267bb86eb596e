import type { RoundFeedback } from '@leeway/contract/vetting'
import { useId } from 'react'
import { Button } from '../design/Button.tsx'
import { Fold } from '../design/Fold.tsx'
import type { Draft } from '../review/draft.ts'

/** What is right, and why, beside what was said. */
export function FeedbackPanel({
  question,
  answer,
  feedback,
  onGoOn,
}: {
  readonly question: string
  readonly answer: Draft
  readonly feedback: RoundFeedback
  readonly onGoOn: () => void
}) {
  const id = useId()
  const { right, known, explanation } = feedback
  const said = answer?.kind === 'answered' ? `“${answer.value}”` : 'that it does not arise'
  return (
    <section aria-labelledby={id} className="rounded-lg border border-line bg-surface p-4 sm:p-5">
      <p className="text-14 text-ink-2" dir="auto">
        {question}
      </p>
      <div role="status" className="mt-3">
        <h2 id={id} className="text-20 leading-snug">
          {right === true ? 'Right: ' : 'The known answer is '}
          <bdi>“{known}”</bdi>
        </h2>
      </div>
      {right === false ? <p className="mt-1">You answered {said}.</p> : null}
      {right === null ? <p className="mt-1">You skipped it; that counts neither way.</p> : null}
      {explanation === '' ? null : (
        <div className="mt-3 border-s-2 border-line-strong ps-3">
          <Fold text={explanation} lines={10} characters={900} />
        </div>
      )}
      <p className="mt-4">
        <Button kind="primary" onClick={onGoOn}>
          Go on{' '}
          <kbd className="hidden rounded-sm border border-current/40 px-1.5 font-mono text-12 font-normal opacity-80 md:inline">
            Enter
          </kbd>
        </Button>
      </p>
    </section>
  )
}
