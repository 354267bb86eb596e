import type { DisagreementView } from '@leeway/contract/adjudication'
import { Fold } from '../design/Fold.tsx'
import { answerWords } from '../review/answer-words.ts'

/** What each person said, side by side, by number alone. */
export function AnswersOfPeople({
  answers,
  onGo,
}: {
  readonly answers: DisagreementView['answers']
  /** Brings a step into view. */
  readonly onGo: (step: number) => void
}) {
  return (
    <ul aria-label="What people answered" className="mt-4 grid gap-2 sm:grid-cols-2">
      {answers.map(({ rater, answer, comment, evidence, flagged }) => (
        <li key={rater} className="min-w-0 rounded-md border border-line bg-sunken px-3 py-2">
          <p className="flex flex-wrap justify-between gap-x-2 text-12 text-ink-2">
            {rater}
            {flagged ? <span>flagged it</span> : null}
          </p>
          <p className="font-semibold [overflow-wrap:anywhere]" dir="auto">
            {answerWords(answer)}
          </p>
          {comment === '' ? null : <Fold text={comment} lines={4} characters={300} />}
          {evidence.length === 0 ? null : (
            <p className="figures mt-1 text-12 text-ink-2">
              Points at{' '}
              {[...evidence]
                .sort((a, b) => a - b)
                .map((step, at) => (
                  <span key={step}>
                    {at === 0 ? '' : ', '}
                    <button type="button" className="link" onClick={() => onGo(step)}>
                      step {step}
                    </button>
                  </span>
                ))}
            </p>
          )}
        </li>
      ))}
    </ul>
  )
}
