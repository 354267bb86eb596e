import { type SQL, sql } from 'drizzle-orm'

/** SQL: ids of the copies of episodes, `which` a condition on their ids: the words of an erased one stand in its copies too. */
export const copiesOf = (projectId: string, which: SQL) =>
  sql`(select id from planted_faults where project_id = ${projectId} and planted_faults.episode_id ${which})`
