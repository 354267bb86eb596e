/** Who would supervise by itself a release that starts now, for people who are about to start one. */
import type { DefaultSupervisor } from '@leeway/contract/supervision'
import type { Executor } from '../db/connect.ts'
import { AppError } from '../http/app-error.ts'
import { findPolicy } from '../policies/ensure-policy.ts'
import { listAgents } from '../policies/policy-views.ts'
import { promotedPolicies, runnerOf } from './choose-supervisor.ts'

export async function defaultSupervisor(
  executor: Executor,
  projectId: string,
  agent: string,
): Promise<DefaultSupervisor> {
  const found = (await listAgents(executor, projectId)).find(({ name }) => name === agent)
  if (found === undefined)
    throw new AppError('not_found', `There is no agent "${agent}".`, 'List the agents to find its name.', {
      field: 'query.agent',
    })
  const [last] = await promotedPolicies(executor, { projectId, agentId: found.id })
  const policy = last === undefined ? undefined : await findPolicy(executor, projectId, last.policyId)
  if (last === undefined || policy === undefined) return { promoted: null, supervisor: null }
  const runner = await runnerOf(executor, projectId, last.policyId)
  return {
    promoted: { id: policy.id, name: policy.name, by: last.releaseId === null ? 'anchor' : 'release' },
    supervisor: runner === undefined ? null : { raterId: runner.raterId, rater: runner.rater },
  }
}
