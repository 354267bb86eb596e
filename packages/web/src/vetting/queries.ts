import type { CommitAnswer } from '@leeway/contract/review'
import {
  answerRound,
  listGold,
  nextOfRound,
  type RetireGold,
  retireGold,
  type SetVettingRules,
  setVettingRules,
  showVetting,
} from '@leeway/contract/vetting'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { z } from 'zod'
import { client } from '../api/client.ts'

export function useRoundQuestion(project: string) {
  return useQuery({
    queryKey: [project, 'round'],
    queryFn: () => client.call(nextOfRound, { params: { project }, body: {} }),
    // It changes by answering alone.
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  })
}

export function useRoundCommit(project: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: ({
      assignment,
      answer,
      startedAt,
    }: z.input<typeof CommitAnswer> & { readonly assignment: string }) =>
      client.call(answerRound, { params: { project, draw: assignment }, body: { answer, startedAt } }),
    // Work may be open now.
    onSuccess: () => {
      queries.invalidateQueries({ queryKey: [project, 'inbox'] })
      queries.invalidateQueries({ queryKey: [project, 'review'] })
    },
  })
}

export function useVetting(project: string) {
  return useQuery({
    queryKey: [project, 'vetting'],
    queryFn: () => client.call(showVetting, { params: { project } }),
  })
}

export function useSetVetting(project: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: z.input<typeof SetVettingRules>) =>
      client.call(setVettingRules, { params: { project }, body }),
    onSuccess: (view) => queries.setQueryData([project, 'vetting'], view),
  })
}

export function useGold(project: string) {
  return useQuery({
    queryKey: [project, 'gold'],
    queryFn: () => client.call(listGold, { params: { project } }),
  })
}

export function useRetireGold(project: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: z.input<typeof RetireGold>) => client.call(retireGold, { params: { project }, body }),
    onSuccess: (list) => queries.setQueryData([project, 'gold'], list),
  })
}
