import { type SQL, sql } from 'drizzle-orm'

/** SQL: a subquery of the columns of `planted_faults`, those that somebody has looked at and accepted. */
export const acceptedFaults = (projectId: SQL | string) => sql`(
  select fault.* from planted_faults fault
  join lateral (
    select accepted from planted_reviews where planted_reviews.project_id = fault.project_id
      and planted_reviews.planted_id = fault.id order by planted_reviews.id desc limit 1
  ) looked on looked.accepted
  where fault.project_id = ${projectId})`
