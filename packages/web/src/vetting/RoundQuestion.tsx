import type { ReviewQuestion, RoundProgress } from '@leeway/contract/review'
import type { RoundFeedback } from '@leeway/contract/vetting'
import { useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import type { Action } from '../actions/action.ts'
import { useLiveActions } from '../actions/use-live-actions.ts'
import { optionsOfScale } from '../review/answer-words.ts'
import { EpisodeBeside } from '../review/EpisodeBeside.tsx'
import { QuestionPanel } from '../review/QuestionPanel.tsx'
import { SkipDialog } from '../review/SkipDialog.tsx'
import { useAnswering } from '../review/use-answering.ts'
import { FeedbackPanel } from './FeedbackPanel.tsx'
import { useRoundCommit } from './queries.ts'

/** One question of the round; once it is answered, what is right stands in its place. */
export function RoundQuestion({
  project,
  question,
  progress,
}: {
  readonly project: string
  readonly question: ReviewQuestion
  readonly progress: RoundProgress
}) {
  const queries = useQueryClient()
  const [feedback, setFeedback] = useState<RoundFeedback | null>(null)
  const [isSkipping, setSkipping] = useState(false)
  const number = useRef<HTMLInputElement>(null)
  const answering = useAnswering(useRoundCommit(project), question, (told) => {
    setSkipping(false)
    setFeedback(told)
  })
  const goOn = () => {
    queries.invalidateQueries({ queryKey: [project, 'round'] })
    window.scrollTo({ top: 0 })
  }
  const group = 'This page' as const
  const answers: readonly Action[] = [
    ...optionsOfScale(question.scale)
      .slice(0, 9)
      .map((option, at) => ({
        id: `answer-${at + 1}`,
        title: `Answer “${option}”`,
        group,
        keys: [String(at + 1)],
        perform: () => answering.choose({ kind: 'answered', value: option }),
      })),
    {
      id: 'not-applicable',
      title: 'Answer that it does not arise here',
      group,
      keys: ['0'],
      perform: () => answering.choose({ kind: 'not-applicable' }),
    },
    { id: 'commit', title: 'Answer', group, keys: ['Enter'], perform: answering.commitDraft },
    { id: 'skip', title: 'Skip with a reason', group, keys: ['s'], perform: () => setSkipping(true) },
  ]
  useLiveActions(
    'round',
    feedback === null ? answers : [{ id: 'go-on', title: 'Go on', group, keys: ['Enter'], perform: goOn }],
  )
  const now = feedback?.progress ?? progress
  return (
    <>
      <p className="figures mb-4 max-w-[75ch] text-14 text-ink-2">
        The answers to these questions are known, and you are told after each. {now.answered} of at most{' '}
        {now.total} answered{now.answered === 0 ? '' : `, ${now.right} right`}; fewer are asked when fewer
        decide.
      </p>
      <div className="grid gap-6 lg:grid-cols-[minmax(0,1fr)_24rem]">
        <aside className="lg:order-last">
          <div className="lg:sticky lg:top-4">
            {feedback === null ? (
              <QuestionPanel
                question={question}
                answering={answering}
                numberRef={number}
                onSkip={() => setSkipping(true)}
                isWork={false}
              />
            ) : (
              <FeedbackPanel
                question={question.question}
                answer={answering.draft}
                feedback={feedback}
                onGoOn={goOn}
              />
            )}
          </div>
        </aside>
        <div className="min-w-0">
          <EpisodeBeside
            project={project}
            episodeId={question.episodeId}
            suggested={question.suggestedSteps}
          />
        </div>
      </div>
      <SkipDialog open={isSkipping} onOpenChange={setSkipping} onSkip={answering.skip} />
    </>
  )
}
