import { Link, useParams } from '@tanstack/react-router'
import { useMe } from '../accounts/queries.ts'
import { Empty } from '../design/Empty.tsx'
import { Failure } from '../design/Failure.tsx'
import { Loading } from '../design/Loading.tsx'
import { Panel } from '../design/Panel.tsx'
import { formatCount, formatCountOf } from '../numbers/format-number.ts'
import { usePageTitle } from '../shell/use-page-title.ts'
import { AskForm } from './AskForm.tsx'
import { useComparisons } from './queries.ts'

/** By which questions runs are compared, how far each is, and having more of them compared. */
export function ComparisonsPage() {
  const { project } = useParams({ from: '/p/$project/comparisons' })
  const isAdmin = useMe().data?.projects.find((own) => own.slug === project)?.role === 'admin'
  const comparisons = useComparisons(project)
  usePageTitle('Comparisons')
  if (comparisons.isPending) return <Loading what="the comparisons" rows={6} />
  if (comparisons.isError) return <Failure error={comparisons.error} onRetry={() => comparisons.refetch()} />
  return (
    <>
      <h1 className="text-28">Comparisons</h1>
      <p className="mt-1 mb-5 max-w-[70ch] text-ink-2">
        Two runs of one task beside each other, and the question which is better. People and models answer
        without knowing whose they are. Preferences say which is liked more, not whether either is right: they
        never enter a gate.
      </p>
      <div className="space-y-4">
        {comparisons.data.length === 0 ? (
          <Empty title="Nothing was asked to be compared yet">
            Give a question of a rubric the scale <code>pairwise</code>, and have two policies compared by it.
          </Empty>
        ) : (
          <ul className="divide-y divide-line rounded-lg border border-line bg-surface">
            {comparisons.data.map((one) => (
              <li
                key={`${one.agentId} ${one.criterionSha256}`}
                className="flex flex-wrap items-baseline gap-x-4 gap-y-1 px-4 py-2.5"
              >
                <Link
                  to="/p/$project/comparisons/$agentId/$criterion"
                  params={{ project, agentId: one.agentId, criterion: one.criterionSha256 }}
                  className="link min-w-0 flex-1 basis-64 [overflow-wrap:anywhere]"
                >
                  <span dir="auto">{one.question}</span>
                </Link>
                <span className="text-14 text-ink-2">
                  <bdi>{one.agent}</bdi>
                </span>
                <span className="figures text-14">
                  {formatCount(one.answers)} of {formatCountOf(one.answersWanted, 'answer')} to{' '}
                  {formatCountOf(one.pairs, 'pair')}
                </span>
              </li>
            ))}
          </ul>
        )}
        {isAdmin ? (
          <Panel title="Have runs compared">
            <AskForm project={project} />
          </Panel>
        ) : null}
      </div>
    </>
  )
}
