import { listLedger, showLedgerHead, verifyLedger } from '@leeway/contract/ledger'
import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query'
import { client } from '../api/client.ts'

export function useLedger(project: string, filter: { readonly action?: string | undefined }) {
  return useInfiniteQuery({
    queryKey: [project, 'ledger', filter],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      client.call(listLedger, {
        params: { project },
        query: { ...filter, limit: 100, cursor: pageParam },
        signal,
      }),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  })
}

export function useLedgerHead(project: string) {
  return useQuery({
    queryKey: [project, 'ledger', 'head'],
    queryFn: () => client.call(showLedgerHead, { params: { project } }),
  })
}

export function useVerifyLedger(project: string) {
  return useMutation({
    mutationFn: (expect: string) =>
      client.call(verifyLedger, { params: { project }, query: expect === '' ? {} : { expect } }),
  })
}
