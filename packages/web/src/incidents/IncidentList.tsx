import type { IncidentView } from '@leeway/contract/incidents'
import { Link } from '@tanstack/react-router'
import { Time } from '../design/Time.tsx'
import { SeverityMark } from './SeverityMark.tsx'

/** Incidents in a column, newest first: what happened, what followed, and whether it is closed. */
export function IncidentList({
  project,
  incidents,
}: {
  readonly project: string
  readonly incidents: readonly IncidentView[]
}) {
  return (
    <ul className="divide-y divide-line">
      {incidents.map(({ id, severity, reason, words, agent, policy, reportedBy, at, closed }) => (
        <li key={id} className="py-3 first:pt-1 last:pb-0">
          <div className="flex flex-wrap items-baseline gap-x-4 gap-y-0.5">
            <SeverityMark severity={severity} />
            <Link
              to="/p/$project/incidents/$incidentId"
              params={{ project, incidentId: id }}
              className="link min-w-0 text-14 font-semibold"
              dir="auto"
            >
              {firstWords(reason)}
            </Link>
            <span className="text-12 text-ink-2">{closed === null ? 'open' : 'closed'}</span>
          </div>
          <p className="mt-0.5 max-w-none text-14 text-ink-2" dir="auto">
            {words}
          </p>
          <p className="mt-0.5 max-w-none text-12 text-ink-2">
            <bdi>{policy}</bdi> of <bdi>{agent}</bdi>, reported by <bdi>{reportedBy}</bdi>, <Time at={at} />
          </p>
        </li>
      ))}
    </ul>
  )
}

const SHOWN = 140

function firstWords(reason: string): string {
  return reason.length > SHOWN ? `${reason.slice(0, SHOWN - 1)}…` : reason
}
