/** Conflicts of interest: agents whose episodes a rater is never asked about, as work, in secret, in studies or to decide. */
import type { RaterConflict } from '@leeway/contract/raters'
import { type SQL, sql } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'

/** SQL: a subquery of `rater_id` and `agent_id`, the conflicts that hold. */
export const standingConflicts = (projectId: SQL | string) => sql`(
  select rater_id, agent_id from rater_conflicts conflict
  where project_id = ${projectId} and excluded and not exists (select 1 from rater_conflicts later
    where later.project_id = conflict.project_id and later.rater_id = conflict.rater_id
      and later.agent_id = conflict.agent_id and later.id > conflict.id))`

/**
 * SQL: a condition, that the rater may not judge the episode: of its agent, shown something else in its place, or told in a
 * validity round what is right about it. An erased episode has no agent, and is asked about no more.
 */
export const inConflict = (
  projectId: SQL | string,
  raterId: SQL | string,
  episodeId: SQL | string,
) => sql`(exists (
  select 1 from ${standingConflicts(projectId)} conflict
  join episodes acted on acted.project_id = ${projectId} and acted.agent_id = conflict.agent_id
  where conflict.rater_id = ${raterId} and acted.id = ${episodeId})
  or exists (select 1 from rater_copies where rater_copies.project_id = ${projectId}
    and rater_copies.rater_id = ${raterId} and rater_copies.episode_id = ${episodeId})
  or exists (select 1 from validity_places where validity_places.project_id = ${projectId}
    and validity_places.rater_id = ${raterId} and validity_places.original_id = ${episodeId}))`

export async function conflictsOf(
  executor: Executor,
  projectId: string,
  raterId: string,
): Promise<readonly RaterConflict[]> {
  const { rows } = await executor.execute<RaterConflict>(sql`
    select agent, reason, to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at from (
      select distinct on (agents.id) agents.name as agent, excluded, reason, at from rater_conflicts
      join agents on agents.project_id = rater_conflicts.project_id and agents.id = agent_id
      where rater_conflicts.project_id = ${projectId} and rater_id = ${raterId}
      order by agents.id, rater_conflicts.id desc
    ) newest where excluded order by agent`)
  return rows
}

/**
 * Of one rater, or of all in the project: the newest conflict, or what is shown in the place of an episode. Ids are UUIDv7, so
 * that a later one is the larger.
 */
export async function newestConflictOf(
  executor: Executor,
  projectId: string,
  raterId?: string,
): Promise<string | null> {
  const whose = raterId === undefined ? sql`true` : sql`rater_id = ${raterId}`
  const { rows } = await executor.execute<{ id: string | null }>(sql`
    select greatest((select max(id::text) from rater_conflicts where project_id = ${projectId} and ${whose}),
      (select max(id::text) from rater_copies where project_id = ${projectId} and ${whose})) as id`)
  return rows[0]?.id ?? null
}
