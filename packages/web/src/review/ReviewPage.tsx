import { Link, useParams, useSearch } from '@tanstack/react-router'
import { Button } from '../design/Button.tsx'
import { Empty } from '../design/Empty.tsx'
import { Failure } from '../design/Failure.tsx'
import { Loading } from '../design/Loading.tsx'
import { usePageTitle } from '../shell/use-page-title.ts'
import { FocusReview } from './FocusReview.tsx'
import { PauseNote } from './PauseNote.tsx'
import { useNextQuestion } from './queries.ts'
import { ReviewProgressLine } from './ReviewProgressLine.tsx'
import { RoundFirst } from './RoundFirst.tsx'
import { SheetReview } from './SheetReview.tsx'

/** Where people answer. Nothing here tells who acted, what others said, or what a question is for. */
export function ReviewPage() {
  const { project } = useParams({ from: '/p/$project/review' })
  const { mode = 'focus' } = useSearch({ from: '/p/$project/review' })
  const next = useNextQuestion(project, mode)
  usePageTitle('Review')
  if (next.isPending) return <Loading what="the next question" rows={10} />
  if (next.isError) return <Failure error={next.error} onRetry={() => next.refetch()} />
  const { question, progress, lastDay, round } = next.data
  if (round !== null && !round.done) return <RoundFirst project={project} round={round} />
  return (
    <>
      <PauseNote project={project} />
      <div className="mb-4 flex flex-wrap items-center justify-between gap-x-6 gap-y-2">
        <h1 className="text-20">Review</h1>
        <ReviewProgressLine progress={progress} lastDay={lastDay} />
        <Link
          to="/p/$project/review"
          params={{ project }}
          search={mode === 'focus' ? { mode: 'sheet' } : {}}
          className="link text-14"
        >
          {mode === 'focus' ? 'All questions of an episode at once' : 'One question at a time'}
        </Link>
      </div>
      {question === null ? (
        <Empty title="Nothing waits for you">
          <p>You have answered everything that is open to you. New questions appear here by themselves.</p>
          <p className="mt-3 flex gap-2">
            <Button onClick={() => next.refetch()}>Look again</Button>
            <Button kind="quiet" asChild>
              <Link to="/p/$project/inbox" params={{ project }}>
                What I answered
              </Link>
            </Button>
          </p>
        </Empty>
      ) : mode === 'sheet' ? (
        <SheetReview key={question.episodeId} project={project} episode={question.episodeId} />
      ) : (
        <FocusReview project={project} question={question} />
      )}
    </>
  )
}
