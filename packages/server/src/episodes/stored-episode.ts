/** Whole episodes out of the store, for programs that check them. Not for raters: nothing is blinded. */
import { type Episode, NORMALISER_VERSION, type Step } from '@leeway/core/episodes/episode'
import { and, eq, inArray } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'
import { readDetail, readSteps } from './chunks.ts'
import { CHUNK_KIND, episodeChunks, episodes } from './tables.ts'

export type StoredEpisode = { readonly id: string; readonly episode: Episode }

/**
 * The named episodes, without log probabilities, in the order of their ids; ids that are not there are left out.
 * All of them are held in memory: ask for few at a time.
 */
export async function storedEpisodes(
  executor: Executor,
  projectId: string,
  ids: readonly string[],
): Promise<readonly StoredEpisode[]> {
  if (ids.length === 0) return []
  const rows = await executor
    .select()
    .from(episodes)
    .where(and(eq(episodes.projectId, projectId), inArray(episodes.id, [...ids])))
    .orderBy(episodes.id)
  const chunks = await textChunks(executor, projectId, ids)
  return rows.map((row) => {
    const { said, steps } = wordsIn(chunks.filter(({ episodeId }) => episodeId === row.id))
    return {
      id: row.id,
      episode: {
        normaliserVersion: NORMALISER_VERSION,
        sourceId: row.sourceId,
        instructions: said?.instructions ?? '',
        taskKey: row.taskKey,
        trial: row.trial,
        // The unit is one key in the store; what it was made of is not needed to check an episode.
        userKey: null,
        sessionKey: null,
        startedAt: row.startedAt?.toISOString() ?? null,
        durationMs: row.durationMs,
        steps,
        outcome: { success: row.success, severe: row.severe, detail: said?.outcomeDetail ?? null },
        agentName: said?.agentName ?? null,
        policyName: said?.policyName ?? null,
        policyConfig: said?.policyConfig ?? null,
      },
    }
  })
}

export type StoredWords = Pick<Episode, 'instructions' | 'steps'>

/** What was said in one episode, or in a copy of one, which has no header; undefined when its text is gone. */
export async function storedWords(
  executor: Executor,
  projectId: string,
  id: string,
): Promise<StoredWords | undefined> {
  const chunks = await textChunks(executor, projectId, [id])
  if (chunks.length === 0) return undefined
  const { said, steps } = wordsIn(chunks)
  return { instructions: said?.instructions ?? '', steps }
}

type TextChunk = typeof episodeChunks.$inferSelect

async function textChunks(
  executor: Executor,
  projectId: string,
  ids: readonly string[],
): Promise<readonly TextChunk[]> {
  return executor
    .select()
    .from(episodeChunks)
    .where(
      and(
        eq(episodeChunks.projectId, projectId),
        inArray(episodeChunks.episodeId, [...ids]),
        inArray(episodeChunks.kind, [CHUNK_KIND.body, CHUNK_KIND.detail]),
      ),
    )
    .orderBy(episodeChunks.episodeId, episodeChunks.kind, episodeChunks.ordinal)
}

function wordsIn(own: readonly TextChunk[]) {
  const detail = own.find(({ kind }) => kind === CHUNK_KIND.detail)
  const steps: Step[] = own
    .filter(({ kind }) => kind === CHUNK_KIND.body)
    .flatMap(({ content }) => readSteps(content).map((step) => ({ ...step, logprobs: null }) as Step))
  return { said: detail === undefined ? null : readDetail(detail.content), steps }
}
