import type { ReviewQuestion } from '@leeway/contract/review'
import type { PartsView } from '@leeway/contract/splits'
import { useId, useState } from 'react'
import type { Action } from '../actions/action.ts'
import { useLiveActions } from '../actions/use-live-actions.ts'
import { Button } from '../design/Button.tsx'
import { Failure } from '../design/Failure.tsx'
import { Key } from '../design/Key.tsx'
import { optionsOfScale } from '../review/answer-words.ts'
import type { Draft } from '../review/draft.ts'
import { useCommit } from '../review/queries.ts'
import { useAnswering } from '../review/use-answering.ts'
import { PartCard } from './PartCard.tsx'
import { useAnswerPart } from './queries.ts'

export type ShownParts = {
  readonly parts: PartsView
  readonly ratingId: string
  readonly answer: NonNullable<Draft>
  readonly comment: string
  readonly flagged: boolean
}

const OWN = [
  { key: 'y', value: 'yes', title: 'Say yes to the part' },
  { key: 'x', value: 'no', title: 'Say no to the part' },
] as const

/** What others say to the parts, after the first answer: one may say what holds oneself, and keeps or changes the answer. */
export function PartsReview({
  project,
  question,
  shown,
  onDone,
}: {
  readonly project: string
  readonly question: ReviewQuestion
  readonly shown: ShownParts
  readonly onDone: () => void
}) {
  const id = useId()
  const [view, setView] = useState(shown.parts)
  const [current, setCurrent] = useState(0)
  const own = useAnswerPart(project, question.assignmentId)
  // Another answer keeps what was said beside the first one.
  const { ratingId, answer, comment, flagged } = shown
  const mine = { ratingId, answer, comment, flagged }
  const answering = useAnswering(useCommit(project), { ...question, mine }, onDone)
  const { draft } = answering
  const isChanged = draft !== null && JSON.stringify(draft) !== JSON.stringify(shown.answer)
  const last = view.parts.length - 1
  const move = (by: number) => setCurrent((at) => Math.min(last, Math.max(0, at + by)))
  const say = (part: number, value: 'yes' | 'no') =>
    own.mutate(
      { part, value },
      {
        onSuccess: (stored) => {
          setView(stored)
          setCurrent(Math.min(last, part + 1))
        },
      },
    )
  const finish = () => (isChanged ? answering.commitDraft() : onDone())
  const options = optionsOfScale(question.scale)
  const group = 'This page' as const
  const actions: readonly Action[] = [
    ...OWN.map(({ key, value, title }) => ({
      id: `part-${value}`,
      title,
      group,
      keys: [key],
      perform: () => say(current, value),
    })),
    { id: 'next-part', title: 'Next part', group, keys: ['n'], perform: () => move(1) },
    { id: 'previous-part', title: 'Part before', group, keys: ['p'], perform: () => move(-1) },
    ...options.slice(0, 9).map((option, at) => ({
      id: `answer-${at + 1}`,
      title: `Answer “${option}” now`,
      group,
      keys: [String(at + 1)],
      perform: () => answering.choose({ kind: 'answered', value: option }),
    })),
    { id: 'finish', title: 'Keep or change the answer, and go on', group, keys: ['Enter'], perform: finish },
  ]
  useLiveActions('parts', actions)
  return (
    <section aria-labelledby={id} className="rounded-lg border border-line bg-surface p-4 sm:p-5">
      <p className="text-14 text-ink-2" dir="auto">
        {question.question}
      </p>
      <h2 id={id} className="mt-1 text-16 font-semibold">
        You answered <bdi>“{answerText(shown.answer)}”</bdi>. Others were asked parts of it:
      </h2>
      <ol className="mt-3 space-y-3">
        {view.parts.map((part, at) => (
          <PartCard
            // biome-ignore lint/suspicious/noArrayIndexKey: parts are known by their place
            key={at}
            part={part}
            isCurrent={at === current}
            own={OWN}
            onSay={(value) => say(at, value)}
          />
        ))}
      </ol>
      <p className="mt-3 text-14" role="status">
        {view.together === null ? (
          <span className="text-ink-2">Nothing follows from the parts by themselves.</span>
        ) : (
          <>
            From the parts follows <strong>{view.together}</strong>, if they are answered rightly and make up
            the question.
          </>
        )}
      </p>
      <fieldset className="mt-4 flex flex-wrap items-center gap-2" aria-label="Your answer now">
        <span className="text-14">Your answer now:</span>
        {options.map((option, at) => (
          <button
            key={option}
            type="button"
            aria-pressed={draft?.kind === 'answered' && draft.value === option}
            onClick={(event) => {
              answering.choose({ kind: 'answered', value: option })
              // Enter goes on; a button in focus would take it for itself.
              event.currentTarget.blur()
            }}
            className="flex min-h-9 items-center gap-2 rounded-md border border-line-strong/60 bg-surface px-3 hover:border-line-strong aria-pressed:border-accent aria-pressed:bg-accent-wash aria-pressed:font-semibold"
          >
            <Key>{String(at + 1)}</Key> <bdi>{option}</bdi>
          </button>
        ))}
      </fieldset>
      {own.isError ? <Failure error={own.error} /> : null}
      {answering.error === null ? null : <Failure error={answering.error} onRetry={finish} />}
      <p className="mt-4">
        <Button kind="primary" disabled={answering.isPending} onClick={finish}>
          {isChanged ? 'Change the answer and go on' : 'Keep the answer and go on'} <Key>Enter</Key>
        </Button>
      </p>
    </section>
  )
}

const answerText = (answer: NonNullable<Draft>) =>
  answer.kind === 'answered' ? String(answer.value) : 'does not arise here'
