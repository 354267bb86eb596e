import type { DisagreementView } from '@leeway/contract/adjudication'
import { type ReactNode, type RefObject, useId } from 'react'
import { Button } from '../design/Button.tsx'
import { Failure } from '../design/Failure.tsx'
import { TextArea } from '../design/Field.tsx'
import { Fold } from '../design/Fold.tsx'
import { Key } from '../design/Key.tsx'
import { Time } from '../design/Time.tsx'
import { answerWords, optionsOfScale } from '../review/answer-words.ts'
import { AnswersOfPeople } from './AnswersOfPeople.tsx'
import { REASONS, reasonWords } from './reason-words.ts'
import type { Deciding } from './use-deciding.ts'

/** The question, what people said, and what is right: each choice carries its key. */
export function DisagreementPanel({
  view,
  deciding,
  commentRef,
  onGo,
  onTakeBack,
}: {
  readonly view: DisagreementView
  readonly deciding: Deciding
  readonly commentRef: RefObject<HTMLDivElement | null>
  /** Brings a step into view. */
  readonly onGo: (step: number) => void
  /** null: there is nothing of one's own to take back. */
  readonly onTakeBack: (() => void) | null
}) {
  const id = useId()
  const { draft, change, missing } = deciding
  const { answer, reason, comment } = draft
  const { decision } = view
  return (
    <section aria-labelledby={id} className="rounded-lg border border-line bg-surface p-4 sm:p-5">
      <h2 id={id} className="text-20 leading-snug" dir="auto">
        {view.question}
      </h2>
      {view.guidance === '' ? null : (
        <details className="mt-2" open={view.guidance.length < 240}>
          <summary className="cursor-pointer text-12 text-ink-2">How to decide</summary>
          <div className="mt-1 text-14 text-ink-2">
            <Fold text={view.guidance} lines={8} characters={700} />
          </div>
        </details>
      )}
      <AnswersOfPeople answers={view.answers} onGo={onGo} />
      {decision === null ? null : (
        <p className="mt-4 border-s-2 border-accent ps-3 text-14">
          {decision.mine ? 'You decided' : 'Somebody decided'} <bdi>“{answerWords(decision.answer)}”</bdi>:{' '}
          {reasonWords(decision.reason).toLowerCase()}. <Time at={decision.at} />
          {decision.locked ? ' Locked: a release was checked after it.' : ''}
        </p>
      )}
      <fieldset className="mt-4 flex flex-wrap items-center gap-2" aria-label="What is right">
        <legend className="mb-1 text-12 font-semibold text-ink-2">What is right</legend>
        {optionsOfScale(view.scale).map((option, at) => (
          <Choice
            key={option}
            mark={at < 9 ? String(at + 1) : ''}
            isChosen={answer?.kind === 'answered' && answer.value === option}
            onChoose={() => change({ answer: { kind: 'answered', value: option } })}
          >
            <bdi>{option}</bdi>
          </Choice>
        ))}
        <Choice
          mark="0"
          isChosen={answer?.kind === 'not-applicable'}
          onChoose={() => change({ answer: { kind: 'not-applicable' } })}
        >
          does not arise here
        </Choice>
      </fieldset>
      <fieldset className="mt-4 grid grid-cols-2 gap-2" aria-label="Why they disagree">
        <legend className="mb-1 text-12 font-semibold text-ink-2">Why they disagree</legend>
        {REASONS.map((one) => (
          <Choice
            key={one.reason}
            mark={one.key}
            isChosen={reason === one.reason}
            onChoose={() => change({ reason: one.reason })}
          >
            {one.words}
          </Choice>
        ))}
      </fieldset>
      <div className="mt-4" ref={commentRef}>
        <TextArea
          label="Comment"
          hint="What shows it. Press c to write, Escape to leave."
          maxLength={4000}
          value={comment}
          onChange={(event) => change({ comment: event.target.value })}
          onKeyDown={(event) => {
            if (event.key === 'Escape') event.currentTarget.blur()
          }}
        />
      </div>
      {deciding.error === null ? null : <Failure error={deciding.error} onRetry={deciding.save} />}
      <div className="mt-3 flex flex-wrap items-center gap-2">
        <Button kind="primary" disabled={missing !== null || deciding.isPending} onClick={deciding.save}>
          {deciding.isPending ? 'Saving…' : decision === null ? 'Decide' : 'Decide anew'} <Key>Enter</Key>
        </Button>
        {onTakeBack === null ? null : (
          <Button kind="quiet" onClick={onTakeBack}>
            Undo <Key>u</Key>
          </Button>
        )}
        {missing === null ? null : <span className="text-12 text-ink-2">{missing}</span>}
      </div>
      <Earlier earlier={view.earlier} />
    </section>
  )
}

function Earlier({ earlier }: { readonly earlier: DisagreementView['earlier'] }) {
  if (earlier.length === 0) return null
  return (
    <details className="mt-3">
      <summary className="cursor-pointer text-12 text-ink-2">What stood before ({earlier.length})</summary>
      <ol className="mt-1 space-y-1 text-14">
        {earlier.map(({ answer, reason, comment, at }) => (
          <li key={`${at} ${reason} ${answer === null}`} dir="auto">
            {answer === null ? 'taken back' : answerWords(answer)}
            {reason === null ? '' : `: ${reasonWords(reason).toLowerCase()}`}
            {comment === '' ? '' : ` (${comment})`}{' '}
            <span className="text-12 text-ink-2">
              <Time at={at} />
            </span>
          </li>
        ))}
      </ol>
    </details>
  )
}

function Choice({
  mark,
  isChosen,
  onChoose,
  children,
}: {
  readonly mark: string
  readonly isChosen: boolean
  readonly onChoose: () => void
  readonly children: ReactNode
}) {
  return (
    <button
      type="button"
      aria-pressed={isChosen}
      onClick={(event) => {
        onChoose()
        // Enter decides; a button in focus would take it for itself.
        event.currentTarget.blur()
      }}
      className="flex min-h-9 items-center gap-2 rounded-md border border-line-strong/60 bg-surface px-3 py-1 text-start text-14 hover:border-line-strong aria-pressed:border-accent aria-pressed:bg-accent-wash aria-pressed:font-semibold"
    >
      {mark === '' ? null : <Key>{mark}</Key>}
      <span>{children}</span>
    </button>
  )
}
