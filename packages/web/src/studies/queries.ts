import {
  type AnswerStudy,
  agreeToStudy,
  answerStudy,
  listStudies,
  type SetUpStudy,
  type StudyTurn,
  setUpStudy,
  showStudy,
  stopStudy,
  studyOffers,
  studyTurn,
} from '@leeway/contract/studies'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { z } from 'zod'
import { client } from '../api/client.ts'

export function useStudies(project: string) {
  return useQuery({
    queryKey: [project, 'studies'],
    queryFn: async () => (await client.call(listStudies, { params: { project } })).studies,
  })
}

export function useStudy(project: string, study: string) {
  return useQuery({
    queryKey: [project, 'studies', study],
    queryFn: () => client.call(showStudy, { params: { project, study } }),
    refetchInterval: ({ state }) => (state.data?.summary.state === 'open' ? 10_000 : false),
  })
}

export function useSetUpStudy(project: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: z.input<typeof SetUpStudy>) => client.call(setUpStudy, { params: { project }, body }),
    onSuccess: () => queries.invalidateQueries({ queryKey: [project, 'studies'] }),
  })
}

export function useStopStudy(project: string, study: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (reason: string) => client.call(stopStudy, { params: { project, study }, body: { reason } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: [project, 'studies'] }),
  })
}

export function useStudyOffers(project: string) {
  return useQuery({
    queryKey: [project, 'study-offers'],
    queryFn: async () => (await client.call(studyOffers, { params: { project } })).studies,
  })
}

const turnKey = (project: string, study: string) => [project, 'study-turn', study]

export function useStudyTurn(project: string, study: string) {
  return useQuery({
    queryKey: turnKey(project, study),
    queryFn: () => client.call(studyTurn, { params: { project, study } }),
    // It changes by answering alone.
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  })
}

function useTurnChange<Body>(project: string, study: string, send: (body: Body) => Promise<StudyTurn>) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: send,
    onSuccess: (turn) => {
      queries.setQueryData(turnKey(project, study), turn)
      queries.invalidateQueries({ queryKey: [project, 'study-offers'] })
    },
  })
}

export function useAgree(project: string, study: string) {
  return useTurnChange(project, study, () =>
    client.call(agreeToStudy, { params: { project, study }, body: {} }),
  )
}

export function useAnswerStudy(project: string, study: string) {
  return useTurnChange(project, study, (body: z.input<typeof AnswerStudy>) =>
    client.call(answerStudy, { params: { project, study }, body }),
  )
}
