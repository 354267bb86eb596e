/** Autonomy contracts as the API takes and shows them. */

import { TELLS } from '@leeway/core/autonomy/contract'
import { STAKES } from '@leeway/core/episodes/episode'
import { AUTONOMY } from '@leeway/core/ladder/ladder'
import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { JsonValue } from './json-value.ts'
import { slowKeyword } from './slow-schema.ts'

const SCHEMA_MAX = 20_000
const ToolName = z.string().min(1).max(200)
const StakesName = z.enum(STAKES)

const ArgumentsSchema = z.record(z.string(), JsonValue).superRefine((schema, context) => {
  const slow = slowKeyword(schema)
  if (slow !== null)
    context.addIssue({
      code: 'custom',
      message: `a schema here has no ${slow}: on a hostile text it can take for ever; use enum, const, lengths or ranges`,
    })
  if (JSON.stringify(schema).length > SCHEMA_MAX)
    context.addIssue({
      code: 'custom',
      message: `the schema has more than ${SCHEMA_MAX} characters; check less`,
    })
})

export const ToolTerms = z.strictObject({
  /** `*` at the end stands for anything; the first terms that fit a call hold. */
  name: ToolName,
  stakes: StakesName,
  /** JSON Schema (2020-12) of the arguments. */
  arguments: ArgumentsSchema.optional(),
  /** Members of the arguments that are set whatever the agent wrote. */
  set: z.record(z.string().min(1).max(200), JsonValue).optional(),
})

const Grant = z.object({
  policyId: z.string(),
  policySha256: z.string(),
  autonomy: z.enum(AUTONOMY),
  horizonSteps: z.number().int(),
  stakes: StakesName,
  tools: z.union([z.literal('all'), z.array(z.string())]),
  withoutReview: z.number(),
  klNatsMax: z.number().nullable(),
  falseStopMax: z.number().optional(),
})

const Limits = z.strictObject({
  bodyBytesMax: z
    .number()
    .int()
    .min(1_024)
    .max(64 << 20),
  callsMax: z.number().int().min(1).max(1_000),
  denialsMax: z.number().int().min(0).max(100),
  requestsPerMinute: z.number().int().min(1).max(1_000_000),
  usdPerDay: z.number().min(0).max(1_000_000).nullable(),
  /** Left out in contracts that were signed before there was one. */
  shadowUsdPerDay: z.number().min(0).max(1_000_000).nullable().optional(),
  bestOfMax: z.number().int().min(1).max(64).optional(),
  bestOf: z.number().int().min(1).max(64).optional(),
  bestOfJudge: z.uuid().nullable().optional(),
  bestOfJudgeSeconds: z.number().min(1).max(60).optional(),
  holdsMax: z.number().int().min(1).max(100_000),
  holdSeconds: z.number().int().min(1).max(86_400),
})

export const AutonomyContractView = z.object({
  format: z.literal('leeway-contract/1'),
  projectId: z.string(),
  agent: z.string(),
  version: z.number().int(),
  issuedAt: z.string(),
  expiresAt: z.string(),
  tools: z.array(ToolTerms),
  baseline: Grant,
  candidate: Grant.nullable(),
  limits: Limits,
  /** Left out where answers tell nothing of who serves. */
  tells: z.array(z.enum(TELLS)).optional(),
  failOpen: z.array(StakesName),
  evidence: z.object({
    releaseId: z.string().nullable(),
    stage: z.string().nullable(),
    checkId: z.string().nullable(),
  }),
  approvers: z.array(z.string()),
})

export const SignedContract = z.object({
  contract: AutonomyContractView,
  /** SHA-256 (hex) of the contract's canonical JSON (RFC 8785). */
  sha256: z.string(),
  /** Ed25519 over `leeway-contract:` and that hash, base64. */
  signature: z.string(),
  keyId: z.string(),
  /** As the ledger introduced it: SPKI in DER, base64; null when this server's ledger does not know the key. */
  publicKey: z.string().nullable(),
  reason: z.string(),
  actorName: z.string(),
  /** What ids in it are called now; not signed. Left out by versions of the server that did not say it. */
  names: z
    .object({
      baseline: z.string(),
      candidate: z.string().nullable(),
      approvers: z.array(z.string()),
    })
    .optional(),
})
export type SignedContract = z.infer<typeof SignedContract>

/** What a person writes; what the candidate may do follows from the stage of its release. */
export const WriteContract = z.strictObject({
  agent: z.string().min(1).max(200),
  /** Name of the policy that serves. */
  baseline: z.string().min(1).max(200),
  tools: z.array(ToolTerms).max(500),
  grant: z
    .strictObject({
      autonomy: z.enum(['suggest', 'act']).default('act'),
      horizonSteps: z.number().int().min(1).max(100_000).default(1_000),
      stakes: StakesName.default('reversible'),
      tools: z.union([z.literal('all'), z.array(ToolName).max(500)]).default('all'),
      /** Probability that a call above `read` is released without a person. */
      withoutReview: z.number().min(0).max(1).default(1),
    })
    .prefault({}),
  limits: Limits.partial().default({}),
  /** What headers of answers tell of who serves: for debugging, never while evidence is collected. */
  tells: z.array(z.enum(TELLS)).max(TELLS.length).default([]),
  /** Stakes classes released when Leeway cannot decide. */
  failOpen: z
    .array(z.enum(['read', 'reversible']))
    .max(2)
    .default(['read']),
  expiresInDays: z.number().int().min(1).max(366).default(90),
  reason: z.string().trim().min(3, 'say in a few words why').max(2_000),
})
export type WriteContract = z.input<typeof WriteContract>

export const writeContract = endpoint({
  method: 'POST',
  path: '/api/projects/{project}/contracts',
  body: WriteContract,
  response: SignedContract,
})
export const ContractQuery = z.object({
  agent: z.string().min(1).max(200),
  /** The newest when left out. */
  version: z.coerce.number().int().min(1).optional(),
})
export const showContract = endpoint({
  method: 'GET',
  path: '/api/projects/{project}/contracts/one',
  query: ContractQuery,
  response: SignedContract,
})
export const ContractList = z.object({
  items: z.array(
    z.object({
      agent: z.string(),
      version: z.number().int(),
      sha256: z.string(),
      issuedAt: z.string(),
      reason: z.string(),
      actorName: z.string(),
    }),
  ),
})
export const listContracts = endpoint({
  method: 'GET',
  path: '/api/projects/{project}/contracts',
  response: ContractList,
})

/** Whose approval it is, when an API key asks: ignored for signed-in people. */
const Approver = z.string().trim().min(2).max(200).optional()
export const ProposeContract = WriteContract.extend({ approver: Approver })
export const ContractProposal = z.object({
  id: z.uuid(),
  agent: z.string(),
  reason: z.string(),
  proposerName: z.string(),
  /** Whoever asks has proposed it, signed in. */
  own: z.boolean(),
  proposedAt: z.iso.datetime(),
  /** As it was proposed. */
  wanted: WriteContract,
  /** The version that `changes` compares it with; null: the agent has no contract. */
  against: z.number().int().nullable(),
  /** What it would allow that is not allowed now, and the other way round. */
  changes: z.array(z.object({ kind: z.enum(['looser', 'tighter', 'other']), words: z.string() })),
  /** Why it could not be issued any more; null: it could. */
  cannot: z.string().nullable(),
})
export type ContractProposal = z.infer<typeof ContractProposal>
export const ContractProposals = z.object({ items: z.array(ContractProposal) })
export const ApproveContract = z.strictObject({
  /** The version that you compared it with, null for none: what changed since then is read again first. */
  against: z.number().int().min(1).nullable(),
  approver: Approver,
})
const proposals = '/api/projects/{project}/contracts/proposals'
export const proposeContract = endpoint({
  method: 'POST',
  path: proposals,
  body: ProposeContract,
  response: ContractProposal,
})
export const listContractProposals = endpoint({
  method: 'GET',
  path: proposals,
  response: ContractProposals,
})
export const approveContract = endpoint({
  method: 'POST',
  path: `${proposals}/{proposal}/approve`,
  body: ApproveContract,
  response: SignedContract,
})
export const withdrawContractProposal = endpoint({
  method: 'POST',
  path: `${proposals}/{proposal}/withdraw`,
  response: ContractProposals,
})

export const SimulateContract = z.strictObject({
  agent: z.string().min(1).max(200),
  version: z.number().int().min(1).optional(),
  /** The newest of the agent's episodes. */
  episodes: z.number().int().min(1).max(2_000).default(200),
})
export const SimulatedContractView = z.object({
  agent: z.string(),
  version: z.number().int(),
  episodes: z.number().int(),
  untouched: z.number().int(),
  tools: z.array(
    z.object({
      tool: z.string(),
      calls: z.number().int(),
      released: z.number(),
      held: z.number(),
      refused: z.number(),
      rules: z.array(z.string()),
    }),
  ),
  refused: z.array(
    z.object({ episodeId: z.string(), step: z.number().int(), tool: z.string(), reason: z.string() }),
  ),
})
export const simulateContract = endpoint({
  method: 'POST',
  path: '/api/projects/{project}/contracts/simulate',
  body: SimulateContract,
  response: SimulatedContractView,
})
