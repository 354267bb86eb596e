import type { AgentTraffic } from '@leeway/contract/gateway'
import { Link } from '@tanstack/react-router'
import { Panel } from '../design/Panel.tsx'
import { StateMark } from '../design/StateMark.tsx'
import { formatCount, formatPercentInterval } from '../numbers/format-number.ts'
import { SplitBar } from './SplitBar.tsx'
import { exposureWords, notDrawnWords, standingWords, turnsWords } from './traffic-words.ts'

/** Who served the conversations of each agent in the last 24 hours, beside what its stage says. */
export function TrafficPanel({
  project,
  agents,
}: {
  readonly project: string
  readonly agents: readonly AgentTraffic[]
}) {
  return (
    <Panel title="Traffic of the last 24 hours">
      <ul className="divide-y divide-line">
        {agents.map((agent) => (
          <li key={agent.agent} className="grid gap-x-8 gap-y-3 py-4 lg:grid-cols-[minmax(0,1fr)_22rem]">
            <Traffic project={project} traffic={agent} />
          </li>
        ))}
      </ul>
    </Panel>
  )
}

function Traffic({ project, traffic }: { readonly project: string; readonly traffic: AgentTraffic }) {
  const { agent, baseline, candidate, releaseId, contractVersion, split } = traffic
  const drawn = split?.drawn ?? null
  const isBroken = drawn !== null && drawn.standing !== 'as-drawn'
  return (
    <>
      <div className="min-w-0 space-y-1">
        <div className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
          <h3 className="text-16 font-semibold" dir="auto">
            {agent}
          </h3>
          <span className="text-12 text-ink-2">
            {candidate === null || releaseId === null ? (
              <bdi>{baseline}</bdi>
            ) : (
              <>
                <Link to="/p/$project/releases/$releaseId" params={{ project, releaseId }} className="link">
                  <bdi>{candidate}</bdi>
                </Link>{' '}
                against <bdi>{baseline}</bdi>
              </>
            )}
            ,{' '}
            <Link to="/p/$project/contracts/$agent" params={{ project, agent }} className="link">
              contract {contractVersion}
            </Link>
          </span>
          {isBroken ? <StateMark state="unhealthy" word="Split broken" /> : null}
        </div>
        <p dir="auto">{exposureWords(traffic)}</p>
        {drawn === null ? null : (
          <p className="figures">
            It served {formatCount(drawn.byCandidate)} of {formatCount(drawn.conversations)} conversations,{' '}
            {formatPercentInterval({ estimate: drawn.share, low: drawn.low, high: drawn.high })}.{' '}
            {standingWords(drawn)}
          </p>
        )}
        <p className="figures text-12 text-ink-2">
          {turnsWords(traffic)} {split === null ? '' : notDrawnWords(split)}
        </p>
      </div>
      {drawn === null || split === null ? null : (
        <SplitBar {...drawn} exposure={split.exposure} isBroken={isBroken} />
      )}
    </>
  )
}
