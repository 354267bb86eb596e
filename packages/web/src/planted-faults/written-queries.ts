import {
  listWrittenRequests,
  plantIncident,
  showIncidentCalls,
  type WriteRequest,
  withdrawRequest,
  writeRequest,
} from '@leeway/contract/planted-requests'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { z } from 'zod'
import { client, newIdempotencyKey } from '../api/client.ts'

const keyOf = (project: string) => [project, 'written-requests']

/** One's own: nobody is shown what others wrote. */
export function useWrittenRequests(project: string) {
  return useQuery({
    queryKey: keyOf(project),
    queryFn: async () => (await client.call(listWrittenRequests, { params: { project } })).items,
  })
}

export function useWriteRequest(project: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: z.input<typeof WriteRequest>) =>
      client.call(writeRequest, { params: { project }, body, idempotencyKey: newIdempotencyKey() }),
    onSuccess: ({ items }) => queries.setQueryData(keyOf(project), items),
  })
}

export function useWithdrawRequest(project: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (request: string) => client.call(withdrawRequest, { params: { project, request }, body: {} }),
    onSuccess: ({ items }) => queries.setQueryData(keyOf(project), items),
  })
}

export function useIncidentCalls(project: string, incident: string) {
  return useQuery({
    queryKey: [project, 'incident', incident, 'calls'],
    queryFn: () => client.call(showIncidentCalls, { params: { project, incident } }),
  })
}

export function usePlantIncident(project: string, incident: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: { readonly step: number; readonly reason: string }) =>
      client.call(plantIncident, {
        params: { project, incident },
        body,
        idempotencyKey: newIdempotencyKey(),
      }),
    onSuccess: ({ items }) => queries.setQueryData(keyOf(project), items),
  })
}
