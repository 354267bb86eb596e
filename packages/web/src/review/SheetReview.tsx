import type { ReviewQuestion } from '@leeway/contract/review'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useLiveActions } from '../actions/use-live-actions.ts'
import { CritiqueReview, type Shown } from '../critiques/CritiqueReview.tsx'
import { Button } from '../design/Button.tsx'
import { Failure } from '../design/Failure.tsx'
import { Loading } from '../design/Loading.tsx'
import { PartsReview, type ShownParts } from '../splits/PartsReview.tsx'
import { answerActions } from './answer-actions.ts'
import { answerWords } from './answer-words.ts'
import { EpisodeBeside } from './EpisodeBeside.tsx'
import { ownMarks } from './own-marks.ts'
import { QuestionPanel } from './QuestionPanel.tsx'
import { useCommit, useSheet } from './queries.ts'
import { SkipDialog } from './SkipDialog.tsx'
import { ownAnswer, useAnswering } from './use-answering.ts'

/** Every question of one episode: those answered fold into a line, the next one is open. */
export function SheetReview({ project, episode }: { readonly project: string; readonly episode: string }) {
  const sheet = useSheet(project, episode)
  if (sheet.isPending) return <Loading what="the questions" rows={6} />
  if (sheet.isError) return <Failure error={sheet.error} onRetry={() => sheet.refetch()} />
  const { questions } = sheet.data
  const [first] = questions
  return first === undefined ? (
    <NextEpisode project={project} />
  ) : (
    <Sheet
      project={project}
      episode={episode}
      questions={questions}
      first={first}
      onAnswered={() => sheet.refetch()}
    />
  )
}

function Sheet({
  project,
  episode,
  questions,
  first,
  onAnswered,
}: {
  readonly project: string
  readonly episode: string
  readonly questions: readonly ReviewQuestion[]
  readonly first: ReviewQuestion
  readonly onAnswered: () => void
}) {
  const queries = useQueryClient()
  const [chosen, setChosen] = useState<string | null>(null)
  /** The help that follows the answer given just now. */
  const [shown, setShown] = useState<{
    readonly help: Shown | ShownParts
    readonly assignmentId: string
  } | null>(null)
  const [isSkipping, setSkipping] = useState(false)
  const [goal, setGoal] = useState<{ readonly ordinal: number } | null>(null)
  const open =
    questions.find((one) => one.assignmentId === (shown?.assignmentId ?? chosen)) ??
    questions.find((one) => one.mine === null)
  const goOn = () => {
    setChosen(null)
    setShown(null)
    onAnswered()
    queries.invalidateQueries({ queryKey: [project, 'review', 'next', 'focus'] })
  }
  const answering = useAnswering(
    useCommit(project),
    open ?? first,
    ({ critique, parts, ratingId }) => {
      setSkipping(false)
      const mine = ownAnswer(answering, ratingId)
      const { assignmentId } = open ?? first
      if (mine !== null && critique !== null) setShown({ help: { critique, mine }, assignmentId })
      else if (mine !== null && parts !== null) setShown({ help: { parts, mine }, assignmentId })
      else goOn()
    },
    { showsCritique: true, showsParts: true },
    true,
  )
  const isAnswering = open !== undefined && shown === null
  useLiveActions('review', isAnswering ? answerActions(open, answering, () => setSkipping(true)) : [])
  return (
    <div className="grid gap-6 lg:grid-cols-[minmax(0,1fr)_26rem]">
      <aside className="space-y-3 lg:order-last">
        <ol className="space-y-3">
          {questions.map((question) => (
            <li key={question.assignmentId}>
              {question === open && shown !== null ? (
                <Help
                  key={shown.help.mine.ratingId}
                  project={project}
                  question={question}
                  help={shown.help}
                  onDone={goOn}
                />
              ) : question === open ? (
                <QuestionPanel
                  question={question}
                  answering={answering}
                  onSkip={() => setSkipping(true)}
                  onGo={(ordinal) => setGoal({ ordinal })}
                />
              ) : (
                <button
                  type="button"
                  className="w-full rounded-lg border border-line bg-surface px-4 py-3 text-start hover:bg-sunken"
                  // The help is looked at first: it would not be shown again.
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
        {open === undefined ? <NextEpisode project={project} /> : null}
      </aside>
      <div className="min-w-0">
        <EpisodeBeside
          project={project}
          episodeId={episode}
          goal={goal}
          {...(open === undefined
            ? {}
            : {
                suggested: open.suggestedSteps,
                about: open.assignmentId,
                marks: ownMarks(answering.evidence, isAnswering ? answering.toggleEvidence : null),
              })}
        />
      </div>
      <SkipDialog open={isSkipping} onOpenChange={setSkipping} onSkip={answering.skip} />
    </div>
  )
}

function Help({
  project,
  question,
  help,
  onDone,
}: {
  readonly project: string
  readonly question: ReviewQuestion
  readonly help: Shown | ShownParts
  readonly onDone: () => void
}) {
  return 'parts' in help ? (
    <PartsReview project={project} question={question} shown={help} onDone={onDone} />
  ) : (
    <CritiqueReview project={project} question={question} shown={help} onDone={onDone} />
  )
}

function NextEpisode({ project }: { readonly project: string }) {
  const queries = useQueryClient()
  return (
    <Button
      kind="primary"
      onClick={() => queries.invalidateQueries({ queryKey: [project, 'review', 'next', 'sheet'] })}
    >
      Next episode
    </Button>
  )
}
