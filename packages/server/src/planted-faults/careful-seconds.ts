/** How long people take who answer a known question rightly: what reading takes. */
import { sql } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'

export type Careful = { readonly rater: string; readonly seconds: number }

/** By question: seconds of right answers to known items, planted or gold. */
export async function carefulSeconds(
  executor: Executor,
  projectId: string,
): Promise<ReadonlyMap<string, readonly Careful[]>> {
  const { rows } = await executor.execute<Careful & { sha256: string }>(sql`
    with known as (
      select id as episode_id, criterion_sha256, value from planted_faults where project_id = ${projectId}
      union all
      select episode_id, criterion_sha256, value from gold_answers where project_id = ${projectId} and part = 'fit'
    )
    select known.criterion_sha256 as sha256, ratings.rater_id as rater,
      greatest(extract(epoch from committed_at - started_at), 0)::float8 as seconds
    from known
    join ratings on ratings.project_id = ${projectId} and ratings.episode_id = known.episode_id
      and ratings.criterion_sha256 = known.criterion_sha256 and ratings.kind = 'answered'
      and ratings.form = 'find' and ratings.value #>> '{}' = known.value and started_at is not null
      and not exists (select 1 from ratings later
        where later.project_id = ratings.project_id and later.supersedes = ratings.id)
    join raters on raters.project_id = ratings.project_id and raters.id = ratings.rater_id and raters.kind = 'human'`)
  const careful = new Map<string, Careful[]>()
  for (const { sha256, ...one } of rows) careful.set(sha256, [...(careful.get(sha256) ?? []), one])
  return careful
}
