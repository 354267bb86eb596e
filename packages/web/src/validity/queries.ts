import {
  type AnswerValidity,
  agreeToValidity,
  answerValidity,
  endValidityRound,
  listValidityOffers,
  type OpenValidityRound,
  openValidityRound,
  showValidity,
  showValidityTurn,
  type ValidityReport,
  type ValidityTurn,
} from '@leeway/contract/validity'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { z } from 'zod'
import { client } from '../api/client.ts'

export function useValidity(project: string) {
  return useQuery({
    queryKey: [project, 'validity'],
    queryFn: () => client.call(showValidity, { params: { project } }),
  })
}

function useReportChange<Body>(project: string, send: (body: Body) => Promise<ValidityReport>) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: send,
    onSuccess: (report) => queries.setQueryData([project, 'validity'], report),
  })
}

export function useOpenValidityRound(project: string) {
  return useReportChange(project, (body: z.input<typeof OpenValidityRound>) =>
    client.call(openValidityRound, { params: { project }, body }),
  )
}

export function useEndValidityRound(project: string, round: string) {
  return useReportChange(project, (reason: string) =>
    client.call(endValidityRound, { params: { project, round }, body: { reason } }),
  )
}

export function useValidityOffers(project: string) {
  return useQuery({
    queryKey: [project, 'validity-offers'],
    queryFn: async () => (await client.call(listValidityOffers, { params: { project } })).rounds,
  })
}

const turnKey = (project: string, round: string) => [project, 'validity-turn', round]

export function useValidityTurn(project: string, round: string) {
  return useQuery({
    queryKey: turnKey(project, round),
    queryFn: () => client.call(showValidityTurn, { params: { project, round } }),
    // It changes by answering alone.
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  })
}

function useTurnChange<Body>(project: string, round: string, send: (body: Body) => Promise<ValidityTurn>) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: send,
    onSuccess: (turn) => {
      queries.setQueryData(turnKey(project, round), turn)
      queries.invalidateQueries({ queryKey: [project, 'validity-offers'] })
    },
  })
}

export function useAgreeToValidity(project: string, round: string) {
  return useTurnChange(project, round, () =>
    client.call(agreeToValidity, { params: { project, round }, body: {} }),
  )
}

export function useAnswerValidity(project: string, round: string) {
  return useTurnChange(project, round, (body: z.input<typeof AnswerValidity>) =>
    client.call(answerValidity, { params: { project, round }, body }),
  )
}
