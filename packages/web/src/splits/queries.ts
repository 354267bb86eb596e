import { listJudges } from '@leeway/contract/judges'
import {
  type AnswerPart,
  answerPart,
  planSplit,
  type SaveSplit,
  type SplitRules,
  saveSplit,
  setSplitRules,
  showSplits,
} from '@leeway/contract/splits'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { z } from 'zod'
import { client } from '../api/client.ts'

export function useSplits(project: string) {
  return useQuery({
    queryKey: [project, 'splits'],
    queryFn: () => client.call(showSplits, { params: { project } }),
  })
}

export function useSaveSplit(project: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: z.input<typeof SaveSplit>) => client.call(saveSplit, { params: { project }, body }),
    onSuccess: () => queries.invalidateQueries({ queryKey: [project, 'splits'] }),
  })
}

export function usePlanSplit(project: string) {
  return useMutation({
    mutationFn: (body: z.input<typeof SaveSplit>) => client.call(planSplit, { params: { project }, body }),
  })
}

export function useSetSplitRules(project: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: z.input<typeof SplitRules>) =>
      client.call(setSplitRules, { params: { project }, body }),
    onSuccess: (report) => queries.setQueryData([project, 'splits'], report),
  })
}

export function useJudges(project: string) {
  return useQuery({
    queryKey: [project, 'judges'],
    queryFn: () => client.call(listJudges, { params: { project } }),
  })
}

export function useAnswerPart(project: string, assignment: string) {
  return useMutation({
    mutationFn: (body: z.input<typeof AnswerPart>) =>
      client.call(answerPart, { params: { project, assignment }, body }),
  })
}
