import { sql } from 'drizzle-orm'

/** SQL: a subquery of `episode_id` and `place`: the episode, and after it (place 1) its original where it is a planted copy. */
export const episodeOrOriginal = (projectId: string, episodeId: string) => sql`(
  select ${episodeId}::uuid as episode_id, 0 as place
  union all select episode_id, 1 from planted_faults where project_id = ${projectId} and id = ${episodeId})`
