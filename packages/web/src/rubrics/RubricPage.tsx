import { readRubric } from '@leeway/contract/rubric-document'
import { Link, useParams } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { Button } from '../design/Button.tsx'
import { CopyButton } from '../design/CopyButton.tsx'
import { Failure } from '../design/Failure.tsx'
import { Loading } from '../design/Loading.tsx'
import { Panel } from '../design/Panel.tsx'
import { Time } from '../design/Time.tsx'
import { formatCount, formatCountOf } from '../numbers/format-number.ts'
import { usePageTitle } from '../shell/use-page-title.ts'
import { CoveragePanel } from './CoveragePanel.tsx'
import { PredictionTable } from './PredictionTable.tsx'
import { useApplyRubric, usePredictions, useRubric } from './queries.ts'
import { goToQuestion, RubricTree } from './RubricTree.tsx'

/** One rubric: its questions, how well they predict what is known, and its versions. */
export function RubricPage() {
  const { project, rubricId } = useParams({ from: '/p/$project/rubrics/$rubricId' })
  const rubric = useRubric(project, rubricId)
  const predictions = usePredictions(project, rubricId)
  const [remaining, setRemaining] = useState<number | null>(null)
  const apply = useApplyRubric(project, rubricId, setRemaining)
  usePageTitle(rubric.data?.name ?? 'Rubric')
  const source = rubric.data?.source ?? ''
  const read = useMemo(() => readRubric(source), [source])
  if (rubric.isPending) return <Loading what="the rubric" rows={8} />
  if (rubric.isError) return <Failure error={rubric.error} onRetry={() => rubric.refetch()} />
  const shown = rubric.data
  const left = remaining ?? shown.episodes - shown.applied
  return (
    <>
      <nav aria-label="Where you are" className="mb-2 text-12">
        <Link to="/p/$project/rubrics" params={{ project }} className="link">
          Rubrics
        </Link>
      </nav>
      <div className="mb-5 flex flex-wrap items-end justify-between gap-x-4 gap-y-2">
        <div className="min-w-0">
          <h1 className="text-28 [overflow-wrap:anywhere]">
            <bdi>{shown.name}</bdi>
          </h1>
          <p className="figures mt-1 text-ink-2">
            <bdi>{shown.agent}</bdi>, version {shown.version}. Programs have answered on{' '}
            {formatCount(shown.episodes - left)} of {formatCountOf(shown.episodes, 'episode')}.
          </p>
        </div>
        <div className="flex flex-wrap gap-2">
          {left === 0 ? null : (
            <Button disabled={apply.isPending} onClick={() => apply.mutate()}>
              {apply.isPending ? `${formatCount(left)} to go…` : 'Run the programs now'}
            </Button>
          )}
          <Button asChild>
            <Link to="/p/$project/splits" params={{ project }}>
              Split questions
            </Link>
          </Button>
          <Button kind="primary" asChild>
            <Link to="/p/$project/rubrics/new" params={{ project }} search={{ from: shown.id }}>
              Edit as a new version
            </Link>
          </Button>
        </div>
      </div>
      {apply.isError ? <Failure error={apply.error} /> : null}
      <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_20rem]">
        <div className="min-w-0 space-y-6">
          <Panel title="Questions">
            <RubricTree nodes={shown.nodes} />
          </Panel>
          {shown.instruction === null || !read.ok ? null : (
            <CoveragePanel instruction={shown.instruction} rubric={read.rubric} onQuestion={goToQuestion} />
          )}
          <Panel title="What they predict">
            {predictions.isPending ? <Loading what="the predictions" /> : null}
            {predictions.isError ? <Failure error={predictions.error} /> : null}
            {predictions.data?.length === 0 ? (
              <p className="text-14 text-ink-2">
                No answers yet on episodes whose outcome is known, so nothing can be said.
              </p>
            ) : null}
            {predictions.data !== undefined && predictions.data.length > 0 ? (
              <PredictionTable items={predictions.data} />
            ) : null}
          </Panel>
        </div>
        <Panel title="Versions">
          <ol className="space-y-2 text-14">
            {shown.versions.map((version) => (
              <li key={version.id}>
                <Link
                  to="/p/$project/rubrics/$rubricId"
                  params={{ project, rubricId: version.id }}
                  className="link"
                  aria-current={version.id === shown.id ? 'page' : undefined}
                >
                  Version {version.version}
                </Link>{' '}
                <span className="text-12 text-ink-2">
                  <Time at={version.createdAt} style="long" />
                </span>
                <div>
                  <CopyButton value={version.sha256} what="hash" />
                </div>
              </li>
            ))}
          </ol>
        </Panel>
      </div>
    </>
  )
}
