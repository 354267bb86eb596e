import { sql } from 'drizzle-orm'

/** SQL: a condition on `said`, a row of comparison_answers: neither taken back nor superseded. */
export const isStanding = sql`(said.kind <> 'withdrawn' and not exists (select 1 from comparison_answers later
  where later.project_id = said.project_id and later.supersedes = said.id))`
