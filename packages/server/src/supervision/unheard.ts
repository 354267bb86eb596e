/**
 * Which models are no independent voice about the episodes of a policy, and which are not even asked. One rule for judges, critics,
 * debaters and supervisors:
 *
 * - Who runs the policy is never asked about its episodes, and never heard.
 * - Who is of its family, as far as both declare it, is asked only where it is registered for that role, and heard only after
 *   it has caught enough planted faults in that policy's episodes. That is supervision, the declared exception.
 * - Of a registered model a policy that declares neither family nor base may be kin: it is heard after canaries, too. Of another
 *   model it is not: nobody has said that it runs anything.
 */
import { type SQL, sql } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'
import { type CanaryPlace, heardAfterCanaries } from './canaries.ts'
import { type Kinship, kinshipOf } from './policy-family.ts'
import { type Registered, registeredSupervisors, type SupervisorRole } from './registered.ts'

/** A model and a policy about whose episodes its word counts for nothing. */
export type Unheard = { readonly raterId: string; readonly policyId: string }

type Pair = Unheard & { readonly registered: Registered | undefined; readonly kinship: Kinship | 'itself' }

/** About one question, of every policy of the project. */
export async function unheardPairs(
  executor: Executor,
  projectId: string,
  criterionSha256: string,
): Promise<readonly Unheard[]> {
  const pairs = (await allPairs(executor, projectId)).filter(mayBeUnheard)
  if (pairs.length === 0) return []
  const proven = await heardAfterCanaries(executor, projectId, criterionSha256)
  return pairs.flatMap(({ raterId, policyId, registered, kinship }) => {
    const isHeard =
      kinship !== 'itself' && registered?.roles.includes('rater') === true && proven({ raterId, policyId })
    return isHeard ? [] : [{ raterId, policyId }]
  })
}

/** Those about one policy. */
export async function unheardRaters(executor: Executor, place: CanaryPlace): Promise<ReadonlySet<string>> {
  const pairs = await unheardPairs(executor, place.projectId, place.criterionSha256)
  return new Set(pairs.filter(({ policyId }) => policyId === place.policyId).map(({ raterId }) => raterId))
}

/** Models with the policies about whose episodes they are not asked in any of the roles. */
async function barredPairs(
  executor: Executor,
  projectId: string,
  roles: readonly SupervisorRole[],
  raterId?: string,
): Promise<readonly Unheard[]> {
  return (await allPairs(executor, projectId, raterId))
    .filter(
      ({ kinship, registered }) =>
        kinship === 'itself' ||
        (kinship === 'kin' && !roles.some((role) => registered?.roles.includes(role))),
    )
    .map(({ raterId: id, policyId }) => ({ raterId: id, policyId }))
}

/** About whose episodes this rater is not asked in any of the roles; none of a person. */
export async function policiesNotFor(
  executor: Executor,
  projectId: string,
  raterId: string,
  roles: readonly SupervisorRole[],
): Promise<readonly string[]> {
  return (await barredPairs(executor, projectId, roles, raterId)).map(({ policyId }) => policyId)
}

/** Who is asked in none of the roles about an episode, or about the original of a planted copy; nobody when it was erased. */
export async function barredAbout(
  executor: Executor,
  projectId: string,
  episodeId: string,
  roles: readonly SupervisorRole[],
): Promise<ReadonlySet<string>> {
  const { rows } = await executor.execute<{ policy: string }>(sql`
    select policy_id as policy from episodes where project_id = ${projectId} and id in (${episodeId}::uuid,
      (select episode_id from planted_faults where project_id = ${projectId} and id = ${episodeId}))`)
  const acted = rows[0]?.policy
  if (acted === undefined) return new Set()
  const barred = await barredPairs(executor, projectId, roles)
  return new Set(barred.filter(({ policyId }) => policyId === acted).map(({ raterId }) => raterId))
}

/** SQL: a condition, that the episode, or the original of a copy, is of one of these policies. */
export const isOfPolicies = (policyIds: readonly string[], projectId: SQL | string, episodeId: SQL) =>
  policyIds.length === 0
    ? sql`false`
    : sql`exists (select 1 from episodes acted where acted.project_id = ${projectId}
      and acted.policy_id = any(${`{${policyIds.join(',')}}`}::uuid[]) and acted.id in (${episodeId},
        (select planted_faults.episode_id from planted_faults
          where planted_faults.project_id = ${projectId} and planted_faults.id = ${episodeId})))`

function mayBeUnheard({ kinship, registered }: Pair): boolean {
  if (kinship === 'itself' || kinship === 'kin') return true
  return registered !== undefined && (kinship === 'undeclared' || !registered.roles.includes('rater'))
}

/** Every model with every policy. What a rater and a policy are never changes; what is registered may. */
async function allPairs(executor: Executor, projectId: string, raterId?: string): Promise<readonly Pair[]> {
  const models = await executor.execute<{ id: string; family: string; definition: unknown }>(sql`
    select id, family, definition from raters where project_id = ${projectId} and kind = 'model'
      and ${raterId === undefined ? sql`true` : sql`id = ${raterId}`}`)
  if (models.rows.length === 0) return []
  const policies = await executor.execute<{ id: string; config: unknown }>(sql`
    select id, config from policies where project_id = ${projectId} order by id`)
  const registrations = new Map(
    (await registeredSupervisors(executor, projectId)).map((one) => [one.raterId, one]),
  )
  return models.rows.flatMap(({ id, family, definition }) => {
    const registered = registrations.get(id)
    const kinship = kinshipOf({ family, definition, config: registered?.config ?? null })
    return policies.rows.map((policy) => ({
      raterId: id,
      policyId: policy.id,
      registered,
      kinship: registered?.policyId === policy.id ? ('itself' as const) : kinship(policy.config),
    }))
  })
}
