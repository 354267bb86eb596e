import { Link, useParams } from '@tanstack/react-router'
import { Button } from '../design/Button.tsx'
import { Empty } from '../design/Empty.tsx'
import { Failure } from '../design/Failure.tsx'
import { Loading } from '../design/Loading.tsx'
import { usePageTitle } from '../shell/use-page-title.ts'
import { useRoundQuestion } from './queries.ts'
import { RoundQuestion } from './RoundQuestion.tsx'
import { roundEndWords } from './round-words.ts'

/** Before the first real question: ones whose answers are known, each told as soon as it is answered. */
export function RoundPage() {
  const { project } = useParams({ from: '/p/$project/round' })
  const next = useRoundQuestion(project)
  usePageTitle('Qualification round')
  if (next.isPending) return <Loading what="the next question" rows={10} />
  if (next.isError) return <Failure error={next.error} onRetry={() => next.refetch()} />
  const { question, progress } = next.data
  return (
    <>
      <h1 className="text-20">Qualification round</h1>
      {question === null || progress === null ? (
        <Empty title={progress === null ? 'This project has no qualification round' : 'The round is over'}>
          {progress === null ? null : <p className="figures">{roundEndWords(progress)}</p>}
          {progress?.tier === 'suspended' ? null : (
            <p className="mt-3">
              <Button kind="primary" asChild>
                <Link to="/p/$project/inbox" params={{ project }}>
                  To the inbox
                </Link>
              </Button>
            </p>
          )}
        </Empty>
      ) : (
        <RoundQuestion
          key={question.assignmentId}
          project={project}
          question={question}
          progress={progress}
        />
      )}
    </>
  )
}
