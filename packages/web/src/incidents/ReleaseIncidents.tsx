import { Panel } from '../design/Panel.tsx'
import { IncidentList } from './IncidentList.tsx'
import { useIncidents } from './queries.ts'

/** Incidents of the policies of a release; nothing where there are none. */
export function ReleaseIncidents({
  project,
  releaseId,
}: {
  readonly project: string
  readonly releaseId: string
}) {
  const found = useIncidents(project, { release: releaseId })
  const items = found.data?.pages.flatMap((page) => page.items) ?? []
  if (items.length === 0) return null
  return (
    <Panel title="Incidents">
      <IncidentList project={project} incidents={items} />
    </Panel>
  )
}
