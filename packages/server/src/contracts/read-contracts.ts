/** Contracts as people read them, with their signatures and the names of whom they speak of. */
import type { SignedContract } from '@leeway/contract/autonomy'
import type { AutonomyContract } from '@leeway/core/autonomy/contract'
import { and, eq, inArray, sql } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'
import { AppError } from '../http/app-error.ts'
import { namedPerson, readActorNames } from '../ledger/actor-names.ts'
import { introducedKey } from '../ledger/introduced-key.ts'
import { policies } from '../policies/tables.ts'
import { requireAgent } from './contract-terms.ts'
import { type ContractRow, contractOf, findContract } from './stored-contracts.ts'

/** Throws AppError not_found. */
export async function readContract(
  executor: Executor,
  projectId: string,
  agentName: string,
  version?: number,
): Promise<SignedContract> {
  const agent = await requireAgent(executor, projectId, agentName)
  const row = await findContract(executor, projectId, agent.id, version)
  if (row !== undefined) return signedView(executor, row)
  throw new AppError(
    'not_found',
    version === undefined ? `"${agentName}" has no contract.` : `"${agentName}" has no contract ${version}.`,
    version === undefined
      ? 'Write one: the gateway serves no agent without it.'
      : 'List the contracts to see their versions.',
    { field: version === undefined ? 'agent' : 'version' },
  )
}

/** Newest first, at most 200. */
export async function contractList(executor: Executor, projectId: string) {
  const found = await executor.execute<{
    agent: string
    version: number
    sha256: string
    issued_at: string
    reason: string
    actor: string
  }>(sql`
    select agents.name as agent, version, sha256, issued_at, reason, actor from autonomy_contracts
    join agents on agents.project_id = autonomy_contracts.project_id and agents.id = autonomy_contracts.agent_id
    where autonomy_contracts.project_id = ${projectId} order by issued_at desc, version desc limit 200`)
  const names = await readActorNames(
    executor,
    projectId,
    found.rows.map(({ actor }) => actor),
  )
  return found.rows.map(({ actor, issued_at, ...row }) => ({
    ...row,
    issuedAt: new Date(issued_at).toISOString(),
    actorName: actorName(names, actor),
  }))
}

export async function signedView(executor: Executor, row: ContractRow): Promise<SignedContract> {
  const contract = contractOf(row)
  const names = await readActorNames(executor, row.projectId, [row.actor, ...contract.approvers])
  const nameOf = (actor: string) => actorName(names, actor)
  return {
    contract: contract as unknown as SignedContract['contract'],
    sha256: row.sha256,
    signature: row.signature,
    keyId: row.keyId,
    publicKey: await introducedKey(executor, row.projectId, row.keyId),
    reason: row.reason,
    actorName: nameOf(row.actor),
    names: {
      ...(await policyNames(executor, row.projectId, contract)),
      approvers: contract.approvers.map(nameOf),
    },
  }
}

/** A name that an API key acted for is kept as it was given, here and in the decisions; only the ledger has its hash. */
export function actorName(names: ReadonlyMap<string, string>, actor: string): string {
  return names.get(actor) ?? namedPerson(actor) ?? (actor === 'gate' ? 'The gate' : 'Leeway')
}

async function policyNames(
  executor: Executor,
  projectId: string,
  { baseline, candidate }: AutonomyContract,
): Promise<{ readonly baseline: string; readonly candidate: string | null }> {
  const ids = [baseline.policyId, ...(candidate === null ? [] : [candidate.policyId])]
  const found = await executor
    .select({ id: policies.id, name: policies.name })
    .from(policies)
    .where(and(eq(policies.projectId, projectId), inArray(policies.id, ids)))
  const nameOf = (id: string) => found.find((policy) => policy.id === id)?.name ?? ''
  return {
    baseline: nameOf(baseline.policyId),
    candidate: candidate === null ? null : nameOf(candidate.policyId),
  }
}
