import type { RATER_TIERS } from '@leeway/contract/rater-tiers'
import { listRaters, setConflict, setTier, showRater } from '@leeway/contract/raters'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { client } from '../api/client.ts'

export function useRaters(project: string) {
  return useQuery({
    queryKey: [project, 'raters'],
    queryFn: () => client.call(listRaters, { params: { project } }),
  })
}

export function useRater(project: string, rater: string) {
  return useQuery({
    queryKey: [project, 'raters', rater],
    queryFn: () => client.call(showRater, { params: { project, rater } }),
  })
}

export function useSetTier(project: string, rater: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: { readonly tier: (typeof RATER_TIERS)[number]; readonly reason: string }) =>
      client.call(setTier, { params: { project, rater }, body }),
    onSuccess: () => queries.invalidateQueries({ queryKey: [project, 'raters'] }),
  })
}

export function useSetConflict(project: string, rater: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: { readonly agent: string; readonly excluded: boolean; readonly reason: string }) =>
      client.call(setConflict, { params: { project, rater }, body }),
    onSuccess: () => queries.invalidateQueries({ queryKey: [project, 'raters'] }),
  })
}
