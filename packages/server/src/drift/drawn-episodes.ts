/** Which conversations of an agent are compared: of its newest, one a unit, drawn by a seed, so many at most. */
import { sql } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'
import { isNotPaired } from '../episodes/not-paired.ts'

/** Reading all of a large agent's every hour would cost more than what it tells. */
const LOOKED_AT_MAX = 50_000

export type DrawnEpisodes = { readonly rated: readonly string[]; readonly fresh: readonly string[] }

/**
 * Rated: a person answered about it, or its outcome is known. Programs and models answer about everything, so that they make nothing
 * known. Fresh: not rated, and of the time from `since` on. Only those whose text is still there.
 */
export async function drawEpisodes(
  executor: Executor,
  place: { readonly projectId: string; readonly agentId: string },
  { since, seed, many }: { readonly since: Date; readonly seed: number; readonly many: number },
): Promise<DrawnEpisodes> {
  const drawn = (which: 'rated' | 'fresh') => sql`
    select id from (
      select distinct on (coalesce(unit_key, id::text)) id, md5(${seed}::text || id::text) as place from own
      where ${which === 'rated' ? sql`is_rated` : sql`not is_rated and at >= ${since.toISOString()}::timestamptz`}
      order by coalesce(unit_key, id::text), md5(${seed}::text || id::text)
    ) one_a_unit order by place limit ${many}`
  const found = await executor.execute<{ rated: string[]; fresh: string[] }>(sql`
    with own as materialized (
      select id, unit_key, coalesce(started_at, imported_at) as at, success is not null or exists (
        select from ratings join raters on raters.project_id = ratings.project_id and raters.id = ratings.rater_id
        where ratings.project_id = episodes.project_id and ratings.episode_id = episodes.id
          and ratings.kind = 'answered' and raters.kind = 'human') as is_rated
      from (
        select * from episodes where project_id = ${place.projectId} and agent_id = ${place.agentId}
          and ${isNotPaired(sql`unit_key`)}
        order by id desc limit ${LOOKED_AT_MAX}
      ) episodes
      where exists (
        select from episode_chunks where episode_chunks.project_id = episodes.project_id and episode_id = episodes.id)
    )
    select array(${drawn('rated')}) as rated, array(${drawn('fresh')}) as fresh`)
  return found.rows[0] ?? { rated: [], fresh: [] }
}
