import type { DriftReadingView, UnlikeView } from '@leeway/contract/drift'
import { Link } from '@tanstack/react-router'
import { Failure } from '../design/Failure.tsx'
import { Panel } from '../design/Panel.tsx'
import { Time } from '../design/Time.tsx'
import { formatPercent } from '../numbers/format-number.ts'
import { useDrift } from './queries.ts'

/** How this week's conversations differ from those that were rated. Nothing while no agent has episodes. */
export function DriftPanel({ project }: { readonly project: string }) {
  const drift = useDrift(project)
  if (drift.isError && drift.data === undefined)
    return <Failure error={drift.error} onRetry={() => drift.refetch()} />
  if (drift.data === undefined || drift.data.readings.length === 0) return null
  const { readings, shareMax } = drift.data
  return (
    <Panel title="This week beside what was rated">
      <ul className="divide-y divide-line">
        {[...readings.filter(isKnown), ...readings.filter((reading) => !isKnown(reading))].map((reading) => (
          <li key={reading.agent} className="space-y-1 py-3">
            <Reading project={project} reading={reading} />
          </li>
        ))}
      </ul>
      <p className="mt-1 text-12 text-ink-2">
        {shareMax === null
          ? 'No alert comes of it: the project has set no limit.'
          : `An alert begins where more than ${formatPercent(shareMax)} are unlike, chance set aside, and ends below half of that.`}{' '}
        Who rates some of them learns how the agent does there.
      </p>
    </Panel>
  )
}

const isKnown = ({ asked, done }: DriftReadingView) => asked.estimate !== null || done.estimate !== null

function Reading({ project, reading }: { readonly project: string; readonly reading: DriftReadingView }) {
  const { agent, at, asked, done } = reading
  return (
    <>
      <p className="flex flex-wrap items-baseline gap-x-3">
        <span className="text-16 font-semibold" dir="auto">
          {agent}
        </span>
        <span className="text-12 text-ink-2">
          read <Time at={at} style="ago" />
        </span>
      </p>
      <Unlike project={project} unlike={asked} />
      {/* Where nothing is known it is for one reason. */}
      {isKnown(reading) ? <Unlike project={project} unlike={done} /> : null}
    </>
  )
}

const LINKED_MAX = 5

function Unlike({ project, unlike }: { readonly project: string; readonly unlike: UnlikeView }) {
  const linked = unlike.episodes.slice(0, LINKED_MAX)
  return (
    <p className={unlike.estimate === null ? 'figures text-14 text-ink-2' : 'figures text-14'}>
      {unlike.words}
      {linked.length === 0 ? null : (
        <>
          {' '}
          The farthest:{' '}
          {linked.map((episodeId, at) => (
            <span key={episodeId}>
              {at === 0 ? '' : ', '}
              <Link to="/p/$project/episodes/$episodeId" params={{ project, episodeId }} className="link">
                {at + 1}
              </Link>
            </span>
          ))}
          .
        </>
      )}
    </p>
  )
}
