import {
  listSupervisors,
  type RegisterSupervisor,
  registerSupervisor,
  showDefaultSupervisor,
} from '@leeway/contract/supervision'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { z } from 'zod'
import { client } from '../api/client.ts'

export function useSupervisors(project: string) {
  return useQuery({
    queryKey: [project, 'supervisors'],
    queryFn: () => client.call(listSupervisors, { params: { project } }),
  })
}

/** Undefined agent: none is chosen yet. */
export function useDefaultSupervisor(project: string, agent: string | undefined) {
  return useQuery({
    queryKey: [project, 'supervisors', 'default', agent],
    enabled: agent !== undefined,
    queryFn: () => client.call(showDefaultSupervisor, { params: { project }, query: { agent: agent ?? '' } }),
  })
}

export function useRegisterSupervisor(project: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: z.input<typeof RegisterSupervisor>) =>
      client.call(registerSupervisor, { params: { project }, body }),
    onSuccess: () => queries.invalidateQueries({ queryKey: [project, 'supervisors'] }),
  })
}
