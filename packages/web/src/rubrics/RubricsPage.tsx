import { Link, useParams } from '@tanstack/react-router'
import { Button } from '../design/Button.tsx'
import { Empty } from '../design/Empty.tsx'
import { Failure } from '../design/Failure.tsx'
import { Loading } from '../design/Loading.tsx'
import { formatCount, formatCountOf } from '../numbers/format-number.ts'
import { usePageTitle } from '../shell/use-page-title.ts'
import { useRubrics } from './queries.ts'

/** Every rubric of the project, and how far its programs have come. */
export function RubricsPage() {
  const { project } = useParams({ from: '/p/$project/rubrics' })
  const rubrics = useRubrics(project)
  usePageTitle('Rubrics')
  return (
    <>
      <div className="mb-5 flex flex-wrap items-end justify-between gap-x-4 gap-y-2">
        <div>
          <h1 className="text-28">Rubrics</h1>
          <p className="mt-1 text-ink-2">
            Questions about what an agent did, taken apart until each is easy to answer.
          </p>
        </div>
        <Button kind="primary" asChild>
          <Link to="/p/$project/rubrics/new" params={{ project }}>
            Write a rubric
          </Link>
        </Button>
      </div>
      {rubrics.isPending ? <Loading what="the rubrics" rows={4} /> : null}
      {rubrics.isError ? <Failure error={rubrics.error} onRetry={() => rubrics.refetch()} /> : null}
      {rubrics.data?.length === 0 ? (
        <Empty title="No rubric yet" command="npx leeway rubric lint rubric.yaml">
          A rubric says what “behaving well” means for one agent. Programs answer what they can on every
          episode; people and models answer the rest.
        </Empty>
      ) : null}
      <ul className="space-y-3">
        {rubrics.data?.map((rubric) => (
          <li key={rubric.id} className="rounded-lg border border-line bg-surface px-4 py-3 sm:px-5">
            <div className="flex flex-wrap items-baseline justify-between gap-x-4">
              <h2 className="min-w-0 text-16 font-semibold [overflow-wrap:anywhere]">
                <Link
                  to="/p/$project/rubrics/$rubricId"
                  params={{ project, rubricId: rubric.id }}
                  className="link"
                >
                  <bdi>{rubric.name}</bdi>
                </Link>
              </h2>
              <span className="text-12 text-ink-2">version {rubric.version}</span>
            </div>
            <p className="figures mt-1 text-14 text-ink-2">
              <bdi>{rubric.agent}</bdi> · {formatCountOf(rubric.questions, 'question')} · programs have
              answered on {formatCount(rubric.applied)} of {formatCountOf(rubric.episodes, 'episode')}
            </p>
          </li>
        ))}
      </ul>
    </>
  )
}
