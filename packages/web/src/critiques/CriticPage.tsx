import { Link, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { Empty } from '../design/Empty.tsx'
import { Failure } from '../design/Failure.tsx'
import { SelectField } from '../design/Field.tsx'
import { Loading } from '../design/Loading.tsx'
import { EpisodeBeside } from '../review/EpisodeBeside.tsx'
import { usePageTitle } from '../shell/use-page-title.ts'
import { ClaimForm } from './ClaimForm.tsx'
import { OwnClaims } from './OwnClaims.tsx'
import { useCriticSheet } from './queries.ts'

/** Where a person says what is wrong with an episode, for those who are asked to judge it. Nobody else's word is on it. */
export function CriticPage() {
  const { project, episodeId } = useParams({ from: '/p/$project/episodes/$episodeId/critic' })
  const sheet = useCriticSheet(project, episodeId)
  const [chosen, setChosen] = useState<string | null>(null)
  usePageTitle('Critic')
  if (sheet.isPending) return <Loading what="the questions" rows={8} />
  if (sheet.isError) return <Failure error={sheet.error} onRetry={() => sheet.refetch()} />
  const { questions } = sheet.data
  const question = questions.find((one) => one.criterionSha256 === chosen) ?? questions[0]
  return (
    <>
      <nav aria-label="Where you are" className="mb-2 text-12">
        <Link to="/p/$project/episodes/$episodeId" params={{ project, episodeId }} className="link">
          The episode
        </Link>
      </nav>
      <h1 className="text-20">Say what is wrong</h1>
      <p className="mt-1 mb-4 max-w-[75ch] text-14 text-ink-2">
        People who answer a question about this episode are shown your claims after their first answer, beside
        those of models and without a name. Each must quote the words that show it.
      </p>
      {question === undefined ? (
        <Empty title="No question is asked of people about this episode">
          A rubric of its agent needs one that people may answer.
        </Empty>
      ) : (
        <div className="grid gap-6 lg:grid-cols-[minmax(0,1fr)_24rem]">
          <aside className="lg:order-last">
            <div className="space-y-3 lg:sticky lg:top-4">
              <section
                aria-label="Your claims"
                className="rounded-lg border border-line bg-surface p-4 sm:p-5"
              >
                {questions.length === 1 ? null : (
                  <SelectField
                    label="Question"
                    value={question.criterionSha256}
                    onChange={(event) => setChosen(event.target.value)}
                  >
                    {questions.map((one) => (
                      <option key={one.criterionSha256} value={one.criterionSha256}>
                        {one.question}
                      </option>
                    ))}
                  </SelectField>
                )}
                <h2 className="text-16 leading-snug font-semibold" dir="auto">
                  {question.question}
                </h2>
                {question.guidance === '' ? null : (
                  <p className="mt-1 text-14 text-ink-2" dir="auto">
                    {question.guidance}
                  </p>
                )}
                {question.isOwn ? (
                  <p className="mt-4">
                    You are asked this question yourself, so you cannot be its critic.{' '}
                    <Link to="/p/$project/review" params={{ project }} search={{}} className="link">
                      Answer it
                    </Link>{' '}
                    or take another episode.
                  </p>
                ) : (
                  <ClaimForm
                    key={question.criterionSha256}
                    project={project}
                    episodeId={episodeId}
                    criterionSha256={question.criterionSha256}
                    isFirst={question.claims.length === 0}
                  />
                )}
              </section>
              <OwnClaims project={project} episodeId={episodeId} claims={question.claims} />
            </div>
          </aside>
          <div className="min-w-0">
            <EpisodeBeside project={project} episodeId={episodeId} />
          </div>
        </div>
      )}
    </>
  )
}
