import type { NextQuestion, ReviewQuestion } from '@leeway/contract/review'
import { useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import type { Action } from '../actions/action.ts'
import { useLiveActions } from '../actions/use-live-actions.ts'
import { CritiqueReview, type Shown } from '../critiques/CritiqueReview.tsx'
import { Failure } from '../design/Failure.tsx'
import { PartsReview, type ShownParts } from '../splits/PartsReview.tsx'
import { answerActions } from './answer-actions.ts'
import { newCommitKey } from './commit-key.ts'
import { EpisodeBeside } from './EpisodeBeside.tsx'
import { ownMarks } from './own-marks.ts'
import { QuestionPanel } from './QuestionPanel.tsx'
import { useCommit, useUndo } from './queries.ts'
import { SkipDialog } from './SkipDialog.tsx'
import { ownAnswer, useAnswering } from './use-answering.ts'

const NONE: readonly Action[] = []

/** One question at a time, the steps beside it. Everything has a key. */
export function FocusReview({
  project,
  question,
}: {
  readonly project: string
  readonly question: ReviewQuestion
}) {
  const queries = useQueryClient()
  const key = [project, 'review', 'next', 'focus']
  const [isSkipping, setSkipping] = useState(false)
  const [goal, setGoal] = useState<{ readonly ordinal: number } | null>(null)
  const number = useRef<HTMLInputElement>(null)
  const undo = useUndo(project)
  const [shown, setShown] = useState<Shown | ShownParts | null>(null)
  const goOn = () => {
    setShown(null)
    queries.invalidateQueries({ queryKey: key })
    window.scrollTo({ top: 0 })
  }
  const answering = useAnswering(
    useCommit(project),
    question,
    ({ critique, parts, ratingId, progress }) => {
      setSkipping(false)
      const mine = ownAnswer(answering, ratingId)
      if (mine === null) return goOn()
      if (critique !== null) setShown({ critique, mine })
      else if (parts !== null) setShown({ parts, mine })
      else return goOn()
      queries.setQueryData<NextQuestion>(key, (before) =>
        before === undefined ? before : { ...before, progress },
      )
    },
    { showsCritique: true, showsParts: true },
    true,
  )
  const takeBack = () =>
    undo.mutate(newCommitKey(), {
      onSuccess: (undone) =>
        queries.setQueryData<NextQuestion>(key, (before) => ({
          ...undone,
          lastDay: before?.lastDay ?? { mine: 0, everybody: null },
          round: before?.round ?? null,
        })),
    })
  const actions: readonly Action[] = [
    ...answerActions(question, answering, () => setSkipping(true)),
    ...(question.scale.kind === 'number'
      ? [
          {
            id: 'number',
            title: 'Type the number',
            group: 'This page' as const,
            keys: ['#'],
            perform: () => number.current?.focus(),
          },
        ]
      : []),
    { id: 'undo', title: 'Undo the last answer', group: 'This page', keys: ['u'], perform: takeBack },
  ]
  useLiveActions('review', shown === null ? actions : NONE)
  return (
    <div className="grid gap-6 lg:grid-cols-[minmax(0,1fr)_24rem]">
      {/* On a narrow screen the question comes first: nobody answers what they have not read. */}
      <aside className="lg:order-last">
        <div className="lg:sticky lg:top-4">
          {shown === null ? (
            <QuestionPanel
              question={question}
              answering={answering}
              numberRef={number}
              onSkip={() => setSkipping(true)}
              onUndo={takeBack}
              onGo={(ordinal) => setGoal({ ordinal })}
            />
          ) : 'parts' in shown ? (
            <PartsReview
              key={shown.mine.ratingId}
              project={project}
              question={question}
              shown={shown}
              onDone={goOn}
            />
          ) : (
            <CritiqueReview
              key={shown.mine.ratingId}
              project={project}
              question={question}
              shown={shown}
              onDone={goOn}
            />
          )}
          {undo.isError ? <Failure error={undo.error} /> : null}
        </div>
      </aside>
      <div className="min-w-0">
        <EpisodeBeside
          project={project}
          episodeId={question.episodeId}
          suggested={question.suggestedSteps}
          about={question.assignmentId}
          goal={goal}
          marks={ownMarks(answering.evidence, shown === null ? answering.toggleEvidence : null)}
        />
      </div>
      <SkipDialog open={isSkipping} onOpenChange={setSkipping} onSkip={answering.skip} />
    </div>
  )
}
