/** Faults that may be shown to a person in a validity round: nothing that this person has met, made, or may not judge. */
import type { OperatorName } from '@leeway/core/planted-faults/operator'
import type { FaultToShow } from '@leeway/core/planted-faults/validity-places'
import { type SQL, sql } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'
import { CHUNK_KIND } from '../episodes/tables.ts'
import { acceptedFaults } from '../planted-faults/accepted-faults.ts'
import { metAnywhere } from '../planted-faults/met-anywhere.ts'
import { naturalFaults } from '../planted-faults/natural-faults.ts'
import { inConflict } from '../raters/conflicts.ts'
import { isRetired } from '../vetting/retired.ts'

/** `operator`: this one alone; null: all. */
export async function faultsFor(
  executor: Executor,
  projectId: string,
  raterId: string,
  operator: OperatorName | null,
): Promise<readonly FaultToShow[]> {
  const person = sql`coalesce((select 'person:' || user_id from raters
    where raters.project_id = ${projectId} and raters.id = ${raterId}), '')`
  const { rows } = await executor.execute<FaultToShow>(sql`
    select id, original_id as "originalId", criterion_sha256 as "criterionSha256", value, operator from (
      select id, episode_id as original_id, criterion_sha256, value, operator
      from ${acceptedFaults(projectId)} accepted
      -- Who made a copy or looked at it beside its original knows it.
      where (${operator}::text is null or operator = ${operator}) and actor <> ${person}
        and not exists (select 1 from planted_reviews where planted_reviews.project_id = ${projectId}
          and planted_reviews.planted_id = accepted.id and planted_reviews.actor = ${person})
      union all
      select episode_id, episode_id, criterion_sha256, value, null from ${naturalFaults(projectId, { decided: true })} made
      where not exists (select 1 from gold_answers own where own.project_id = ${projectId}
        and own.episode_id = made.episode_id and own.actor = ${person})
        and not ${isRetired(projectId, { episodeId: sql`made.episode_id`, sha256: sql`made.criterion_sha256` })}
    ) fault
    where ${hasText(projectId, sql`fault.id`)}
      and not ${metAnywhere(projectId, raterId, sql`fault.original_id`)}
      and not ${inConflict(projectId, raterId, sql`fault.original_id`)}`)
  return rows
}

/** SQL: a condition, that there is something to show. */
export const hasText = (projectId: SQL | string, episodeId: SQL) => sql`exists (select 1 from episode_chunks
  where episode_chunks.project_id = ${projectId} and episode_chunks.episode_id = ${episodeId}
    and episode_chunks.kind = ${CHUNK_KIND.detail})`
