/** Which policy a rater runs, by the newest registration of each rater. */
import type { Json } from '@leeway/core/episodes/episode'
import { type SQL, sql } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'
import { kinshipOf } from './policy-family.ts'

export type SupervisorRole = 'rater' | 'critic' | 'debater'

export type Registered = {
  readonly raterId: string
  readonly rater: string
  readonly family: string
  /** The rater's own: provider, model and so on. */
  readonly definition: Json
  readonly agent: string
  readonly policyId: string
  readonly policy: string
  readonly config: Json
  readonly roles: readonly SupervisorRole[]
  readonly reason: string
  readonly at: Date
}

/** SQL: a subquery of the newest row of each rater. */
export const standingSupervisors = (projectId: SQL | string) => sql`(
  select distinct on (rater_id) * from supervisors where project_id = ${projectId} order by rater_id, id desc)`

/** SQL: a condition, that the rater runs a policy and may not do this as such. Raters that run none are free. */
export const lacksRole = (
  projectId: SQL | string,
  raterId: SQL | string,
  role: SupervisorRole,
) => sql`exists (
  select 1 from ${standingSupervisors(projectId)} registered
  where registered.rater_id = ${raterId} and not registered.roles ? ${role})`

/** Newest registration first. */
export async function registeredSupervisors(
  executor: Executor,
  projectId: string,
  which: SQL = sql`true`,
): Promise<readonly Registered[]> {
  const { rows } = await executor.execute<Omit<Registered, 'at'> & { at: string }>(sql`
    select registered.rater_id as "raterId", raters.name as rater, raters.family, raters.definition,
      agents.name as agent, registered.policy_id as "policyId", policies.name as policy, policies.config,
      registered.roles, registered.reason, registered.at
    from ${standingSupervisors(projectId)} registered
    join raters on raters.project_id = registered.project_id and raters.id = registered.rater_id
    join policies on policies.project_id = registered.project_id and policies.id = registered.policy_id
    join agents on agents.project_id = policies.project_id and agents.id = policies.agent_id
    where ${which} order by registered.id desc`)
  return rows.map((row) => ({ ...row, at: new Date(row.at) }))
}

export async function registeredAs(
  executor: Executor,
  projectId: string,
  raterId: string,
): Promise<Registered | undefined> {
  const [found] = await registeredSupervisors(executor, projectId, sql`registered.rater_id = ${raterId}`)
  return found
}

/** Whether it shares a family with the policy: so it does unless what was declared says otherwise. */
export function sharesFamily(supervisor: Registered, charge: { readonly config: unknown }): boolean {
  return kinshipOf(supervisor)(charge.config) !== 'other'
}
