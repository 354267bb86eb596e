import {
  type MarkClaim,
  markClaim,
  type SetCritiqueRules,
  setCritiqueRules,
  showCritiqueReport,
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
