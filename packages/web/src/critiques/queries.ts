import {
  type MarkClaim,
  markClaim,
  type SetCritiqueRules,
  setCritiqueRules,
  showCriticSheet,
  showCritiqueReport,
  takeBackClaim,
  type WriteClaim,
  writeClaim,
} from '@leeway/contract/critiques'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { z } from 'zod'
import { client } from '../api/client.ts'

export function useMarkClaim(project: string, assignment: string) {
  return useMutation({
    mutationFn: (body: z.input<typeof MarkClaim>) =>
      client.call(markClaim, { params: { project, assignment }, body }),
  })
}

export function useCritiqueReport(project: string) {
  return useQuery({
    queryKey: [project, 'critiques'],
    queryFn: () => client.call(showCritiqueReport, { params: { project } }),
  })
}

export function useSetCritiqueRules(project: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: z.input<typeof SetCritiqueRules>) =>
      client.call(setCritiqueRules, { params: { project }, body }),
    onSuccess: (report) => queries.setQueryData([project, 'critiques'], report),
  })
}

/** What one may write about an episode as a critic, and what one wrote. */
export function useCriticSheet(project: string, episode: string) {
  return useQuery({
    queryKey: [project, 'critic', episode],
    queryFn: () => client.call(showCriticSheet, { params: { project, episode } }),
  })
}

export function useWriteClaim(project: string, episode: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (claim: Omit<z.input<typeof WriteClaim>, 'episode'>) =>
      client.call(writeClaim, { params: { project }, body: { ...claim, episode } }),
    onSuccess: (sheet) => queries.setQueryData([project, 'critic', episode], sheet),
  })
}

export function useTakeBackClaim(project: string, episode: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (claim: string) => client.call(takeBackClaim, { params: { project, claim } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: [project, 'critic', episode] }),
  })
}
