import {
  EpisodeDetail,
  EpisodePage,
  type EpisodeQuery,
  type EpisodeView,
  listEpisodes,
  RaterEpisodeDetail,
  RaterEpisodePage,
  STEP_BODIES_MAX,
  type StepBodies,
  type StepBody,
  showEpisode,
  showStepBodies,
  showStepIndex,
} from '@leeway/contract/episodes'
import { listAgents, listPolicies } from '@leeway/contract/policies'
import { useInfiniteQuery, useQueries, useQuery } from '@tanstack/react-query'
import { z } from 'zod'
import { client } from '../api/client.ts'

// Raters are not told who acted or how it ended: their answers are shorter, and the pages show what there is.
const listAnyEpisodes = { ...listEpisodes, response: z.union([EpisodePage, RaterEpisodePage]) } as const
const showAnyEpisode = { ...showEpisode, response: z.union([EpisodeDetail, RaterEpisodeDetail]) } as const

export type EpisodeLine = z.infer<(typeof listAnyEpisodes)['response']>['items'][number]
export type EpisodeShown = z.infer<(typeof showAnyEpisode)['response']>

export type EpisodeFilter = Pick<EpisodeQuery, 'agent' | 'policy' | 'success' | 'task' | 'text'>

export function useEpisodes(project: string, filter: EpisodeFilter) {
  return useInfiniteQuery({
    queryKey: [project, 'episodes', filter],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      client.call(listAnyEpisodes, {
        params: { project },
        query: { ...filter, limit: 100, cursor: pageParam },
        signal,
      }),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  })
}

/** What everybody who may see more does not see while answering: who acted, and how it ended. */
export const AS_RATER: EpisodeView = { as: 'rater' }

export function useEpisode(project: string, episodeId: string, view: EpisodeView = {}) {
  return useQuery({
    queryKey: [project, 'episode', episodeId, view],
    queryFn: () => client.call(showAnyEpisode, { params: { project, episode: episodeId }, query: view }),
    // Facts do not change; only erasing takes them away.
    staleTime: 5 * 60_000,
  })
}

export function useStepIndex(project: string, episodeId: string, view: EpisodeView = {}) {
  return useQuery({
    queryKey: [project, 'episode', episodeId, 'steps', view],
    queryFn: () => client.call(showStepIndex, { params: { project, episode: episodeId }, query: view }),
    staleTime: 5 * 60_000,
  })
}

/** Bodies of the chunks that hold the given steps, by ordinal. Chunks are fetched once and kept. */
export function useStepBodies(
  project: string,
  episodeId: string,
  ordinals: readonly number[],
  view: EpisodeView = {},
): { readonly bodies: ReadonlyMap<number, StepBody>; readonly error: unknown } {
  const chunks = [...new Set(ordinals.map((ordinal) => Math.floor(ordinal / STEP_BODIES_MAX)))].sort(
    (a, b) => a - b,
  )
  return useQueries({
    queries: chunks.map((chunk) => ({
      queryKey: [project, 'episode', episodeId, 'bodies', chunk, view],
      queryFn: () => fetchChunk(project, episodeId, chunk, view),
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

/** Policies of one agent by name; of all agents without one. */
export function usePolicies(project: string, agent: string | undefined) {
  return useQuery({
    queryKey: [project, 'policies'],
    queryFn: async () => (await client.call(listPolicies, { params: { project } })).items,
    select: (policies) => policies.filter((policy) => agent === undefined || policy.agentName === agent),
  })
}

/** The server may answer fewer steps than asked for when they are large; then it says where to go on. */
async function fetchChunk(
  project: string,
  episodeId: string,
  chunk: number,
  view: EpisodeView,
): Promise<readonly StepBody[]> {
  const end = (chunk + 1) * STEP_BODIES_MAX
  const bodies: StepBody[] = []
  for (let from: number | null = chunk * STEP_BODIES_MAX; from !== null && from < end; ) {
    const answer: StepBodies = await client.call(showStepBodies, {
      params: { project, episode: episodeId },
      query: { ...view, from, count: end - from },
    })
    bodies.push(...answer.steps)
    from = answer.nextFrom
  }
  return bodies
}
