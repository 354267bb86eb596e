import { endpoint } from '@leeway/contract/endpoint'
import {
  EpisodeDetail,
  EpisodePage,
  EpisodeQuery,
  STEP_BODIES_MAX,
  StepBodies,
  StepBodiesQuery,
  type StepBody,
  StepIndex,
} from '@leeway/contract/episodes'
import { AgentList, PolicyList } from '@leeway/contract/policies'
import { useInfiniteQuery, useQueries, useQuery } from '@tanstack/react-query'
import { z } from 'zod'
import { client } from '../api/client.ts'

const listEpisodes = endpoint({
  method: 'GET',
  path: '/api/projects/{project}/episodes',
  query: EpisodeQuery,
  response: EpisodePage,
})
const showEpisode = endpoint({
  method: 'GET',
  path: '/api/projects/{project}/episodes/{episodeId}',
  response: EpisodeDetail,
})
const showStepIndex = endpoint({
  method: 'GET',
  path: '/api/projects/{project}/episodes/{episodeId}/steps',
  response: StepIndex,
})
const listStepBodies = endpoint({
  method: 'GET',
  path: '/api/projects/{project}/episodes/{episodeId}/steps/bodies',
  query: StepBodiesQuery,
  response: StepBodies,
})
const listAgents = endpoint({ method: 'GET', path: '/api/projects/{project}/agents', response: AgentList })
const listPolicies = endpoint({
  method: 'GET',
  path: '/api/projects/{project}/policies',
  query: z.object({ agent: z.string().optional() }),
  response: PolicyList,
})

export type EpisodeFilter = Pick<EpisodeQuery, 'agent' | 'policy' | 'success' | 'task' | 'text'>

export function useEpisodes(project: string, filter: EpisodeFilter) {
  return useInfiniteQuery({
    queryKey: [project, 'episodes', filter],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      client.call(listEpisodes, {
        params: { project },
        query: { ...filter, limit: 100, cursor: pageParam },
        signal,
      }),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  })
}

export function useEpisode(project: string, episodeId: string) {
  return useQuery({
    queryKey: [project, 'episode', episodeId],
    queryFn: () => client.call(showEpisode, { params: { project, episodeId } }),
    // Facts do not change; only erasing takes them away.
    staleTime: 5 * 60_000,
  })
}

export function useStepIndex(project: string, episodeId: string) {
  return useQuery({
    queryKey: [project, 'episode', episodeId, 'steps'],
    queryFn: () => client.call(showStepIndex, { params: { project, episodeId } }),
    staleTime: 5 * 60_000,
  })
}

/** Bodies of the chunks that hold the given steps, by ordinal. Chunks are fetched once and kept. */
export function useStepBodies(
  project: string,
  episodeId: string,
  ordinals: readonly number[],
): { readonly bodies: ReadonlyMap<number, StepBody>; readonly error: unknown } {
  const chunks = [...new Set(ordinals.map((ordinal) => Math.floor(ordinal / STEP_BODIES_MAX)))].sort(
    (a, b) => a - b,
  )
  return useQueries({
    queries: chunks.map((chunk) => ({
      queryKey: [project, 'episode', episodeId, 'bodies', chunk],
      queryFn: () => fetchChunk(project, episodeId, chunk),
      staleTime: 5 * 60_000,
    })),
    combine: (results) => ({
      bodies: new Map(results.flatMap((result) => result.data ?? []).map((body) => [body.ordinal, body])),
      error: results.find((result) => result.isError)?.error,
    }),
  })
}

export function useAgents(project: string) {
  return useQuery({
    queryKey: [project, 'agents'],
    queryFn: async () => (await client.call(listAgents, { params: { project } })).items,
  })
}

export function usePolicies(project: string, agent: string | undefined) {
  return useQuery({
    queryKey: [project, 'policies', agent],
    queryFn: async () => (await client.call(listPolicies, { params: { project }, query: { agent } })).items,
  })
}

/** The server may answer fewer steps than asked for when they are large; then it says where to go on. */
async function fetchChunk(project: string, episodeId: string, chunk: number): Promise<readonly StepBody[]> {
  const end = (chunk + 1) * STEP_BODIES_MAX
  const bodies: StepBody[] = []
  for (let from: number | null = chunk * STEP_BODIES_MAX; from !== null && from < end; ) {
    const answer: StepBodies = await client.call(listStepBodies, {
      params: { project, episodeId },
      query: { from, count: end - from },
    })
    bodies.push(...answer.steps)
    from = answer.nextFrom
  }
  return bodies
}
