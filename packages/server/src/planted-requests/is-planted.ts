import { type SQL, sql } from 'drizzle-orm'

/** SQL: a condition, that the hold was planted: no agent waits for it. */
export const isPlantedRequest = (projectId: SQL | string, holdId: SQL | string) => sql`exists (
  select 1 from planted_requests where planted_requests.project_id = ${projectId} and planted_requests.hold_id = ${holdId})`
