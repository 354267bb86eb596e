import type { AgentOverview, ReleaseSummary } from '@leeway/contract/releases'
import { Link } from '@tanstack/react-router'
import { Button } from '../design/Button.tsx'
import { Prose } from '../design/Prose.tsx'
import { StateMark } from '../design/StateMark.tsx'
import { LadderMark } from '../ladder/LadderMark.tsx'
import { formatCountOf, formatPointsInterval } from '../numbers/format-number.ts'
import { withoutVerdict } from '../releases/without-verdict.ts'
import { Sparkline } from './Sparkline.tsx'

/** One agent in one row: ladder, verdict, picture, what waits. */
export function AgentRow({ project, agent }: { readonly project: string; readonly agent: AgentOverview }) {
  const { release } = agent
  const proposed = [release, ...agent.earlier].find((one) => one?.state === 'proposed')
  return (
    <li className="grid grid-cols-[2.5rem_minmax(0,1fr)] gap-x-4 gap-y-3 px-4 py-5 sm:px-5 lg:grid-cols-[2.5rem_minmax(0,1fr)_11rem_9.5rem] lg:items-center">
      <LadderMark stages={agent.stages.map((stage) => stage.name)} present={release?.stage ?? null} />
      <div className="min-w-0">
        <div className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
          <h2 className="line-clamp-2 text-16 font-semibold" dir="auto" title={agent.agent}>
            {release === null ? (
              agent.agent
            ) : (
              <ReleaseLink project={project} release={release} words={agent.agent} />
            )}
          </h2>
          {release === null ? null : (
            <span className="text-12 text-ink-2">
              <bdi className="font-medium text-ink">{release.candidate.name}</bdi> against{' '}
              <bdi>{release.baseline.name}</bdi>, {standingWords(release)}
              {agent.simulated ? ', simulated' : ''}
            </span>
          )}
        </div>
        {release === null ? (
          <p className="mt-1 text-ink-2">
            {formatCountOf(agent.episodes, 'episode')}, no release yet.{' '}
            <Link
              to="/p/$project/releases/new"
              params={{ project }}
              search={{ agent: agent.agent }}
              className="link"
            >
              Compare two of its policies
            </Link>
          </p>
        ) : (
          <div className="mt-1.5 flex flex-wrap items-start gap-x-2.5 gap-y-1 sm:flex-nowrap">
            {release.verdict === null ? null : <StateMark state={release.verdict} />}
            <p>
              <Prose text={withoutVerdict(release.sentence)} />
            </p>
          </div>
        )}
        {agent.earlier.length === 0 ? null : (
          <ul
            className="mt-2 flex flex-wrap gap-x-4 gap-y-1 text-12 text-ink-2"
            aria-label="Earlier releases"
          >
            {agent.earlier.slice(0, 4).map((earlier) => (
              <li key={earlier.id}>
                Earlier:{' '}
                <ReleaseLink project={project} release={earlier} words={earlier.candidate.name} isQuiet />,{' '}
                {standingWords(earlier)}
              </li>
            ))}
          </ul>
        )}
      </div>
      <div className="col-start-2 lg:col-start-auto">
        <Difference agent={agent} />
      </div>
      <div className="col-start-2 lg:col-start-auto lg:text-end">
        {proposed == null || agent.waiting.approvals === 0 ? null : (
          <Button kind="primary" asChild>
            <Link to="/p/$project/releases/$releaseId" params={{ project, releaseId: proposed.id }}>
              {formatCountOf(agent.waiting.approvals, 'approval waits', 'approvals wait')}
            </Link>
          </Button>
        )}
      </div>
    </li>
  )
}

function ReleaseLink({
  project,
  release,
  words,
  isQuiet = false,
}: {
  readonly project: string
  readonly release: ReleaseSummary
  readonly words: string
  readonly isQuiet?: boolean
}) {
  return (
    <Link
      to="/p/$project/releases/$releaseId"
      params={{ project, releaseId: release.id }}
      className={isQuiet ? 'link' : 'link decoration-transparent'}
    >
      <bdi>{words}</bdi>
    </Link>
  )
}

function Difference({ agent }: { readonly agent: AgentOverview }) {
  const last = agent.sparkline.at(-1)
  if (last === undefined || agent.sparkline.length < 2) return null
  const words = formatPointsInterval(last)
  return (
    <div>
      <Sparkline
        points={agent.sparkline}
        margin={agent.margin ?? 0.05}
        words={`Difference in failures: ${words}`}
      />
      <p className="figures mt-1 text-12 text-ink-2">Failures {words}</p>
    </div>
  )
}

function standingWords(release: ReleaseSummary): string {
  switch (release.state) {
    case 'climbing':
      return `at ${release.stage}`
    case 'proposed':
      return `at ${release.stage}, waits for approval`
    case 'rolled-back':
      return `rolled back at ${release.stage}`
    case 'completed':
      return 'completed'
  }
}
