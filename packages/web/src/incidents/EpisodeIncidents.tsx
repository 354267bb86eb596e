import { useMemo, useState } from 'react'
import { ActionButton } from '../actions/ActionButton.tsx'
import { useActions } from '../actions/ActionsProvider.tsx'
import type { Action } from '../actions/action.ts'
import { Panel } from '../design/Panel.tsx'
import { IncidentList } from './IncidentList.tsx'
import { useIncidents } from './queries.ts'
import { ReportDialog } from './ReportDialog.tsx'

/** Incidents of an episode, and the way to report one. Nobody gets here who may not know how it ended. */
export function EpisodeIncidents({
  project,
  episode,
  agent,
  mayReport,
}: {
  readonly project: string
  readonly episode: string
  readonly agent: string
  readonly mayReport: boolean
}) {
  const found = useIncidents(project, { episode })
  const [asking, setAsking] = useState(false)
  const items = found.data?.pages.flatMap((page) => page.items) ?? []
  const hasOpen = items.some(({ closed }) => closed === null)
  const action = useMemo<Action>(
    () => ({
      id: 'report-incident',
      title: 'Report an incident',
      group: 'This page',
      keys: ['!'],
      unavailable: !mayReport
        ? 'Admins report incidents'
        : hasOpen
          ? 'An incident of this episode is open'
          : undefined,
      perform: () => setAsking(true),
    }),
    [mayReport, hasOpen],
  )
  useActions(
    'episode-incidents',
    useMemo(() => [action], [action]),
  )
  if (!mayReport && items.length === 0) return null
  return (
    <>
      {items.length === 0 ? (
        <ActionButton size="small" action={action}>
          Report an incident…
        </ActionButton>
      ) : (
        <Panel
          title="Incidents"
          aside={
            mayReport && !hasOpen ? (
              <ActionButton size="small" action={action}>
                Report another…
              </ActionButton>
            ) : null
          }
        >
          <IncidentList project={project} incidents={items} />
        </Panel>
      )}
      {asking ? (
        <ReportDialog project={project} episode={episode} agent={agent} onClose={() => setAsking(false)} />
      ) : null}
    </>
  )
}
