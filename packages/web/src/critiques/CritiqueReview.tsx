import type { CritiqueView } from '@leeway/contract/critiques'
import type { ReviewQuestion } from '@leeway/contract/review'
import { useId, useState } from 'react'
import type { Action } from '../actions/action.ts'
import { useLiveActions } from '../actions/use-live-actions.ts'
import { Failure } from '../design/Failure.tsx'
import { answerWords, optionsOfScale } from '../review/answer-words.ts'
import { KeepOrChange, keepOrChangeActions } from '../review/KeepOrChange.tsx'
import { useCommit } from '../review/queries.ts'
import { type OwnAnswer, useAnswering } from '../review/use-answering.ts'
import { ClaimCard } from './ClaimCard.tsx'
import { useMarkClaim } from './queries.ts'

type Mark = NonNullable<CritiqueView['claims'][number]['mark']>
export type Shown = { readonly critique: CritiqueView; readonly mine: OwnAnswer }

const MARKS: readonly { readonly key: string; readonly mark: Mark; readonly title: string }[] = [
  { key: 'v', mark: 'valid', title: 'The claim holds' },
  { key: 'x', mark: 'invalid', title: 'It does not hold' },
  { key: 'a', mark: 'seen', title: 'It holds, and I had seen it' },
]

/** What models and people say is wrong, after the first answer: each claim is judged, and the answer kept or changed. */
export function CritiqueReview({
  project,
  question,
  shown,
  onDone,
}: {
  readonly project: string
  readonly question: ReviewQuestion
  readonly shown: Shown
  readonly onDone: () => void
}) {
  const id = useId()
  const [claims, setClaims] = useState(shown.critique.claims)
  const [current, setCurrent] = useState(0)
  const mark = useMarkClaim(project, question.assignmentId)
  // Another answer keeps what was said beside the first one.
  const { mine } = shown
  const answering = useAnswering(useCommit(project), { ...question, mine }, onDone)
  const { draft } = answering
  const isChanged = draft !== null && JSON.stringify(draft) !== JSON.stringify(mine.answer)
  const save = (claim: number, wanted: Mark) =>
    mark.mutate(
      { claim, mark: wanted },
      {
        onSuccess: (stored) => {
          setClaims(stored.claims)
          const open = stored.claims.findIndex((one) => one.mark === null)
          if (open !== -1) setCurrent(open)
        },
      },
    )
  const finish = () => (isChanged ? answering.commitDraft() : onDone())
  const options = optionsOfScale(question.scale)
  const group = 'This page' as const
  const actions: readonly Action[] = [
    ...MARKS.map(({ key, mark: wanted, title }) => ({
      id: `mark-${wanted}`,
      title,
      group,
      keys: [key],
      perform: () => save(current, wanted),
    })),
    ...keepOrChangeActions(options, answering, finish),
  ]
  useLiveActions('critique', actions)
  return (
    <section aria-labelledby={id} className="rounded-lg border border-line bg-surface p-4 sm:p-5">
      <p className="text-14 text-ink-2" dir="auto">
        {question.question}
      </p>
      <h2 id={id} className="mt-1 text-16 font-semibold">
        You answered <bdi>“{answerWords(mine.answer)}”</bdi>. A critic claims:
      </h2>
      <ol className="mt-3 space-y-3">
        {claims.map((claim, at) => (
          <ClaimCard
            // biome-ignore lint/suspicious/noArrayIndexKey: claims are known by their place
            key={at}
            claim={claim}
            isCurrent={at === current}
            marks={MARKS}
            onMark={(wanted) => {
              setCurrent(at)
              save(at, wanted)
            }}
          />
        ))}
      </ol>
      <p className="mt-3 text-12 text-ink-2">
        Each quote stands in the step, word for word. Whether a claim holds is for you to say; some do not.
      </p>
      {mark.isError ? <Failure error={mark.error} /> : null}
      <KeepOrChange options={options} answering={answering} isChanged={isChanged} onFinish={finish} />
    </section>
  )
}
