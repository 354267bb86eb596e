import {
  closeIncident,
  type IncidentQuery,
  listIncidents,
  type ReportIncident,
  reportIncident,
  showIncident,
} from '@leeway/contract/incidents'
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { z } from 'zod'
import { client, newIdempotencyKey } from '../api/client.ts'

type Filter = Pick<z.input<typeof IncidentQuery>, 'state' | 'release' | 'episode'>

export function useIncidents(project: string, filter: Filter) {
  return useInfiniteQuery({
    queryKey: [project, 'incidents', filter],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      client.call(listIncidents, { params: { project }, query: { ...filter, limit: 50, cursor: pageParam } }),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  })
}

export function useIncident(project: string, incident: string) {
  return useQuery({
    queryKey: [project, 'incident', incident],
    queryFn: () => client.call(showIncident, { params: { project, incident } }),
  })
}

/** A rollback may follow, so everything of the project is asked again. */
export function useReportIncident(project: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: ReportIncident) =>
      client.call(reportIncident, { params: { project }, body, idempotencyKey: newIdempotencyKey() }),
    onSuccess: () => queries.invalidateQueries({ queryKey: [project] }),
  })
}

export function useCloseIncident(project: string, incident: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (reason: string) =>
      client.call(closeIncident, { params: { project, incident }, body: { reason } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: [project] }),
  })
}
