import { type SetHalt, setHalt, showGateway } from '@leeway/contract/gateway'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { z } from 'zod'
import { client } from '../api/client.ts'

export function useGateway(project: string) {
  return useQuery({
    queryKey: [project, 'gateway'],
    queryFn: () => client.call(showGateway, { params: { project } }),
    refetchInterval: 5_000,
  })
}

export function useSetHalt(project: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: z.input<typeof SetHalt>) => client.call(setHalt, { params: { project }, body }),
    onSettled: () => queries.invalidateQueries({ queryKey: [project, 'gateway'] }),
  })
}
