import { type SQL, sql } from 'drizzle-orm'

/** SQL: a condition over `assignments`, that the rater has met the question other than as work. */
export const hasMetElsewhere = (projectId: SQL | string, raterId: SQL | string) => sql`exists (
  select 1 from ${metElsewhere(projectId, raterId)} met
  where met.episode_id = assignments.episode_id and met.criterion_sha256 = assignments.criterion_sha256)`

/** SQL: a subquery of `episode_id` and `criterion_sha256`: what that rater has met other than as work. */
export const metElsewhere = (projectId: SQL | string, raterId: SQL | string) => sql`(
  select episode_id, criterion_sha256 from ${metByRaters(projectId)} anybody where rater_id = ${raterId})`

/**
 * SQL: a subquery of `rater_id`, `episode_id` and `criterion_sha256`: questions that raters have met other than as work, so that
 * they would not come to them new. Told in a qualification round, sat at a debate about it, drawn in a study, adjudicated, shown as
 * a part with what others say to it, in a validity round with its right answer, or written about as a critic.
 */
export const metByRaters = (projectId: SQL | string) => sql`(
  select rater_id, episode_id, criterion_sha256 from round_answers where project_id = ${projectId}
  union all select debate_seats.rater_id, debates.episode_id, debates.criterion_sha256 from debate_seats
    join debates on debates.project_id = debate_seats.project_id and debates.id = debate_seats.debate_id
    where debate_seats.project_id = ${projectId}
  union all select study_places.rater_id, study_places.episode_id, studies.criterion_sha256 from study_places
    join studies on studies.project_id = study_places.project_id and studies.id = study_places.study_id
    where study_places.project_id = ${projectId}
  union all select study_places.rater_id, study_places.episode_id, part.value->>'sha256' from study_places
    join study_items on study_items.project_id = study_places.project_id and study_items.study_id = study_places.study_id
      and study_items.episode_id = study_places.episode_id
    cross join lateral jsonb_array_elements(study_items.parts) as part
    where study_places.project_id = ${projectId} and study_places.arm = 'decomposition'
  union all select rater_id, episode_id, part.value->>'sha256' from split_reveals
    cross join lateral jsonb_array_elements(parts) as part
    where project_id = ${projectId} and arm = 'decomposition'
  union all select rater_id, episode_id, criterion_sha256 from adjudications where project_id = ${projectId}
  union all select rater_id, episode_id, criterion_sha256 from written_claims where project_id = ${projectId})`
