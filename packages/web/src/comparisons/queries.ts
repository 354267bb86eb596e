import {
  type AskComparisons,
  askComparisons,
  type CommitComparison,
  commitComparison,
  listComparisons,
  nextComparison,
  showComparison,
  showComparisonProgress,
  undoComparison,
} from '@leeway/contract/comparisons'
import { listRubrics, showRubric } from '@leeway/contract/rubrics'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { z } from 'zod'
import { client } from '../api/client.ts'

export function useComparisonProgress(project: string) {
  return useQuery({
    queryKey: [project, 'compare', 'progress'],
    queryFn: () => client.call(showComparisonProgress, { params: { project } }),
  })
}

/** The pair this rater is at. Asking reserves it; asked again without an answer, it is the same one. */
export function useNextComparison(project: string) {
  return useQuery({
    queryKey: [project, 'compare', 'next'],
    queryFn: () => client.call(nextComparison, { params: { project }, body: {} }),
    // It changes by answering alone, and a refresh must not take a half-written answer away.
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  })
}

export function useCommitComparison(project: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: ({ pair, ...body }: z.input<typeof CommitComparison> & { readonly pair: string }) =>
      client.call(commitComparison, { params: { project, pair }, body }),
    onSuccess: () => {
      queries.invalidateQueries({ queryKey: [project, 'compare', 'progress'] })
      queries.invalidateQueries({ queryKey: [project, 'comparisons'] })
    },
  })
}

export function useUndoComparison(project: string) {
  return useMutation({
    mutationFn: (commitKey: string) =>
      client.call(undoComparison, { params: { project }, body: { commitKey } }),
  })
}

export function useComparisons(project: string) {
  return useQuery({
    queryKey: [project, 'comparisons'],
    queryFn: async () => (await client.call(listComparisons, { params: { project } })).questions,
  })
}

export function useComparison(project: string, agent: string, criterion: string) {
  return useQuery({
    queryKey: [project, 'comparisons', agent, criterion],
    queryFn: () => client.call(showComparison, { params: { project, agent, criterion } }),
  })
}

/** Questions of the newest rubrics by which runs can be compared. */
export function usePairwiseQuestions(project: string) {
  return useQuery({
    queryKey: [project, 'rubrics', 'pairwise'],
    queryFn: async () => {
      const { items } = await client.call(listRubrics, { params: { project } })
      const views = await Promise.all(
        items.map(({ id }) => client.call(showRubric, { params: { project, rubric: id } })),
      )
      return views.flatMap(({ id, agent, nodes }) =>
        nodes.flatMap(({ criterion }) =>
          criterion?.scale.kind === 'pairwise'
            ? [{ rubric: id, agent, criterion: criterion.id, question: criterion.question }]
            : [],
        ),
      )
    },
  })
}

export function useAskComparisons(project: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: z.input<typeof AskComparisons>) =>
      client.call(askComparisons, { params: { project }, body }),
    onSuccess: () => queries.invalidateQueries({ queryKey: [project] }),
  })
}
