import { type SQL, sql } from 'drizzle-orm'

/** SQL: a condition, that the episode is no planted copy. Answers about copies are no work: nothing may count them as such. */
export const isNotPlanted = (projectId: SQL | string, episodeId: SQL) => sql`not exists (
  select 1 from planted_faults where planted_faults.project_id = ${projectId} and planted_faults.id = ${episodeId})`
