import { sql } from 'drizzle-orm'

/** SQL: a condition over `assignments`, that the rater wrote as a critic about the same question on the same episode. */
export const hasWritten = (projectId: string, raterId: string) => sql`exists (
  select 1 from written_claims where written_claims.project_id = ${projectId}
    and written_claims.rater_id = ${raterId} and written_claims.episode_id = assignments.episode_id
    and written_claims.criterion_sha256 = assignments.criterion_sha256)`
