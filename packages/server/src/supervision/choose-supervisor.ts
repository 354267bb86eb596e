/**
 * Who vouches for the candidate of a release, settled when it starts: the policy that was promoted last, by a rater that runs it,
 * unless a person names another. A release whose truth is an outcome has nobody: there is no question to answer.
 */
import type { NameSupervisor } from '@leeway/contract/supervision'
import { sql } from 'drizzle-orm'
import type { z } from 'zod'
import type { Executor, Transaction } from '../db/connect.ts'
import { AppError } from '../http/app-error.ts'
import { findPolicy } from '../policies/ensure-policy.ts'
import { type Registered, registeredAs, registeredSupervisors, sharesFamily } from './registered.ts'
import { releaseSupervisors } from './tables.ts'

type Start = {
  readonly projectId: string
  readonly id: string
  readonly agentId: string
  readonly candidatePolicyId: string
  readonly startedAt: Date
  readonly isByCriterion: boolean
}
type Chosen = Pick<
  typeof releaseSupervisors.$inferSelect,
  'raterId' | 'policyId' | 'named' | 'reason' | 'sameFamily' | 'ground' | 'belowReleaseId'
>
const NOBODY: Chosen = {
  raterId: null,
  policyId: null,
  named: false,
  reason: '',
  sameFamily: false,
  ground: 'nobody',
  belowReleaseId: null,
}

/** Writes it down and gives back what the ledger says of it: ids, no text. */
export async function chooseSupervisor(
  tx: Transaction,
  start: Start,
  named: z.output<typeof NameSupervisor> | undefined,
): Promise<Omit<Chosen, 'reason'>> {
  const chosen = named === undefined ? await lastPromoted(tx, start) : await namedOne(tx, start, named)
  await tx
    .insert(releaseSupervisors)
    .values({ ...chosen, projectId: start.projectId, releaseId: start.id, at: start.startedAt })
  const { reason: _, ...record } = chosen
  return record
}

async function namedOne(
  tx: Transaction,
  start: Start,
  { rater, reason }: z.output<typeof NameSupervisor>,
): Promise<Chosen> {
  const field = { field: 'supervisor' }
  if (!start.isByCriterion)
    throw new AppError(
      'unprocessable',
      'The environment says what is true here, so nobody supervises.',
      'Take a criterion for the truth, or leave the supervisor out.',
      field,
    )
  const found = await registeredAs(tx, start.projectId, rater)
  if (found === undefined || !found.roles.includes('rater'))
    throw new AppError(
      'not_found',
      'There is no such supervisor in this project.',
      'Register a model rater with the role rater: leeway supervisor register.',
      field,
    )
  if (found.policyId === start.candidatePolicyId)
    throw new AppError(
      'unprocessable',
      `"${found.rater}" runs the candidate itself.`,
      'Name a supervisor that runs another policy.',
      field,
    )
  return { ...(await vouched(tx, start, found)), named: true, reason }
}

async function lastPromoted(tx: Transaction, start: Start): Promise<Chosen> {
  if (!start.isByCriterion) return NOBODY
  const [policyId] = (await promotedPolicies(tx, start)).map(({ policyId }) => policyId)
  if (policyId === undefined || policyId === start.candidatePolicyId) return NOBODY
  const found = await runnerOf(tx, start.projectId, policyId)
  return found === undefined ? NOBODY : vouched(tx, start, found)
}

/** Of the raters that run the policy and may rate the one registered last. */
export async function runnerOf(
  executor: Executor,
  projectId: string,
  policyId: string,
): Promise<Registered | undefined> {
  const which = sql`registered.policy_id = ${policyId} and registered.roles ? 'rater'`
  return (await registeredSupervisors(executor, projectId, which))[0]
}

async function vouched(tx: Transaction, start: Start, supervisor: Registered): Promise<Chosen> {
  const candidate = await findPolicy(tx, start.projectId, start.candidatePolicyId)
  const { raterId, policyId } = supervisor
  const below = (await promotedPolicies(tx, start)).find((one) => one.policyId === policyId)
  return {
    raterId,
    policyId,
    named: false,
    reason: '',
    sameFamily: candidate === undefined || sharesFamily(supervisor, candidate),
    ground: below === undefined ? 'person' : below.releaseId === null ? 'anchor' : 'release',
    belowReleaseId: below?.releaseId ?? null,
  }
}

/** What was promoted since the anchor, newest first, and the anchor last, which no release stands for. */
export async function promotedPolicies(
  executor: Executor,
  { projectId, agentId }: Pick<Start, 'projectId' | 'agentId'>,
): Promise<readonly { readonly policyId: string; readonly releaseId: string | null }[]> {
  const { rows } = await executor.execute<{ policyId: string; releaseId: string | null }>(sql`
    with anchor as (
      select policy_id, at from anchors where project_id = ${projectId} and agent_id = ${agentId}
      order by seq desc limit 1
    )
    select "policyId", "releaseId" from (
      select candidate_policy_id as "policyId", id as "releaseId", ordinal from releases
      where project_id = ${projectId} and agent_id = ${agentId}
        and started_at >= coalesce((select at from anchor), '-infinity')
        and candidate_policy_id is distinct from (select policy_id from anchor)
        and exists (select 1 from decisions where decisions.project_id = releases.project_id
          and decisions.release_id = releases.id and decisions.kind = 'complete')
      union all
      select policy_id, null, 0 from anchor
    ) promoted order by ordinal desc`)
  return rows
}
