import {
  type ApproveRelease,
  approveRelease,
  listPairs,
  type RollBackRelease,
  rollBackRelease,
  type StartRelease,
  showRelease,
  startRelease,
} from '@leeway/contract/releases'
import { showShadow } from '@leeway/contract/shadows'
import { showChain } from '@leeway/contract/supervision'
import { showWatch } from '@leeway/contract/watches'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { z } from 'zod'
import { client, newIdempotencyKey } from '../api/client.ts'

export function useRelease(project: string, releaseId: string) {
  return useQuery({
    queryKey: [project, 'release', releaseId],
    queryFn: () => client.call(showRelease, { params: { project, releaseId } }),
    // Labels arrive while people watch; an ended release stands still.
    refetchInterval: ({ state }) =>
      state.data === undefined || state.data.state === 'climbing' || state.data.state === 'proposed'
        ? 4000
        : false,
  })
}

/** Who vouches for whom; figures change with each check. */
export function useChain(project: string, releaseId: string, isOpen: boolean) {
  return useQuery({
    queryKey: [project, 'release', releaseId, 'chain'],
    queryFn: () => client.call(showChain, { params: { project, releaseId } }),
    refetchInterval: isOpen ? 8000 : false,
  })
}

/** What the candidate answers beside the baseline; more comes with each turn. */
export function useShadow(project: string, releaseId: string, isOpen: boolean) {
  return useQuery({
    queryKey: [project, 'release', releaseId, 'shadow'],
    queryFn: () => client.call(showShadow, { params: { project, releaseId } }),
    refetchInterval: isOpen ? 8000 : false,
  })
}

/** Of a completed release; labels go on coming. */
export function useWatch(project: string, releaseId: string) {
  return useQuery({
    queryKey: [project, 'release', releaseId, 'watch'],
    queryFn: () => client.call(showWatch, { params: { project, releaseId } }),
    refetchInterval: 8000,
  })
}

/** The first pairs that differ; enough for one sitting. */
export function usePairs(project: string, releaseId: string) {
  return useQuery({
    queryKey: [project, 'release', releaseId, 'pairs'],
    queryFn: () => client.call(listPairs, { params: { project, releaseId }, query: { limit: 200 } }),
  })
}

export function useApprove(project: string, releaseId: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: z.input<typeof ApproveRelease>) =>
      client.call(approveRelease, {
        params: { project, releaseId },
        body,
        idempotencyKey: newIdempotencyKey(),
      }),
    onSettled: () => queries.invalidateQueries({ queryKey: [project] }),
  })
}

export function useRollback(project: string, releaseId: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: z.input<typeof RollBackRelease>) =>
      client.call(rollBackRelease, {
        params: { project, releaseId },
        body,
        idempotencyKey: newIdempotencyKey(),
      }),
    onSettled: () => queries.invalidateQueries({ queryKey: [project] }),
  })
}

export function useStartRelease(project: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: z.input<typeof StartRelease>) =>
      client.call(startRelease, { params: { project }, body, idempotencyKey: newIdempotencyKey() }),
    onSuccess: () => queries.invalidateQueries({ queryKey: [project] }),
  })
}
