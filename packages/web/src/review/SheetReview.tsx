import type { ReviewQuestion } from '@leeway/contract/review'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { Action } from '../actions/action.ts'
import { useLiveActions } from '../actions/use-live-actions.ts'
import { CritiqueReview, type Shown } from '../critiques/CritiqueReview.tsx'
import { Button } from '../design/Button.tsx'
import { Failure } from '../design/Failure.tsx'
import { Loading } from '../design/Loading.tsx'
import { acceptAction } from './accept-action.ts'
import { answerWords, optionsOfScale } from './answer-words.ts'
import { EpisodeBeside } from './EpisodeBeside.tsx'
import { QuestionPanel } from './QuestionPanel.tsx'
import { useCommit, useSheet } from './queries.ts'
import { SkipDialog } from './SkipDialog.tsx'
import { useAnswering } from './use-answering.ts'

/** Every question of one episode: those answered fold into a line, the next one is open. */
export function SheetReview({ project, episode }: { readonly project: string; readonly episode: string }) {
  const queries = useQueryClient()
  const sheet = useSheet(project, episode)
  const [chosen, setChosen] = useState<string | null>(null)
  /** The critique of a question that was answered just now. */
  const [shown, setShown] = useState<(Shown & { readonly assignmentId: string }) | null>(null)
  if (sheet.isPending) return <Loading what="the questions" rows={6} />
  if (sheet.isError) return <Failure error={sheet.error} onRetry={() => sheet.refetch()} />
  const { questions } = sheet.data
  const open =
    questions.find((one) => one.assignmentId === (shown?.assignmentId ?? chosen)) ??
    questions.find((one) => one.mine === null)
  const goOn = () => {
    setChosen(null)
    setShown(null)
    sheet.refetch()
    queries.invalidateQueries({ queryKey: [project, 'review', 'next', 'focus'] })
  }
  return (
    <div className="grid gap-6 lg:grid-cols-[minmax(0,1fr)_26rem]">
      <aside className="space-y-3 lg:order-last">
        <ol className="space-y-3">
          {questions.map((question) => (
            <li key={question.assignmentId}>
              {question === open && shown !== null ? (
                <CritiqueReview
                  key={shown.ratingId}
                  project={project}
                  question={question}
                  shown={shown}
                  onDone={goOn}
                />
              ) : question === open ? (
                <OpenQuestion
                  key={question.assignmentId}
                  project={project}
                  question={question}
                  onCommitted={(critique) => {
                    if (critique === null) goOn()
                    else setShown({ ...critique, assignmentId: question.assignmentId })
                  }}
                />
              ) : (
                <button
                  type="button"
                  className="w-full rounded-lg border border-line bg-surface px-4 py-3 text-start hover:bg-sunken"
                  // What is claimed is judged first: it would not be shown again.
                  disabled={shown !== null}
                  onClick={() => setChosen(question.assignmentId)}
                >
                  <span className="block" dir="auto">
                    {question.question}
                  </span>
                  <span className="text-12 text-ink-2">
                    {question.mine === null ? 'not answered yet' : answerWords(question.mine.answer)}
                  </span>
                </button>
              )}
            </li>
          ))}
        </ol>
        {open === undefined ? (
          <Button
            kind="primary"
            onClick={() => queries.invalidateQueries({ queryKey: [project, 'review', 'next', 'sheet'] })}
          >
            Next episode
          </Button>
        ) : null}
      </aside>
      <div className="min-w-0">
        <EpisodeBeside
          project={project}
          episodeId={episode}
          {...(open === undefined ? {} : { suggested: open.suggestedSteps })}
        />
      </div>
    </div>
  )
}

function OpenQuestion({
  project,
  question,
  onCommitted,
}: {
  readonly project: string
  readonly question: ReviewQuestion
  /** With the critique that follows the answer; null: none does. */
  readonly onCommitted: (critique: Shown | null) => void
}) {
  const [isSkipping, setSkipping] = useState(false)
  const answering = useAnswering(
    useCommit(project),
    question,
    ({ critique, ratingId }) => {
      setSkipping(false)
      const { draft: answer, comment, flagged } = answering
      onCommitted(
        critique === null || answer === null ? null : { critique, ratingId, answer, comment, flagged },
      )
    },
    { showsCritique: true },
    true,
  )
  const actions: readonly Action[] = [
    ...optionsOfScale(question.scale)
      .slice(0, 9)
      .map((option, at) => ({
        id: `answer-${at + 1}`,
        title: `Answer “${option}”`,
        group: 'This page' as const,
        keys: [String(at + 1)],
        perform: () => answering.choose({ kind: 'answered', value: option }),
      })),
    ...acceptAction(question, answering),
    {
      id: 'not-applicable',
      title: 'Answer that it does not arise here',
      group: 'This page',
      keys: ['0'],
      perform: () => answering.choose({ kind: 'not-applicable' }),
    },
    {
      id: 'commit',
      title: 'Save the answer and go on',
      group: 'This page',
      keys: ['Enter'],
      perform: answering.commitDraft,
    },
    {
      id: 'skip',
      title: 'Skip with a reason',
      group: 'This page',
      keys: ['s'],
      perform: () => setSkipping(true),
    },
    {
      id: 'flag',
      title: answering.flagged ? 'Take the flag away' : 'Flag for a second look',
      group: 'This page',
      keys: ['f'],
      perform: answering.toggleFlag,
    },
  ]
  useLiveActions('review', actions)
  return (
    <>
      <QuestionPanel question={question} answering={answering} onSkip={() => setSkipping(true)} />
      <SkipDialog open={isSkipping} onOpenChange={setSkipping} onSkip={answering.skip} />
    </>
  )
}
