import { type SQL, sql } from 'drizzle-orm'
import { isNotPlanted } from './not-planted.ts'

/**
 * SQL: a subquery of `episode_id`, `criterion_sha256` and `value`: faults that the agent made itself, with the answer that some
 * planted fault of the question has. Known from gold that may be told, from an expert's second look, or, with `decided`, from a
 * disagreement that somebody decided. Where two of them contradict each other nothing is known, and what measures the check is
 * told to nobody.
 *
 * Without `decided` for whoever counts what was caught: only where people disagreed is there a decision, so those who did not
 * see the fault are among its answers by its very nature.
 */
export const naturalFaults = (projectId: SQL | string, { decided }: { readonly decided: boolean }) => sql`(
  select known.episode_id, known.criterion_sha256, min(known.value) as value from (
    select episode_id, criterion_sha256, value from gold_answers where project_id = ${projectId} and part = 'fit'
    union all
    select looked.episode_id, looked.criterion_sha256, looked.value #>> '{}' from ratings looked
    where looked.project_id = ${projectId} and looked.kind = 'answered' and ${isSecondLook(projectId, sql`looked`)}
      and not exists (select 1 from ratings later
        where later.project_id = looked.project_id and later.supersedes = looked.id)
    union all
    select episode_id, criterion_sha256, value from adjudications decision
    where ${decided} and project_id = ${projectId} and kind = 'answered' and not exists (select 1 from adjudications later
      where later.project_id = decision.project_id and later.supersedes = decision.id)
  ) known
  where ${isNotPlanted(projectId, sql`known.episode_id`)}
    and not exists (select 1 from gold_answers hidden where hidden.project_id = ${projectId}
      and hidden.episode_id = known.episode_id and hidden.criterion_sha256 = known.criterion_sha256
      and hidden.part = 'measure')
  group by known.episode_id, known.criterion_sha256
  having count(distinct known.value) = 1 and exists (select 1 from planted_faults fault
    where fault.project_id = ${projectId} and fault.criterion_sha256 = known.criterion_sha256
      and fault.value = min(known.value)))`

/** SQL: a condition on a row of `ratings`, that it is an expert's second look and not a known question met as work. */
export const isSecondLook = (projectId: SQL | string, rating: SQL) => sql`(
  exists (select 1 from assignment_purposes purposes where purposes.project_id = ${projectId}
    and purposes.assignment_id = ${rating}.assignment_id and purposes.purpose = 'second-look')
  and not exists (select 1 from assignment_purposes purposes where purposes.project_id = ${projectId}
    and purposes.assignment_id = ${rating}.assignment_id and purposes.purpose = 'gold'))`
