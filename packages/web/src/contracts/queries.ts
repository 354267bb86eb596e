import { listContracts, showContract, simulateContract } from '@leeway/contract/autonomy'
import { useMutation, useQuery } from '@tanstack/react-query'
import { client } from '../api/client.ts'

/** Versions of one agent's contract, newest first, as far as the list goes back. */
export function useContractVersions(project: string, agent: string) {
  return useQuery({
    queryKey: [project, 'contracts'],
    queryFn: async () => (await client.call(listContracts, { params: { project } })).items,
    select: (all) => all.filter((one) => one.agent === agent),
  })
}

/** The newest without a version. A version never changes. */
export function useContract(project: string, agent: string, version?: number) {
  return useQuery({
    queryKey: [project, 'contracts', agent, version ?? 'newest'],
    queryFn: () =>
      client.call(showContract, {
        params: { project },
        query: version === undefined ? { agent } : { agent, version },
      }),
    ...(version === undefined ? {} : { staleTime: Number.POSITIVE_INFINITY }),
  })
}

export function useSimulateContract(project: string) {
  return useMutation({
    mutationFn: (body: { readonly agent: string; readonly version: number; readonly episodes: number }) =>
      client.call(simulateContract, { params: { project }, body }),
  })
}
