import type { IncidentDetail } from '@leeway/contract/incidents'
import { Link, useParams } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { useMe } from '../accounts/queries.ts'
import { ActionButton } from '../actions/ActionButton.tsx'
import { useActions } from '../actions/ActionsProvider.tsx'
import type { Action } from '../actions/action.ts'
import { Failure } from '../design/Failure.tsx'
import { Loading } from '../design/Loading.tsx'
import { Panel } from '../design/Panel.tsx'
import { ReasonDialog } from '../design/ReasonDialog.tsx'
import { Time } from '../design/Time.tsx'
import { usePageTitle } from '../shell/use-page-title.ts'
import { FrozenPanel } from './FrozenPanel.tsx'
import { PlantRequestDialog } from './PlantRequestDialog.tsx'
import { useCloseIncident, useIncident } from './queries.ts'
import { SeverityMark } from './SeverityMark.tsx'

/** One incident: what happened, what followed, what held then, and how it was closed. */
export function IncidentPage() {
  const { project, incidentId } = useParams({ from: '/p/$project/incidents/$incidentId' })
  const incident = useIncident(project, incidentId)
  usePageTitle('Incident')
  if (incident.isPending) return <Loading what="the incident" rows={8} />
  if (incident.isError) return <Failure error={incident.error} onRetry={() => incident.refetch()} />
  return <OneIncident key={incidentId} project={project} incident={incident.data} />
}

function OneIncident({ project, incident }: { readonly project: string; readonly incident: IncidentDetail }) {
  const { closed, release, episodeId } = incident
  const isAdmin = useMe().data?.projects.find((own) => own.slug === project)?.role === 'admin'
  const [asking, setAsking] = useState(false)
  const close = useCloseIncident(project, incident.id)
  const mayClose = isAdmin && closed === null
  const action = useMemo<Action>(
    () => ({
      id: 'close-incident',
      title: 'Close the incident',
      group: 'This page',
      keys: ['c'],
      unavailable: mayClose ? undefined : closed === null ? 'Admins close incidents' : 'It is closed',
      perform: () => setAsking(true),
    }),
    [mayClose, closed],
  )
  const [isPlanting, setPlanting] = useState(false)
  const plant = useMemo<Action>(
    () => ({
      id: 'plant-like-request',
      title: 'Plant a like request',
      group: 'This page',
      keys: ['p'],
      unavailable: isAdmin ? undefined : 'Admins plant requests',
      perform: () => setPlanting(true),
    }),
    [isAdmin],
  )
  useActions(
    'incident',
    useMemo(() => [action, plant], [action, plant]),
  )
  return (
    <div className="max-w-4xl">
      <nav aria-label="Where you are" className="mb-2 text-12">
        <Link to="/p/$project/incidents" params={{ project }} search={{}} className="link">
          Incidents
        </Link>
      </nav>
      <div className="mb-5 flex flex-wrap items-end justify-between gap-x-6 gap-y-3">
        <div className="min-w-0">
          <h1 className="text-28" dir="auto">
            Incident of {incident.policy}
          </h1>
          <p className="mt-1 flex max-w-none flex-wrap items-center gap-x-3 text-ink-2">
            <SeverityMark severity={incident.severity} />
            <span>
              reported <Time at={incident.at} /> by <bdi>{incident.reportedBy}</bdi>
            </span>
            <span>{closed === null ? 'open' : 'closed'}</span>
          </p>
        </div>
        <div className="flex flex-wrap gap-2">
          {isAdmin ? <ActionButton action={plant}>Plant a like request…</ActionButton> : null}
          {mayClose ? <ActionButton action={action}>Close the incident…</ActionButton> : null}
        </div>
      </div>
      <div className="space-y-4">
        <Panel title="What happened">
          <p className="break-words whitespace-pre-wrap" dir="auto">
            {incident.reason}
          </p>
          <p className="mt-3 font-semibold" dir="auto">
            {incident.words}
          </p>
          <p className="mt-3 flex flex-wrap gap-x-4 text-14">
            <Link to="/p/$project/episodes/$episodeId" params={{ project, episodeId }} className="link">
              The episode
            </Link>
            {release === null ? null : (
              <Link
                to="/p/$project/releases/$releaseId"
                params={{ project, releaseId: release.id }}
                className="link"
              >
                The release {release.handle}
              </Link>
            )}
          </p>
          <p className="mt-2 text-14 text-ink-2">
            {closed === null
              ? 'The text of the episode is kept until the incident is closed, whatever the days of retention.'
              : 'The text of the episode is kept no longer than that of others.'}
            {incident.isGold
              ? ' The episode is a known answer: raters meet it unmarked, among the questions by which their answers and those of the gate are measured.'
              : ''}
          </p>
        </Panel>
        {closed === null ? null : (
          <Panel title="How it was closed">
            <p className="break-words whitespace-pre-wrap" dir="auto">
              {closed.reason}
            </p>
            <p className="mt-1 text-14 text-ink-2">
              <bdi>{closed.by}</bdi>, <Time at={closed.at} />
            </p>
          </Panel>
        )}
        <FrozenPanel incident={incident} />
      </div>
      {isPlanting ? (
        <PlantRequestDialog project={project} incident={incident.id} onClose={() => setPlanting(false)} />
      ) : null}
      {asking && mayClose ? (
        <ReasonDialog
          title="Close the incident"
          description="Nothing more is to be examined. What was decided because of it stays, and the text of the episode is kept no longer than that of others."
          label="Why it is closed"
          hint="Stands with the incident, with your name."
          submit="Close it"
          isDanger={false}
          cancel="Keep it open"
          onClose={() => setAsking(false)}
          error={close.error}
          isPending={close.isPending}
          onSubmit={(reason) => close.mutate(reason, { onSuccess: () => setAsking(false) })}
        />
      ) : null}
    </div>
  )
}
