import {
  approveContract,
  listContractProposals,
  listContracts,
  showContract,
  simulateContract,
  withdrawContractProposal,
} from '@leeway/contract/autonomy'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { client, newIdempotencyKey } from '../api/client.ts'

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

/** The contract of one agent that waits for a second person; null: none does. */
export function useContractProposal(project: string, agent: string) {
  return useQuery({
    queryKey: [project, 'contract-proposals'],
    queryFn: async () => (await client.call(listContractProposals, { params: { project } })).items,
    select: (all) => all.find((one) => one.agent === agent) ?? null,
    refetchInterval: 15_000,
  })
}

export function useApproveContract(project: string) {
  return useProposalMove(project, ({ id, against }) =>
    client.call(approveContract, {
      params: { project, proposal: id },
      body: { against },
      idempotencyKey: newIdempotencyKey(),
    }),
  )
}

export function useWithdrawContract(project: string) {
  return useProposalMove(project, ({ id }) =>
    client.call(withdrawContractProposal, { params: { project, proposal: id } }),
  )
}

/** Does it, and asks anew for what waits and for what holds. */
function useProposalMove<Answer>(
  project: string,
  move: (proposal: { readonly id: string; readonly against: number | null }) => Promise<Answer>,
) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: move,
    onSettled: () =>
      Promise.all(
        ['contract-proposals', 'contracts'].map((what) =>
          queries.invalidateQueries({ queryKey: [project, what] }),
        ),
      ),
  })
}
