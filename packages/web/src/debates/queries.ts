import {
  type DebateRoom,
  type DebateSeat,
  type JudgeRound,
  judgeRound,
  listDebates,
  ownDebates,
  type SetUpDebate,
  type Speak,
  setUpDebate,
  showDebate,
  showRoom,
  speak,
  takeSeat,
} from '@leeway/contract/debates'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { z } from 'zod'
import { client } from '../api/client.ts'

/** The others speak without this page's doing. */
const EVERY_MS = 3_000

export function useDebates(project: string) {
  return useQuery({
    queryKey: [project, 'debates'],
    queryFn: () => client.call(listDebates, { params: { project } }),
    refetchInterval: ({ state }) =>
      state.data?.debates.some((one) => one.state === 'waiting') ? 10_000 : false,
  })
}

export function useDebate(project: string, debate: string) {
  return useQuery({
    queryKey: [project, 'debates', debate],
    queryFn: () => client.call(showDebate, { params: { project, debate } }),
    refetchInterval: ({ state }) => (state.data?.summary.state === 'waiting' ? EVERY_MS : false),
  })
}

export function useSetUpDebate(project: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: z.input<typeof SetUpDebate>) =>
      client.call(setUpDebate, { params: { project }, body }),
    onSuccess: () => queries.invalidateQueries({ queryKey: [project, 'debates'] }),
  })
}

export function useOwnDebates(project: string) {
  return useQuery({
    queryKey: [project, 'own-debates'],
    queryFn: async () => (await client.call(ownDebates, { params: { project } })).debates,
  })
}

export function useRoom(project: string, debate: string) {
  return useQuery({
    queryKey: [project, 'room', debate],
    queryFn: () => client.call(showRoom, { params: { project, debate } }),
    refetchInterval: ({ state }) => (state.data?.turn === 'others' ? EVERY_MS : false),
    // What is half written must not be taken away.
    refetchOnWindowFocus: ({ state }) => state.data?.turn === 'others',
  })
}

function useRoomChange<Body>(project: string, debate: string, send: (body: Body) => Promise<DebateRoom>) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: send,
    onSuccess: (room) => {
      queries.setQueryData([project, 'room', debate], room)
      queries.invalidateQueries({ queryKey: [project, 'own-debates'] })
    },
  })
}

export function useTakeSeat(project: string, debate: string) {
  return useRoomChange(project, debate, (seat: DebateSeat) =>
    client.call(takeSeat, { params: { project, debate }, body: { seat } }),
  )
}

export function useSpeak(project: string, debate: string) {
  return useRoomChange(project, debate, (body: z.input<typeof Speak>) =>
    client.call(speak, { params: { project, debate }, body }),
  )
}

export function useJudgeRound(project: string, debate: string) {
  return useRoomChange(project, debate, (body: z.input<typeof JudgeRound>) =>
    client.call(judgeRound, { params: { project, debate }, body }),
  )
}
