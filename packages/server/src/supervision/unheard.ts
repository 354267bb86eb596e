/**
 * Registered models that do not speak for a policy in a gate: the policy itself, those without the role of a rater, and those of
 * its family that have not caught enough planted faults in its episodes.
 */
import type { Executor } from '../db/connect.ts'
import { findPolicy } from '../policies/ensure-policy.ts'
import { type CanaryPlace, countsAfterCanaries } from './canaries.ts'
import { registeredSupervisors, sharesFamily } from './registered.ts'

export async function unheardRaters(executor: Executor, place: CanaryPlace): Promise<ReadonlySet<string>> {
  const policy = await findPolicy(executor, place.projectId, place.policyId)
  const unheard = new Set<string>()
  for (const one of await registeredSupervisors(executor, place.projectId)) {
    const isBarred = one.policyId === place.policyId || !one.roles.includes('rater')
    const isKin = policy === undefined || sharesFamily(one, policy)
    if (isBarred || (isKin && !(await countsAfterCanaries(executor, one.raterId, place))))
      unheard.add(one.raterId)
  }
  return unheard
}
