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

/** Which models have caught enough of those of a policy to be heard about it, though of its family. */
export async function heardAfterCanaries(
  executor: Executor,
  projectId: string,
  criterionSha256: string,
): Promise<(pair: { readonly raterId: string; readonly policyId: string }) => boolean> {
  const { rows } = await executor.execute<CanaryRecord & { rater: string; policy: string }>(sql`
    select ratings.rater_id as rater, original.policy_id as policy, count(*)::int as shown,
      (count(*) filter (where ratings.kind = 'answered' and ratings.value #>> '{}' = canary.value))::int as caught
    from ${acceptedFaults(projectId)} canary
    join episodes original on original.project_id = canary.project_id and original.id = canary.episode_id
    join ratings on ratings.project_id = ${projectId} and ratings.episode_id = canary.id
      and ratings.criterion_sha256 = canary.criterion_sha256 and ratings.form = 'find'
    where canary.criterion_sha256 = ${criterionSha256}
    group by ratings.rater_id, original.policy_id`)
  const counting = new Set(
    rows
      .filter((record) => canaryVerdict(record, CANARY_BAR, LINK_ALPHA).verdict === 'counts')
      .map(({ rater, policy }) => `${rater} ${policy}`),
  )
  return ({ raterId, policyId }) => counting.has(`${raterId} ${policyId}`)
}
