import {
  type AnswerHold,
  type AnswerHolds,
  answerHold,
  answerHolds,
  listHolds,
  showHold,
} from '@leeway/contract/holds'
import { useMutation, useQueries, useQuery, useQueryClient } from '@tanstack/react-query'
import type { z } from 'zod'
import { client } from '../api/client.ts'

/** While somebody looks; elsewhere the count alone is wanted, and that can be older. */
const WATCHED_MS = 2_000
const COUNT_MS = 10_000

const listKey = (project: string) => [project, 'holds'] as const
const holdKey = (project: string, hold: string) => [project, 'holds', hold] as const

/** `mayDecide`: only admins are asked for; everybody else would be refused. */
export function useHolds(project: string, mayDecide: boolean, isWatched: boolean) {
  return useQuery({
    queryKey: listKey(project),
    queryFn: () => client.call(listHolds, { params: { project } }),
    enabled: mayDecide,
    refetchInterval: isWatched ? WATCHED_MS : COUNT_MS,
  })
}

const holdQuery = (project: string, hold: string) => ({
  queryKey: holdKey(project, hold),
  queryFn: () => client.call(showHold, { params: { project, hold } }),
})

export function useHold(project: string, hold: string) {
  return useQuery({ ...holdQuery(project, hold), refetchInterval: WATCHED_MS })
}

/** Those that are there; the others are not shown yet. Each is asked for once: the list tells when one is decided. */
export function useHoldsOfCard(project: string, holds: readonly string[]) {
  return useQueries({
    queries: holds.map((hold) => holdQuery(project, hold)),
    combine: (results) => results.flatMap(({ data }) => data ?? []),
  })
}

/** Whoever came too late learns what stands now: both are read again, whatever was answered. */
export function useAnswerHold(project: string, hold: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: z.input<typeof AnswerHold>) =>
      client.call(answerHold, { params: { project, hold }, body }),
    onSuccess: (view) => queries.setQueryData(holdKey(project, hold), view),
    onSettled: () => queries.invalidateQueries({ queryKey: listKey(project) }),
  })
}

export function useAnswerHolds(project: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: z.input<typeof AnswerHolds>) =>
      client.call(answerHolds, { params: { project }, body }),
    onSettled: () => queries.invalidateQueries({ queryKey: listKey(project) }),
  })
}
