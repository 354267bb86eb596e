import { listAlerts } from '@leeway/contract/alerts'
import { showDrift } from '@leeway/contract/drift'
import {
  type SetHalt,
  type SetServing,
  type SetUpstream,
  setHalt,
  setServing,
  setUpstream,
  showGateway,
  showHalt,
} from '@leeway/contract/gateway'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { z } from 'zod'
import { client, newIdempotencyKey } from '../api/client.ts'

export function useGateway(project: string) {
  return useQuery({
    queryKey: [project, 'gateway'],
    queryFn: () => client.call(showGateway, { params: { project } }),
    refetchInterval: 5_000,
  })
}

/** Under the key of the gateway: what changes that changes this. */
export function useHalt(project: string) {
  return useQuery({
    queryKey: [project, 'gateway', 'halt'],
    queryFn: () => client.call(showHalt, { params: { project } }),
    refetchInterval: 5_000,
  })
}

/** Read about once an hour by the server. */
export function useDrift(project: string) {
  return useQuery({
    queryKey: [project, 'drift'],
    queryFn: () => client.call(showDrift, { params: { project } }),
    refetchInterval: 60_000,
  })
}

export function useAlerts(project: string) {
  return useQuery({
    queryKey: [project, 'alerts'],
    queryFn: () => client.call(listAlerts, { params: { project } }),
    refetchInterval: 15_000,
  })
}

export function useSetHalt(project: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: z.input<typeof SetHalt>) => client.call(setHalt, { params: { project }, body }),
    onSettled: () => queries.invalidateQueries({ queryKey: [project, 'gateway'] }),
  })
}

export function useSetUpstream(project: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: z.input<typeof SetUpstream>) =>
      client.call(setUpstream, { params: { project }, body, idempotencyKey: newIdempotencyKey() }),
    onSuccess: (gateway) => queries.setQueryData([project, 'gateway'], gateway),
  })
}

export function useSetServing(project: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: z.input<typeof SetServing>) =>
      client.call(setServing, { params: { project }, body, idempotencyKey: newIdempotencyKey() }),
    onSuccess: (gateway) => queries.setQueryData([project, 'gateway'], gateway),
  })
}
