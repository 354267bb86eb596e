import { listJudges } from '@leeway/contract/judges'
import { type StartRubricDraft, showRubricDraft, startRubricDraft } from '@leeway/contract/rubric-drafts'
import { applyRubric, listRubrics, saveRubric, showPredictions, showRubric } from '@leeway/contract/rubrics'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { z } from 'zod'
import { client } from '../api/client.ts'

export function useRubrics(project: string) {
  return useQuery({
    queryKey: [project, 'rubrics'],
    queryFn: async () => (await client.call(listRubrics, { params: { project } })).items,
  })
}

export function useRubric(project: string, rubric: string) {
  return useQuery({
    queryKey: [project, 'rubrics', rubric],
    queryFn: () => client.call(showRubric, { params: { project, rubric } }),
  })
}

export function usePredictions(project: string, rubric: string) {
  return useQuery({
    queryKey: [project, 'rubrics', rubric, 'predictions'],
    queryFn: async () => (await client.call(showPredictions, { params: { project, rubric } })).items,
  })
}

export function useSaveRubric(project: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: { readonly agent: string; readonly source: string }) =>
      client.call(saveRubric, { params: { project }, body }),
    onSuccess: () => queries.invalidateQueries({ queryKey: [project, 'rubrics'] }),
  })
}

/** Runs the programs batch by batch until none remains; `onProgress` is told what is left after each. */
export function useApplyRubric(project: string, rubric: string, onProgress: (remaining: number) => void) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: async () => {
      for (;;) {
        const { episodes, remaining } = await client.call(applyRubric, {
          params: { project, rubric },
          body: {},
        })
        onProgress(remaining)
        if (remaining === 0 || episodes === 0) return
      }
    },
    onSettled: () => queries.invalidateQueries({ queryKey: [project, 'rubrics'] }),
  })
}

/** Models that can be asked. */
export function useJudges(project: string) {
  return useQuery({
    queryKey: [project, 'judges'],
    queryFn: async () => (await client.call(listJudges, { params: { project } })).items,
  })
}

export function useStartDraft(project: string) {
  return useMutation({
    mutationFn: (body: z.input<typeof StartRubricDraft>) =>
      client.call(startRubricDraft, { params: { project }, body }),
  })
}

/** Asks again while the model is at it. */
export function useDraft(project: string, draft: string | undefined) {
  return useQuery({
    queryKey: [project, 'rubrics', 'drafts', draft],
    queryFn: () => client.call(showRubricDraft, { params: { project, draft: draft ?? '' } }),
    enabled: draft !== undefined,
    refetchInterval: ({ state }) => (state.data?.state === 'waiting' ? 1_000 : false),
  })
}
