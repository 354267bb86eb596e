import { type SQL, sql } from 'drizzle-orm'

/**
 * SQL: a subquery of `episode_id` and `criterion_sha256`: questions that a rater has met other than as work, so that it
 * would not come to them new. Told in a qualification round, sat at a debate about it, drawn in a study, adjudicated.
 */
export const metElsewhere = (projectId: SQL | string, raterId: SQL | string) => sql`(
  select episode_id, criterion_sha256 from round_answers where project_id = ${projectId} and rater_id = ${raterId}
  union all select debates.episode_id, debates.criterion_sha256 from debate_seats
    join debates on debates.project_id = debate_seats.project_id and debates.id = debate_seats.debate_id
    where debate_seats.project_id = ${projectId} and debate_seats.rater_id = ${raterId}
  union all select study_places.episode_id, studies.criterion_sha256 from study_places
    join studies on studies.project_id = study_places.project_id and studies.id = study_places.study_id
    where study_places.project_id = ${projectId} and study_places.rater_id = ${raterId}
  union all select episode_id, criterion_sha256 from adjudications
    where project_id = ${projectId} and rater_id = ${raterId})`
