/** A person writes the contract of an agent. What its candidate may do is not theirs to write: that follows from the release. */
import type { SignedContract, WriteContract } from '@leeway/contract/autonomy'
import { type AutonomyContract, type ContractLimits, DEFAULT_LIMITS } from '@leeway/core/autonomy/contract'
import type { Json } from '@leeway/core/episodes/episode'
import { and, eq, inArray, sql } from 'drizzle-orm'
import type { z } from 'zod'
import type { Executor } from '../db/connect.ts'
import { hasServedPrice } from '../gateway/served-price.ts'
import { AppError } from '../http/app-error.ts'
import type { Effects } from '../http/environment.ts'
import { namedPerson, readActorNames } from '../ledger/actor-names.ts'
import { introducedKey } from '../ledger/introduced-key.ts'
import { requireJudge } from '../models/judge.ts'
import { policies } from '../policies/tables.ts'
import { agents } from '../projects/tables.ts'
import { issueContract } from './issue-contract.ts'
import { type ContractRow, contractOf, findContract, lockContract } from './stored-contracts.ts'

const DAY_MS = 86_400_000

/** Throws AppError not_found, conflict. */
export async function writeContract(
  effects: Effects,
  projectId: string,
  actor: string,
  wanted: z.output<typeof WriteContract>,
): Promise<SignedContract> {
  return effects.db.transaction(async (tx) => {
    const agent = await requireAgent(tx, projectId, wanted.agent)
    await lockContract(tx, agent.id)
    const policy = await requirePolicy(tx, projectId, agent.id, wanted.baseline)
    const before = await findContract(tx, projectId, agent.id)
    const standing = before === undefined ? null : contractOf(before)
    if (standing?.candidate?.policyId === policy.id)
      throw new AppError(
        'conflict',
        `"${wanted.baseline}" is the candidate of an open release.`,
        'What a candidate may do follows from its stage. Name the baseline.',
        { field: 'body.baseline' },
      )
    const limits = { ...DEFAULT_LIMITS, ...withoutUndefined(wanted.limits) }
    if (limits.usdPerDay !== null) await requirePrice(tx, projectId, policy.id, wanted.baseline)
    await requireSearch(tx, projectId, limits)
    const { grant } = wanted
    const row = await issueContract(
      tx,
      effects,
      { projectId, agentId: agent.id, actor, reason: wanted.reason },
      {
        projectId,
        agent: wanted.agent,
        expiresAt: new Date(effects.now().getTime() + wanted.expiresInDays * DAY_MS).toISOString(),
        tools: wanted.tools.map(({ name, stakes, arguments: schema, set }) => ({
          name,
          stakes,
          ...(schema === undefined ? {} : { arguments: schema as Json }),
          ...(set === undefined ? {} : { set: set as Readonly<Record<string, Json>> }),
        })),
        baseline: {
          policyId: policy.id,
          policySha256: policy.configSha256,
          ...grant,
          withoutReview: grant.autonomy === 'act' ? grant.withoutReview : 0,
          klNatsMax: null,
        },
        candidate: standing?.candidate ?? null,
        limits,
        failOpen: wanted.failOpen,
        evidence: standing?.evidence ?? { releaseId: null, stage: null, checkId: null },
        approvers: [actor],
      },
    )
    return signedView(tx, row)
  })
}

/** Throws AppError: what a contract cannot keep is not signed. */
async function requireSearch(
  tx: Executor,
  projectId: string,
  { bestOf, bestOfMax, bestOfJudge }: Required<ContractLimits>,
): Promise<void> {
  if (bestOf > bestOfMax)
    throw new AppError(
      'unprocessable',
      `It would choose from ${bestOf} answers and allows at most ${bestOfMax}.`,
      'Raise bestOfMax, or lower bestOf.',
      { field: 'body.limits.bestOf' },
    )
  if (bestOfJudge === null) return
  const { definition, rater } = await requireJudge(tx, projectId, bestOfJudge)
  if (definition.usdPerMillion === null)
    throw new AppError(
      'unprocessable',
      `The price of "${rater.name}" is not known, so no spend limit can hold.`,
      'Declare it with usdPerMillion; for an endpoint that costs nothing, 0 and 0.',
      { field: 'body.limits.bestOfJudge' },
    )
}

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

async function signedView(executor: Executor, row: ContractRow): Promise<SignedContract> {
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
function actorName(names: ReadonlyMap<string, string>, actor: string): string {
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

async function requireAgent(executor: Executor, projectId: string, name: string) {
  const [agent] = await executor
    .select()
    .from(agents)
    .where(and(eq(agents.projectId, projectId), eq(agents.name, name)))
  if (agent !== undefined) return agent
  throw new AppError(
    'not_found',
    `There is no agent "${name.slice(0, 200)}".`,
    'Declare a policy of it first, or list the agents.',
    {
      field: 'agent',
    },
  )
}

async function requirePolicy(executor: Executor, projectId: string, agentId: string, name: string) {
  const found = await executor
    .select()
    .from(policies)
    .where(and(eq(policies.projectId, projectId), eq(policies.agentId, agentId), eq(policies.name, name)))
  const [policy] = found
  if (policy === undefined)
    throw new AppError('not_found', `The agent has no policy "${name}".`, 'Declare it: POST …/policies.', {
      field: 'body.baseline',
    })
  if (found.length > 1)
    throw new AppError(
      'conflict',
      `"${name}" stands for ${found.length} different configurations.`,
      'Declare it under a name of its own.',
      { field: 'body.baseline' },
    )
  return policy
}

/** Throws AppError. */
async function requirePrice(executor: Executor, projectId: string, policyId: string, name: string) {
  const known = await hasServedPrice(executor, projectId, policyId)
  if (known) return
  throw new AppError(
    'unprocessable',
    `The contract limits what is spent a day, and nobody has said what "${name}" costs.`,
    'Set how it is served with usdPerMillion, for input and output, and write the contract then: POST …/gateway/servings.',
    { field: 'body.limits.usdPerDay' },
  )
}

function withoutUndefined<T extends object>(value: T): { [Key in keyof T]: Exclude<T[Key], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as never
}
