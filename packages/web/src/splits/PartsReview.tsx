import type { ReviewQuestion } from '@leeway/contract/review'
import type { PartsView } from '@leeway/contract/splits'
import { useId, useState } from 'react'
import type { Action } from '../actions/action.ts'
import { useLiveActions } from '../actions/use-live-actions.ts'
import { Failure } from '../design/Failure.tsx'
import { answerWords, optionsOfScale } from '../review/answer-words.ts'
import { KeepOrChange, keepOrChangeActions } from '../review/KeepOrChange.tsx'
import { useCommit } from '../review/queries.ts'
import { type OwnAnswer, useAnswering } from '../review/use-answering.ts'
import { PartCard } from './PartCard.tsx'
import { useAnswerPart } from './queries.ts'

export type ShownParts = { readonly parts: PartsView; readonly mine: OwnAnswer }

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
  const { mine } = shown
  const answering = useAnswering(useCommit(project), { ...question, mine }, onDone)
  const { draft } = answering
  const isChanged = draft !== null && JSON.stringify(draft) !== JSON.stringify(mine.answer)
  const say = (part: number, value: 'yes' | 'no') =>
    own.mutate(
      { part, value },
      {
        onSuccess: (stored) => {
          setView(stored)
          setCurrent(Math.min(stored.parts.length - 1, part + 1))
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
    {
      id: 'next-part',
      title: 'Next part, after the last the first',
      group,
      keys: ['p'],
      perform: () => setCurrent((at) => (at + 1) % view.parts.length),
    },
    ...keepOrChangeActions(options, answering, finish),
  ]
  useLiveActions('parts', actions)
  return (
    <section aria-labelledby={id} className="rounded-lg border border-line bg-surface p-4 sm:p-5">
      <p className="text-14 text-ink-2" dir="auto">
        {question.question}
      </p>
      <h2 id={id} className="mt-1 text-16 font-semibold">
        You answered <bdi>“{answerWords(mine.answer)}”</bdi>. Others were asked parts of it:
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
      {own.isError ? <Failure error={own.error} /> : null}
      <KeepOrChange options={options} answering={answering} isChanged={isChanged} onFinish={finish} />
    </section>
  )
}
