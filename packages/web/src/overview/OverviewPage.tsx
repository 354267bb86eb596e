import type { AgentOverview } from '@leeway/contract/releases'
import { Link, Navigate, useParams } from '@tanstack/react-router'
import { useMe } from '../accounts/queries.ts'
import { Button } from '../design/Button.tsx'
import { Empty } from '../design/Empty.tsx'
import { Failure } from '../design/Failure.tsx'
import { Loading } from '../design/Loading.tsx'
import { OpenIncidents } from '../incidents/OpenIncidents.tsx'
import { usePageTitle } from '../shell/use-page-title.ts'
import { AgentRow } from './AgentRow.tsx'
import { FirstMinute } from './FirstMinute.tsx'
import { useOverview } from './queries.ts'

/** Where a project begins: for raters their inbox, for everybody else its agents. */
export function OverviewPage() {
  const { project } = useParams({ from: '/p/$project/' })
  const me = useMe()
  // Nothing is asked for before it is known who asks: raters are refused the overview.
  if (me.isPending) return <Loading what="the project" rows={6} />
  const isRater = me.data?.projects.find((own) => own.slug === project)?.role === 'rater'
  if (isRater) return <Navigate to="/p/$project/inbox" params={{ project }} replace />
  return <Agents project={project} />
}

/** One row an agent: how far it is trusted, what the evidence says, what waits for a person. */
function Agents({ project }: { readonly project: string }) {
  const overview = useOverview(project)
  usePageTitle('Overview')
  const agents = overview.data?.agents
  return (
    <>
      {agents === undefined ? null : <FirstMinute project={project} rolledBack={findRolledBack(agents)} />}
      <div className="mb-4 flex flex-wrap items-end justify-between gap-3">
        <h1 className="text-28">Agents</h1>
        <Button asChild>
          <Link to="/p/$project/releases/new" params={{ project }}>
            Start a release
          </Link>
        </Button>
      </div>
      <OpenIncidents project={project} />
      {overview.isPending ? <Loading what="the agents" rows={6} /> : null}
      {overview.isError && agents === undefined ? (
        <Failure error={overview.error} onRetry={() => overview.refetch()} />
      ) : null}
      {agents?.length === 0 ? (
        <Empty
          title="Your agents will stand here"
          command="npx leeway episode import runs.jsonl --agent my-agent --policy v1"
        >
          <p>
            Each with its ladder, its newest release and what waits for you. An agent appears with its first
            episodes:{' '}
            <Link to="/p/$project/import" params={{ project }} className="link">
              import a file here
            </Link>{' '}
            or from the command line.
          </p>
        </Empty>
      ) : null}
      {agents !== undefined && agents.length > 0 ? (
        <ul className="divide-y divide-line overflow-hidden rounded-lg border border-line bg-surface">
          {agents.map((agent) => (
            <AgentRow key={agent.agent} project={project} agent={agent} />
          ))}
        </ul>
      ) : null}
    </>
  )
}

/** The newest release that was rolled back, to show first what Leeway is for. */
function findRolledBack(agents: readonly AgentOverview[]) {
  for (const agent of agents) {
    const all = agent.release === null ? agent.earlier : [agent.release, ...agent.earlier]
    const found = all.find((release) => release.state === 'rolled-back')
    if (found !== undefined) return { releaseId: found.id, candidate: found.candidate.name }
  }
  return undefined
}
