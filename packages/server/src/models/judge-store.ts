/** Statements on `judge_runs` and `model_calls`, and which questions of a run are still to be asked. */
import type { Json } from '@leeway/core/episodes/episode'
import { and, desc, eq, sql } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'
import { acceptedFaults } from '../planted-faults/accepted-faults.ts'
import { findRater } from '../raters/stored-raters.ts'
import { voiceOf } from '../raters/voice-of.ts'
import { isOfPolicies, policiesNotFor } from '../supervision/unheard.ts'
import { judgeRuns, modelCalls } from './tables.ts'
import { isVoiceWanted, voicesOn } from './voices-on.ts'

export type JudgeRunRow = typeof judgeRuns.$inferSelect
export type ModelCallRow = typeof modelCalls.$inferSelect

export type Question = { readonly episodeId: string; readonly criterionSha256: string }

/** `judge_runs.scope`: every criterion on every episode, the first episode first. */
export type RunScope = {
  readonly episodes: readonly string[]
  readonly criteria: readonly string[]
  /** Asked only where fewer independent voices have answered; absent: everywhere. */
  readonly voicesWanted?: number
}

export type RunCounts = {
  readonly open: number
  readonly answered: number
  readonly abstained: number
  readonly costUsd: number | null
  readonly inputTokens: number
  readonly outputTokens: number
}

export async function insertRun(executor: Executor, row: typeof judgeRuns.$inferInsert): Promise<void> {
  await executor.insert(judgeRuns).values(row)
}

export async function findRun(
  executor: Executor,
  projectId: string,
  runId: string,
): Promise<JudgeRunRow | undefined> {
  const [row] = await executor
    .select()
    .from(judgeRuns)
    .where(and(eq(judgeRuns.projectId, projectId), eq(judgeRuns.id, runId)))
  return row
}

/** Newest first. */
export async function newestRuns(
  executor: Executor,
  projectId: string,
  limit: number,
): Promise<readonly JudgeRunRow[]> {
  return executor
    .select()
    .from(judgeRuns)
    .where(eq(judgeRuns.projectId, projectId))
    .orderBy(desc(judgeRuns.id))
    .limit(limit)
}

/** Of all projects, oldest first, without their scopes: those may be long. */
export async function allRunIds(
  executor: Executor,
): Promise<readonly { readonly projectId: string; readonly id: string }[]> {
  return executor
    .select({ projectId: judgeRuns.projectId, id: judgeRuns.id })
    .from(judgeRuns)
    .orderBy(judgeRuns.id)
}

/** Whether the run asks only where fewer voices are heard, so that a question of it may open again. */
export async function wantsVoices(executor: Executor, projectId: string, runId: string): Promise<boolean> {
  const { rows } = await executor.execute(sql`
    select 1 from judge_runs where project_id = ${projectId} and id = ${runId} and scope ? 'voicesWanted'`)
  return rows.length > 0
}

/**
 * Newest episodes of an agent that still have their text and lack an answer of the rater to one of the criteria; planted
 * copies that people are shown beside their originals, or claims about episodes would be missing about copies alone.
 */
export async function episodesToAsk(
  executor: Executor,
  wanted: {
    readonly projectId: string
    readonly agentId: string
    readonly raterId: string
    readonly criteria: readonly string[]
    readonly limit: number
    readonly voicesWanted?: number
  },
): Promise<readonly string[]> {
  const { projectId, agentId, raterId, criteria, limit } = wanted
  const isWanted = await askedHere(executor, wanted)
  const found = await executor.execute<{ id: string }>(sql`
    with asked as (select value as sha256 from jsonb_array_elements_text(${JSON.stringify(criteria)}::jsonb)),
    known as (
      select id, id as original from episodes where project_id = ${projectId} and agent_id = ${agentId}
      union all select fault.id, fault.episode_id from ${acceptedFaults(projectId)} fault
      join episodes on episodes.project_id = ${projectId} and episodes.id = fault.episode_id
        and episodes.agent_id = ${agentId}
      where fault.criterion_sha256 in (select sha256 from asked)
    )
    select id from known
    where ${hasText(sql`known.id`, projectId)} and exists (select 1 from asked as criterion
      where ${isOpen(sql`known.id`, projectId, raterId)} and ${isAskable(sql`known.id`, projectId)}
      and ${isWanted(sql`known.id`)})
    order by original desc, id desc limit ${limit}`)
  return found.rows.map(({ id }) => id)
}

export async function openQuestions(
  executor: Executor,
  run: JudgeRunRow,
  limit: number,
): Promise<readonly Question[]> {
  const isWanted = await askedHere(executor, placeOf(run))
  const found = await executor.execute<{ episode: string; sha256: string }>(sql`
    select episode.id as episode, criterion.sha256 ${questionsOf(run)}
      and ${isOpen(sql`episode.id::uuid`, run.projectId, run.raterId)}
      and ${hasText(sql`episode.id::uuid`, run.projectId)} and ${isWanted(sql`episode.id::uuid`)}
    order by episode.place, criterion.place limit ${limit}`)
  return found.rows.map(({ episode, sha256 }) => ({ episodeId: episode, criterionSha256: sha256 }))
}

/** Answers that were there before the run are not counted as its own. */
export async function countRun(executor: Executor, run: JudgeRunRow): Promise<RunCounts> {
  const isWanted = await askedHere(executor, placeOf(run))
  const found = await executor.execute<{
    open: number
    answered: number
    abstained: number
    cost: number | null
    input: number | null
    output: number | null
  }>(sql`
    with asked as (select episode.id::uuid as episode_id, criterion.sha256 ${questionsOf(run)}),
    own as (
      select ratings.kind, left(ratings.commit_key, 64) as request from asked join ratings
        on ratings.project_id = ${run.projectId} and ratings.rater_id = ${run.raterId}
        and ratings.episode_id = asked.episode_id and ratings.criterion_sha256 = asked.sha256
      where ratings.supersedes is null and ratings.committed_at >= ${run.startedAt.toISOString()}::timestamptz),
    calls as (
      select * from model_calls where project_id = ${run.projectId} and rater_id = ${run.raterId}
        and at >= ${run.startedAt.toISOString()}::timestamptz and request_sha256 in (select request from own))
    select
      (select count(*)::int from asked as criterion where ${isOpen(sql`criterion.episode_id`, run.projectId, run.raterId)}
        and ${hasText(sql`criterion.episode_id`, run.projectId)} and ${isWanted(sql`criterion.episode_id`)}) as open,
      (select count(*)::int from own where kind <> 'abstained') as answered,
      (select count(*)::int from own where kind = 'abstained') as abstained,
      (select sum(cost_usd) from calls) as cost,
      (select sum(input_tokens)::int from calls) as input,
      (select sum(output_tokens)::int from calls) as output`)
  const row = found.rows[0]
  return {
    open: row?.open ?? 0,
    answered: row?.answered ?? 0,
    abstained: row?.abstained ?? 0,
    costUsd: row?.cost ?? null,
    inputTokens: row?.input ?? 0,
    outputTokens: row?.output ?? 0,
  }
}

export async function findCall(
  executor: Executor,
  projectId: string,
  raterId: string,
  requestSha256: string,
): Promise<ModelCallRow | undefined> {
  const [row] = await executor
    .select()
    .from(modelCalls)
    .where(
      and(
        eq(modelCalls.projectId, projectId),
        eq(modelCalls.raterId, raterId),
        eq(modelCalls.requestSha256, requestSha256),
      ),
    )
  return row
}

/** A call that is recorded already stays as it is. */
export async function insertCall(
  executor: Executor,
  row: Omit<ModelCallRow, 'response'> & { readonly response: Json },
): Promise<void> {
  await executor.insert(modelCalls).values(row).onConflictDoNothing()
}

/** The last calls of a rater, newest first. */
export async function lastCalls(
  executor: Executor,
  projectId: string,
  raterId: string,
  limit: number,
): Promise<readonly Pick<ModelCallRow, 'status' | 'at' | 'response'>[]> {
  return executor
    .select({ status: modelCalls.status, at: modelCalls.at, response: modelCalls.response })
    .from(modelCalls)
    .where(and(eq(modelCalls.projectId, projectId), eq(modelCalls.raterId, raterId)))
    .orderBy(desc(modelCalls.id))
    .limit(limit)
}

/** `from … where …` of every question of a run, with `episode` and `criterion` in the order they are asked. */
const questionsOf = (run: JudgeRunRow) => sql`
  from judge_runs,
    jsonb_array_elements_text(judge_runs.scope->'episodes') with ordinality as episode (id, place)
    cross join jsonb_array_elements_text(
      (select scope->'criteria' from judge_runs where project_id = ${run.projectId} and id = ${run.id})
    ) with ordinality as criterion (sha256, place)
  where judge_runs.project_id = ${run.projectId} and judge_runs.id = ${run.id}
    and ${isAskable(sql`episode.id::uuid`, run.projectId)}`

type Sql = ReturnType<typeof sql>

type Place = {
  readonly projectId: string
  readonly raterId: string
  readonly criteria: readonly string[]
  readonly voicesWanted?: number
}
const placeOf = ({ projectId, raterId, scope }: JudgeRunRow): Place => ({
  ...(scope as RunScope),
  projectId,
  raterId,
})

/** A condition over an episode and `criterion`: the rater may be asked there, and one more voice is wanted. */
async function askedHere(
  executor: Executor,
  { projectId, raterId, criteria, voicesWanted }: Place,
): Promise<(episodeId: Sql) => Sql> {
  const barred = await policiesNotFor(executor, projectId, raterId, ['rater', 'critic'])
  const mayAsk = (episodeId: Sql) => sql`not ${isOfPolicies(barred, projectId, episodeId)}`
  const rater = voicesWanted === undefined ? undefined : await findRater(executor, projectId, raterId)
  if (voicesWanted === undefined || rater === undefined) return mayAsk
  const voices = await voicesOn(executor, projectId, criteria)
  return (episodeId) => sql`${mayAsk(episodeId)}
    and ${isVoiceWanted(voices(episodeId, sql`criterion.sha256`), voiceOf(rater), voicesWanted)}`
}

const isOpen = (episodeId: Sql, projectId: string, raterId: string) => sql`not exists (
  select 1 from ratings where ratings.project_id = ${projectId} and ratings.rater_id = ${raterId}
    and ratings.episode_id = ${episodeId} and ratings.criterion_sha256 = criterion.sha256)`

/** A planted copy is for one question alone. */
const isAskable = (episodeId: Sql, projectId: string) => sql`not exists (
  select 1 from planted_faults fault where fault.project_id = ${projectId} and fault.id = ${episodeId}
    and fault.criterion_sha256 <> criterion.sha256)`

/** The detail chunk is there as long as the text of an episode is. */
const hasText = (episodeId: Sql, projectId: string) => sql`exists (
  select 1 from episode_chunks where episode_chunks.project_id = ${projectId}
    and episode_chunks.episode_id = ${episodeId} and episode_chunks.kind = 3 and episode_chunks.ordinal = 0)`
