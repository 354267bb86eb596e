import { listEpisodes } from '@leeway/contract/episodes'
import {
  type PlantFaults,
  plantFaults,
  reviewPlanted,
  showPlantedChange,
  showPlantedFaults,
} from '@leeway/contract/planted-faults'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { z } from 'zod'
import { client } from '../api/client.ts'

export function usePlantedFaults(project: string) {
  return useQuery({
    queryKey: [project, 'planted-faults'],
    queryFn: () => client.call(showPlantedFaults, { params: { project } }),
  })
}

export function usePlantedChange(project: string, planted: string) {
  return useQuery({
    queryKey: [project, 'planted-faults', planted],
    queryFn: () => client.call(showPlantedChange, { params: { project, planted } }),
  })
}

type Planting = Omit<z.input<typeof PlantFaults>, 'episodes'> & {
  readonly agent: string
  /** The newest so many of the agent. */
  readonly many: number
}

export function usePlantFaults(project: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: async ({ agent, many, ...fault }: Planting) => {
      const { items } = await client.call(listEpisodes, {
        params: { project },
        query: { agent, limit: many },
      })
      return client.call(plantFaults, {
        params: { project },
        body: { ...fault, episodes: items.map(({ id }) => id) },
      })
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: [project, 'planted-faults'] }),
  })
}

export function useReviewPlanted(project: string, planted: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: { readonly accepted: boolean; readonly reason: string }) =>
      client.call(reviewPlanted, { params: { project, planted }, body }),
    onSuccess: () => queries.invalidateQueries({ queryKey: [project, 'planted-faults'] }),
  })
}
