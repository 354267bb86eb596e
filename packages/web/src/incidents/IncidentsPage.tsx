import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { Button } from '../design/Button.tsx'
import { Empty } from '../design/Empty.tsx'
import { Failure } from '../design/Failure.tsx'
import { SelectField } from '../design/Field.tsx'
import { Loading } from '../design/Loading.tsx'
import { Panel } from '../design/Panel.tsx'
import { usePageTitle } from '../shell/use-page-title.ts'
import { IncidentList } from './IncidentList.tsx'
import { useIncidents } from './queries.ts'

/** Episodes that did harm, as people reported them. */
export function IncidentsPage() {
  const { project } = useParams({ from: '/p/$project/incidents' })
  const { state } = useSearch({ from: '/p/$project/incidents' })
  const navigate = useNavigate()
  const incidents = useIncidents(project, state === undefined ? {} : { state })
  usePageTitle('Incidents')
  const items = incidents.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <div className="max-w-4xl">
      <h1 className="text-28">Incidents</h1>
      <p className="mt-1 mb-5 max-w-[70ch] text-ink-2">
        Episodes that did harm, as people reported them, each with what held when it ran. From major on, the
        candidate is rolled back at once. The text of an episode is kept while its incident is open.
      </p>
      <div className="mb-4 max-w-64">
        <SelectField
          label="Show"
          value={state ?? ''}
          onChange={(event) => {
            const chosen = event.target.value
            navigate({
              to: '/p/$project/incidents',
              params: { project },
              search: chosen === 'open' || chosen === 'closed' ? { state: chosen } : {},
              replace: true,
            })
          }}
        >
          <option value="">All</option>
          <option value="open">Open</option>
          <option value="closed">Closed</option>
        </SelectField>
      </div>
      {incidents.isPending ? <Loading what="the incidents" rows={6} /> : null}
      {incidents.isError ? <Failure error={incidents.error} onRetry={() => incidents.refetch()} /> : null}
      {incidents.isSuccess && items.length === 0 ? (
        <Empty
          title={state === undefined ? 'No incident was reported' : `No incident is ${state}`}
          command="npx leeway incident report EPISODE --severity major --reason WORDS"
        >
          Report one from the page of its episode, or from the command line.
        </Empty>
      ) : null}
      {items.length === 0 ? null : (
        <Panel title="Newest first">
          <IncidentList project={project} incidents={items} />
          {incidents.hasNextPage ? (
            <Button
              className="mt-4"
              disabled={incidents.isFetchingNextPage}
              onClick={() => incidents.fetchNextPage()}
            >
              {incidents.isFetchingNextPage ? 'Loading…' : 'Show earlier incidents'}
            </Button>
          ) : null}
        </Panel>
      )}
    </div>
  )
}
