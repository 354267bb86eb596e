/** Read models of episodes for screens and for releases. Joins allowed; nothing here writes. */
import type {
  EpisodeDetail,
  EpisodeHeader,
  EpisodeQuery,
  StepBodies,
  StepIndex,
} from '@leeway/contract/episodes'
import { and, asc, desc, eq, getTableColumns, gt, gte, inArray, lt, type SQL, sql } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'
import { policies } from '../policies/tables.ts'
import { agents } from '../projects/tables.ts'
import { readDetail, readStepIndex, readSteps } from './chunks.ts'
import { CHUNK_KIND, episodeChunks, episodes } from './tables.ts'

type Filter = Pick<EpisodeQuery, 'agent' | 'policy' | 'success' | 'task' | 'text'>

/**
 * Newest import first. `before` is the id of the last episode of the page before. Agent and policy by id or name.
 * `shuffled`: in an order that tells nothing of when an episode came in, for those who may not know which policy acted.
 */
export async function listEpisodes(
  executor: Executor,
  projectId: string,
  filter: Filter,
  page: { readonly limit: number; readonly before: string | null; readonly shuffled?: boolean },
): Promise<readonly EpisodeHeader[]> {
  const conditions: SQL[] = [eq(episodes.projectId, projectId)]
  const shuffledKey = sql`md5(${episodes.id}::text)`
  if (page.before !== null)
    conditions.push(
      page.shuffled ? sql`${shuffledKey} < md5(${page.before}::text)` : lt(episodes.id, page.before),
    )
  if (filter.agent !== undefined)
    conditions.push(
      inArray(
        episodes.agentId,
        executor
          .select({ id: agents.id })
          .from(agents)
          .where(
            and(
              eq(agents.projectId, projectId),
              sql`${filter.agent} in (${agents.id}::text, ${agents.name})`,
            ),
          ),
      ),
    )
  if (filter.policy !== undefined)
    conditions.push(
      inArray(
        episodes.policyId,
        executor
          .select({ id: policies.id })
          .from(policies)
          .where(
            and(
              eq(policies.projectId, projectId),
              sql`${filter.policy} in (${policies.id}::text, ${policies.name})`,
            ),
          ),
      ),
    )
  if (filter.success === 'unknown') conditions.push(sql`${episodes.success} is null`)
  if (filter.success === 'yes') conditions.push(gte(episodes.success, 0.5))
  if (filter.success === 'no') conditions.push(lt(episodes.success, 0.5))
  if (filter.task !== undefined) conditions.push(eq(episodes.taskKey, filter.task))
  if (filter.text !== undefined && filter.text !== '')
    conditions.push(sql`strpos(lower(${episodes.title}), lower(${filter.text})) > 0`)
  const rows = await headers(executor)
    .where(and(...conditions))
    .orderBy(desc(page.shuffled ? shuffledKey : episodes.id))
    .limit(page.limit)
  return rows.map(headerOf)
}

export async function showEpisode(
  executor: Executor,
  projectId: string,
  episodeId: string,
): Promise<EpisodeDetail | null> {
  const [row] = await headers(executor).where(
    and(eq(episodes.projectId, projectId), eq(episodes.id, episodeId)),
  )
  if (row === undefined) return null
  const [chunk] = await chunksFrom(executor, projectId, episodeId, CHUNK_KIND.detail)
  const detail = chunk === undefined ? null : readDetail(chunk.content)
  return {
    ...headerOf(row),
    hasBody: detail !== null,
    instructions: detail?.instructions ?? '',
    outcomeDetail: (detail?.outcomeDetail ?? null) as EpisodeDetail['outcomeDetail'],
    sourceAgentName: detail?.agentName ?? null,
    sourcePolicyName: detail?.policyName ?? null,
  }
}

/** Null when there is no such episode, or its text is gone. */
export async function showStepIndex(
  executor: Executor,
  projectId: string,
  episodeId: string,
): Promise<StepIndex | null> {
  const [chunk] = await chunksFrom(executor, projectId, episodeId, CHUNK_KIND.stepIndex)
  return chunk === undefined ? null : readStepIndex(chunk.content)
}

/** An answer is closed after the chunk that takes it over this size, so that large steps come in several answers. */
const ANSWER_BYTES = 512 * 1024

export async function showStepBodies(
  executor: Executor,
  projectId: string,
  episodeId: string,
  from: number,
  count: number,
): Promise<StepBodies> {
  const first = executor
    .select({ ordinal: sql<number>`coalesce(max(${episodeChunks.ordinal}), 0)` })
    .from(episodeChunks)
    .where(and(bodyOf(projectId, episodeId), sql`${episodeChunks.ordinal} <= ${from}`))
  const found = await executor
    .select({ ordinal: episodeChunks.ordinal, bytes: sql<number>`octet_length(${episodeChunks.content})` })
    .from(episodeChunks)
    .where(
      and(
        bodyOf(projectId, episodeId),
        sql`${episodeChunks.ordinal} >= (${first})`,
        lt(episodeChunks.ordinal, from + count),
      ),
    )
    .orderBy(asc(episodeChunks.ordinal))
  let bytes = 0
  const wanted = found.filter((chunk, position) => {
    const fits = position === 0 || bytes < ANSWER_BYTES
    bytes += chunk.bytes
    return fits
  })
  const contents = await executor
    .select({ content: episodeChunks.content })
    .from(episodeChunks)
    .where(
      and(
        bodyOf(projectId, episodeId),
        inArray(
          episodeChunks.ordinal,
          wanted.map(({ ordinal }) => ordinal),
        ),
      ),
    )
    .orderBy(asc(episodeChunks.ordinal))
  const read = contents.flatMap(({ content }) => readSteps(content))
  const steps = read.filter(({ ordinal }) => ordinal >= from && ordinal < from + count)
  const last = steps.at(-1)?.ordinal
  if (last === undefined) return { steps, nextFrom: null }
  const [further] = await executor
    .select({ ordinal: episodeChunks.ordinal })
    .from(episodeChunks)
    .where(and(bodyOf(projectId, episodeId), gt(episodeChunks.ordinal, last)))
    .limit(1)
  const goesOn = further !== undefined || read.some(({ ordinal }) => ordinal > last)
  return { steps, nextFrom: goesOn ? last + 1 : null }
}

const bodyOf = (projectId: string, episodeId: string) =>
  and(
    eq(episodeChunks.projectId, projectId),
    eq(episodeChunks.episodeId, episodeId),
    eq(episodeChunks.kind, CHUNK_KIND.body),
  )

function chunksFrom(executor: Executor, projectId: string, episodeId: string, kind: number) {
  return executor
    .select({ ordinal: episodeChunks.ordinal, content: episodeChunks.content })
    .from(episodeChunks)
    .where(
      and(
        eq(episodeChunks.projectId, projectId),
        eq(episodeChunks.episodeId, episodeId),
        eq(episodeChunks.kind, kind),
      ),
    )
    .orderBy(asc(episodeChunks.ordinal))
}

function headers(executor: Executor) {
  return executor
    .select({
      ...getTableColumns(episodes),
      agentName: agents.name,
      policyName: policies.name,
      policyDeclared: policies.declared,
    })
    .from(episodes)
    .innerJoin(agents, and(eq(agents.projectId, episodes.projectId), eq(agents.id, episodes.agentId)))
    .innerJoin(policies, and(eq(policies.projectId, episodes.projectId), eq(policies.id, episodes.policyId)))
    .$dynamic()
}

type HeaderRow = Awaited<ReturnType<typeof headers>>[number]

function headerOf(row: HeaderRow): EpisodeHeader {
  const { projectId: _, identity: __, occurrence: ___, stakes: ____, ...rest } = row
  return {
    ...rest,
    startedAt: row.startedAt?.toISOString() ?? null,
    importedAt: row.importedAt.toISOString(),
  }
}

/** What is left of an episode. */
export async function episodeState(
  executor: Executor,
  projectId: string,
  episodeId: string,
): Promise<'whole' | 'withoutText' | 'erased' | 'absent'> {
  const found = await executor.execute<{ header: boolean; text: boolean; tombstone: boolean }>(sql`select
    exists (select 1 from episodes where project_id = ${projectId} and id = ${episodeId}) as header,
    exists (select 1 from episode_chunks where project_id = ${projectId} and episode_id = ${episodeId}
      and kind = ${CHUNK_KIND.detail} and ordinal = 0) as text,
    exists (select 1 from episode_tombstones where project_id = ${projectId} and episode_id = ${episodeId}) as tombstone`)
  const row = found.rows[0]
  if (row?.header === true) return row.text ? 'whole' : 'withoutText'
  return row?.tombstone === true ? 'erased' : 'absent'
}
