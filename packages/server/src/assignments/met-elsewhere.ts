import { type SQL, sql } from 'drizzle-orm'

/**
 * SQL: a subquery of `episode_id` and `criterion_sha256`: questions that a rater has met other than as work, so that it
 * would not come to them new. Told in a qualification round, sat at a debate about it, drawn in a study, adjudicated, shown as a
 * part with what others say to it, in a validity round with its right answer, or written about as a critic.
 */
export const metElsewhere = (projectId: SQL | string, raterId: SQL | string) => sql`(
  select episode_id, criterion_sha256 from round_answers where project_id = ${projectId} and rater_id = ${raterId}
  union all select debates.episode_id, debates.criterion_sha256 from debate_seats
    join debates on debates.project_id = debate_seats.project_id and debates.id = debate_seats.debate_id
    where debate_seats.project_id = ${projectId} and debate_seats.rater_id = ${raterId}
  union all select study_places.episode_id, studies.criterion_sha256 from study_places
    join studies on studies.project_id = study_places.project_id and studies.id = study_places.study_id
    where study_places.project_id = ${projectId} and study_places.rater_id = ${raterId}
  union all select study_places.episode_id, part.value->>'sha256' from study_places
    join study_items on study_items.project_id = study_places.project_id and study_items.study_id = study_places.study_id
      and study_items.episode_id = study_places.episode_id
    cross join lateral jsonb_array_elements(study_items.parts) as part
    where study_places.project_id = ${projectId} and study_places.rater_id = ${raterId}
      and study_places.arm = 'decomposition'
  union all select episode_id, part.value->>'sha256' from split_reveals
    cross join lateral jsonb_array_elements(parts) as part
    where project_id = ${projectId} and rater_id = ${raterId} and arm = 'decomposition'
  union all select episode_id, criterion_sha256 from adjudications
    where project_id = ${projectId} and rater_id = ${raterId}
  union all select episode_id, criterion_sha256 from written_claims
    where project_id = ${projectId} and rater_id = ${raterId})`
