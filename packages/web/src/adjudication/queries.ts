import {
  type Decide,
  type DisagreementLine,
  type DisagreementView,
  decideDisagreement,
  listDisagreements,
  showDisagreement,
  takeBackDecision,
} from '@leeway/contract/adjudication'
import { PAGE_LIMIT_MAX } from '@leeway/contract/page'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { z } from 'zod'
import { client } from '../api/client.ts'

export type Item = Pick<DisagreementLine, 'episodeId' | 'criterionSha256'>

const paramsOf = (project: string, { episodeId, criterionSha256 }: Item) => ({
  project,
  episode: episodeId,
  criterion: criterionSha256,
})

/** The first ones: as they are decided, others follow. */
export function useDisagreements(project: string) {
  return useQuery({
    queryKey: [project, 'adjudication'],
    queryFn: () => client.call(listDisagreements, { params: { project }, query: { limit: PAGE_LIMIT_MAX } }),
    // The list keeps its order while somebody walks through it.
    refetchOnWindowFocus: false,
  })
}

export function useDisagreement(project: string, item: Item) {
  return useQuery({
    queryKey: [project, 'adjudication', item.episodeId, item.criterionSha256],
    queryFn: () => client.call(showDisagreement, { params: paramsOf(project, item) }),
    refetchOnWindowFocus: false,
  })
}

/** Stores what stands now, and reads the list again. */
function useStands(project: string) {
  const queries = useQueryClient()
  return (view: Item) => {
    queries.setQueryData([project, 'adjudication', view.episodeId, view.criterionSha256], view)
    queries.invalidateQueries({ queryKey: [project, 'adjudication'], exact: true })
    queries.invalidateQueries({ queryKey: [project, 'inbox'] })
  }
}

/** `onDecided` belongs to the mutation, not to one call of it: what stands is drawn anew, and a call's own would be lost. */
export function useDecide(project: string, onDecided: (view: DisagreementView) => void) {
  const stands = useStands(project)
  return useMutation({
    mutationFn: ({ item, ...body }: z.input<typeof Decide> & { readonly item: Item }) =>
      client.call(decideDisagreement, { params: paramsOf(project, item), body }),
    onSuccess: (view) => {
      stands(view)
      onDecided(view)
    },
  })
}

export function useTakeBack(project: string) {
  return useMutation({
    mutationFn: ({ item, decision }: { readonly item: Item; readonly decision: string }) =>
      client.call(takeBackDecision, { params: paramsOf(project, item), body: { decision } }),
    onSuccess: useStands(project),
  })
}
