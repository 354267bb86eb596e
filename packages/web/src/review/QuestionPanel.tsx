import type { ReviewQuestion } from '@leeway/contract/review'
import { type RefObject, useId } from 'react'
import { Button } from '../design/Button.tsx'
import { Failure } from '../design/Failure.tsx'
import { TextArea, TextField } from '../design/Field.tsx'
import { Key } from '../design/Key.tsx'
import { choicesOf, optionsOfScale, readNumber } from './answer-words.ts'
import { GuidelinesPanel } from './GuidelinesPanel.tsx'
import { SurenessField } from './SurenessField.tsx'
import { leastSure } from './sureness.ts'
import type { Answering } from './use-answering.ts'

/** One question with its answers, each carrying its key. */
export function QuestionPanel({
  question,
  answering,
  numberRef,
  onSkip,
  onUndo,
  onGo,
  isWork = true,
}: {
  readonly question: ReviewQuestion
  readonly answering: Answering
  readonly numberRef?: RefObject<HTMLInputElement | null>
  readonly onSkip: () => void
  readonly onUndo?: (() => void) | undefined
  /** Brings a step into view. */
  readonly onGo?: (step: number) => void
  /** A qualification round has no use for a comment, a flag, or what shows the answer. */
  readonly isWork?: boolean
}) {
  const id = useId()
  const { draft, choose, flagged } = answering
  const { proposed } = question
  return (
    <section aria-labelledby={id} className="rounded-lg border border-line bg-surface p-4 sm:p-5">
      <h2 id={id} className="text-20 leading-snug" dir="auto">
        {question.question}
      </h2>
      <GuidelinesPanel key={question.assignmentId} words={question} guidelines={question.guidelines} />
      {proposed === null ? null : (
        <p className="mt-3 rounded-md bg-sunken px-3 py-2">
          Somebody answered <bdi className="font-semibold">“{proposed}”</bdi>. Is that right?
        </p>
      )}
      {answering.isRestored ? (
        <p className="mt-2 text-12 text-ink-2">
          What you had begun here is kept in this browser, and not saved yet.
        </p>
      ) : null}
      <fieldset className="mt-4 space-y-2" aria-label="Your answer">
        {choicesOf(question).map(({ value, key, title }) => (
          <Choice
            key={value}
            mark={key}
            isChosen={draft?.kind === 'answered' && draft.value === value}
            onChoose={() => choose({ kind: 'answered', value })}
          >
            {title}
          </Choice>
        ))}
        {question.scale.kind === 'number' ? (
          <TextField
            key={answering.start}
            ref={numberRef}
            label={`A number from ${question.scale.min} to ${question.scale.max}`}
            inputMode="decimal"
            autoComplete="off"
            defaultValue={draft?.kind === 'answered' ? String(draft.value) : ''}
            onChange={(event) => {
              const value = readNumber(event.target.value, question.scale)
              choose(value === null ? null : { kind: 'answered', value })
            }}
            onKeyDown={(event) => {
              if (event.key === 'Enter') answering.commitDraft()
              if (event.key === 'Escape') event.currentTarget.blur()
            }}
          />
        ) : null}
        <Choice
          mark="0"
          isChosen={draft?.kind === 'not-applicable'}
          onChoose={() => choose({ kind: 'not-applicable' })}
        >
          does not arise here
        </Choice>
      </fieldset>
      {isWork ? (
        <div className="mt-3 space-y-1">
          <EvidenceLine evidence={answering.evidence} onGo={onGo} onDrop={answering.toggleEvidence} />
          {question.scale.kind === 'number' ? null : (
            <SurenessField
              value={answering.probability}
              least={leastSure(optionsOfScale(question.scale).length)}
              onChange={answering.setProbability}
            />
          )}
        </div>
      ) : null}
      {isWork ? (
        <details className="mt-2" open={answering.comment !== '' || flagged}>
          <summary className="cursor-pointer text-12 text-ink-2">
            Comment{flagged ? ', flagged for a second look' : ''}
          </summary>
          <div className="mt-2">
            <TextArea
              label="Comment"
              hint="Others see it after they have answered."
              maxLength={4000}
              value={answering.comment}
              onChange={(event) => answering.setComment(event.target.value)}
              onKeyDown={(event) => {
                if (event.key === 'Escape') event.currentTarget.blur()
              }}
            />
          </div>
        </details>
      ) : null}
      {answering.error === null ? null : <Failure error={answering.error} onRetry={answering.commitDraft} />}
      <div className="mt-4 flex flex-wrap items-center gap-2">
        <Button
          kind="primary"
          disabled={draft === null || answering.isPending}
          onClick={answering.commitDraft}
        >
          {answering.isPending ? 'Saving…' : isWork ? 'Save and next' : 'Answer'} <Key>Enter</Key>
        </Button>
        <Button onClick={onSkip}>
          Skip <Key>s</Key>
        </Button>
        {isWork ? (
          <Button aria-pressed={flagged} onClick={answering.toggleFlag}>
            {flagged ? 'Flagged' : 'Flag'} <Key>f</Key>
          </Button>
        ) : null}
        {onUndo === undefined ? null : (
          <Button kind="quiet" onClick={onUndo}>
            Undo <Key>u</Key>
          </Button>
        )}
      </div>
    </section>
  )
}

/** Which steps made one answer so. Nobody must name one. */
function EvidenceLine({
  evidence,
  onGo,
  onDrop,
}: {
  readonly evidence: readonly number[]
  readonly onGo: ((step: number) => void) | undefined
  readonly onDrop: (step: number) => void
}) {
  return (
    <p className="flex min-h-7 flex-wrap items-center gap-x-2 gap-y-1 text-12 text-ink-2">
      <span>
        What shows it? <Key>m</Key>
      </span>
      {evidence.length === 0 ? <span>no step marked</span> : null}
      {evidence.map((step) => (
        <span
          key={step}
          className="figures inline-flex items-center rounded-full bg-accent-wash font-semibold text-accent"
        >
          <button type="button" className="py-0.5 ps-2 hover:underline" onClick={() => onGo?.(step)}>
            step {step}
          </button>
          <button
            type="button"
            aria-label={`Step ${step} does not show it`}
            className="px-1.5 py-0.5 hover:text-ink"
            onClick={() => onDrop(step)}
          >
            ×
          </button>
        </span>
      ))}
    </p>
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
  readonly children: string
}) {
  return (
    <button
      type="button"
      aria-pressed={isChosen}
      onClick={(event) => {
        onChoose()
        // Enter commits; a button in focus would take it for itself.
        event.currentTarget.blur()
      }}
      className={`flex min-h-11 w-full items-center gap-3 rounded-md border px-3 py-2 text-start text-16 ${
        isChosen
          ? 'border-accent bg-accent-wash font-semibold'
          : 'border-line-strong/60 bg-surface hover:border-line-strong hover:bg-sunken'
      }`}
    >
      {mark === '' ? null : <Key>{mark}</Key>}
      <span dir="auto">{children}</span>
    </button>
  )
}
