/** What a person wants of a contract, checked against what the project knows, as the terms of the next version. */
import type { WriteContract } from '@leeway/contract/autonomy'
import { type ContractLimits, DEFAULT_LIMITS, TELLS } from '@leeway/core/autonomy/contract'
import type { Json } from '@leeway/core/episodes/episode'
import { and, eq } from 'drizzle-orm'
import type { z } from 'zod'
import type { Executor } from '../db/connect.ts'
import { hasServedPrice } from '../gateway/served-price.ts'
import { AppError } from '../http/app-error.ts'
import type { Effects } from '../http/environment.ts'
import { requireJudge } from '../models/judge.ts'
import { policies } from '../policies/tables.ts'
import { agents } from '../projects/tables.ts'
import type { ContractTerms } from './issue-contract.ts'
import { contractOf, findContract } from './stored-contracts.ts'

const DAY_MS = 86_400_000

export type WantedContract = z.output<typeof WriteContract>

/** Throws AppError not_found, conflict, unprocessable: what a contract cannot keep is not signed. */
export async function contractTerms(
  executor: Executor,
  { now }: Pick<Effects, 'now'>,
  place: { readonly projectId: string; readonly agentId: string },
  wanted: WantedContract,
  approvers: readonly string[],
): Promise<ContractTerms> {
  const { projectId, agentId } = place
  const policy = await requirePolicy(executor, projectId, agentId, wanted.baseline)
  const before = await findContract(executor, projectId, agentId)
  const standing = before === undefined ? null : contractOf(before)
  if (standing?.candidate?.policyId === policy.id)
    throw new AppError(
      'conflict',
      `"${wanted.baseline}" is the candidate of an open release.`,
      'What a candidate may do follows from its stage. Name the baseline.',
      { field: 'body.baseline' },
    )
  const limits = { ...DEFAULT_LIMITS, ...withoutUndefined(wanted.limits) }
  if (limits.usdPerDay !== null) await requirePrice(executor, projectId, policy.id, wanted.baseline)
  await requireSearch(executor, projectId, limits)
  const { grant } = wanted
  return {
    projectId,
    agent: wanted.agent,
    expiresAt: new Date(now().getTime() + wanted.expiresInDays * DAY_MS).toISOString(),
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
    ...(wanted.tells.length === 0 ? {} : { tells: TELLS.filter((told) => wanted.tells.includes(told)) }),
    failOpen: wanted.failOpen,
    evidence: standing?.evidence ?? { releaseId: null, stage: null, checkId: null },
    approvers,
  }
}

export async function requireAgent(executor: Executor, projectId: string, name: string) {
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

/** Throws AppError. */
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
