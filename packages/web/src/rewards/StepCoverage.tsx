import type { StepIndex } from '@leeway/contract/episodes'
import { showEpisodeCoverage } from '@leeway/contract/rewards'
import { useQuery } from '@tanstack/react-query'
import { client } from '../api/client.ts'
import { Failure } from '../design/Failure.tsx'
import { Panel } from '../design/Panel.tsx'
import { formatCount, formatCountOf } from '../numbers/format-number.ts'

/** The rest is reached in the list of steps itself. */
const LISTED_MAX = 50
const ACTED = new Set(['assistant', 'reasoning', 'tool_call'])

/** The steps that no answer points at and no program reads. Nothing is shown where the agent has no rubric. */
export function StepCoverage({
  project,
  episode,
  index,
  onStep,
}: {
  readonly project: string
  readonly episode: string
  readonly index: StepIndex
  readonly onStep: (ordinal: number) => void
}) {
  const coverage = useQuery({
    queryKey: [project, 'episodes', episode, 'coverage'],
    queryFn: async () => (await client.call(showEpisodeCoverage, { params: { project, episode } })).coverage,
  })
  if (coverage.isPending) return null
  if (coverage.isError) return <Failure error={coverage.error} onRetry={() => coverage.refetch()} />
  if (coverage.data === null) return null
  const { acted, pointed, read, share, unread } = coverage.data
  const own = unread.filter((ordinal) => ACTED.has(index.kind[ordinal] ?? ''))
  const others = unread.length - own.length
  return (
    <Panel title="What the answers rest on">
      <p className="figures text-14">
        {share === null
          ? 'The agent did nothing that could be looked at.'
          : share === 0
            ? `No answer points at one of the ${formatCountOf(acted, 'step')} of the agent yet, and no program read one.`
            : `Of ${formatCountOf(acted, 'step')} of the agent, answers point at ${formatCount(pointed)} and programs read ${formatCount(read)} more: ${Math.round(share * 100)} % are covered.`}
      </p>
      {own.length === 0 ? null : (
        <details className="mt-2">
          <summary className="cursor-pointer text-14">
            {formatCountOf(own.length, 'step')} of the agent that nothing covers
          </summary>
          <ul className="mt-1 space-y-1">
            {own.slice(0, LISTED_MAX).map((ordinal) => (
              <li key={ordinal}>
                <button
                  type="button"
                  className="flex w-full min-w-0 gap-2 text-start text-14"
                  onClick={() => onStep(ordinal)}
                >
                  <span className="link figures shrink-0">
                    Step {ordinal}, {(index.kind[ordinal] ?? '').replace('_', ' ')}
                  </span>
                  <span className="truncate text-ink-2" dir="auto">
                    {nameOf(index, ordinal)} {index.preview[ordinal]}
                  </span>
                </button>
              </li>
            ))}
          </ul>
          {own.length > LISTED_MAX ? (
            <p className="figures mt-1 text-12 text-ink-2">
              And {formatCount(own.length - LISTED_MAX)} more.
            </p>
          ) : null}
        </details>
      )}
      {others === 0 ? null : (
        <p className="figures mt-1 text-12 text-ink-2">
          Nothing covers {formatCountOf(others, 'step')} of others: what people said and what tools gave back.
        </p>
      )}
    </Panel>
  )
}

function nameOf(index: StepIndex, ordinal: number): string {
  const name = index.name[ordinal]
  return name == null ? '' : (index.names[name] ?? '')
}
