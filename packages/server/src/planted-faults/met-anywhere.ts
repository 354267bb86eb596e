import { type SQL, sql } from 'drizzle-orm'
import { metElsewhere } from '../assignments/met-elsewhere.ts'

/** SQL: a condition, that the rater was asked anything about the episode, in any way, or may be at it now. */
export const metAnywhere = (projectId: string, raterId: string, episodeId: SQL) => sql`(
  exists (select 1 from ratings met where met.project_id = ${projectId} and met.rater_id = ${raterId}
    and met.episode_id = ${episodeId})
  or exists (select 1 from ${metElsewhere(projectId, raterId)} met where met.episode_id = ${episodeId})
  or exists (select 1 from vetting_draws met where met.project_id = ${projectId} and met.rater_id = ${raterId}
    and met.episode_id = ${episodeId})
  or exists (select 1 from comparison_draws
    join comparison_pairs met on met.project_id = comparison_draws.project_id and met.id = comparison_draws.pair_id
    where comparison_draws.project_id = ${projectId} and comparison_draws.rater_id = ${raterId}
      and ${episodeId} in (met.first_episode_id, met.second_episode_id))
  or exists (select 1 from reservations
    join assignments met on met.project_id = reservations.project_id and met.id = reservations.assignment_id
    where reservations.project_id = ${projectId} and reservations.rater_id = ${raterId} and met.episode_id = ${episodeId}))`
