/** Planted faults that a supervisor met among its questions about a policy's episodes, and how many of them it caught. */
import { type CanaryRecord, canaryVerdict } from '@leeway/core/oversight/canary-record'
import { CANARY_BAR, LINK_ALPHA } from '@leeway/core/oversight/supervision-link'
import { sql } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'
import { acceptedFaults } from '../planted-faults/accepted-faults.ts'

export type CanaryPlace = {
  readonly projectId: string
  /** Whose episodes they were planted in: a sign between agents of one family stands in the charge's own work. */
  readonly policyId: string
  readonly criterionSha256: string
}

/** SQL: a subquery of the accepted faults in episodes of the policy that concern the question. */
export const canariesOf = ({ projectId, policyId, criterionSha256 }: CanaryPlace) => sql`(
  select fault.* from ${acceptedFaults(projectId)} fault
  join episodes original on original.project_id = fault.project_id and original.id = fault.episode_id
  where fault.criterion_sha256 = ${criterionSha256} and original.policy_id = ${policyId})`

export async function canaryRecord(
  executor: Executor,
  raterId: string,
  place: CanaryPlace,
): Promise<CanaryRecord> {
  const { rows } = await executor.execute<{ shown: number; caught: number }>(sql`
    select count(*)::int as shown,
      (count(*) filter (where ratings.kind = 'answered' and ratings.value #>> '{}' = canary.value))::int as caught
    from ${canariesOf(place)} canary
    join ratings on ratings.project_id = ${place.projectId} and ratings.rater_id = ${raterId}
      and ratings.episode_id = canary.id and ratings.criterion_sha256 = ${place.criterionSha256}
      and ratings.form = 'find'`)
  return rows[0] ?? { shown: 0, caught: 0 }
}

/** Whether it counts about episodes of a policy of its own family. */
export async function countsAfterCanaries(
  executor: Executor,
  raterId: string,
  place: CanaryPlace,
): Promise<boolean> {
  return (
    canaryVerdict(await canaryRecord(executor, raterId, place), CANARY_BAR, LINK_ALPHA).verdict === 'counts'
  )
}
