/** Policies that supervise others, and the chain of who vouches for whom. */
import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { JudgeRunView } from './judges.ts'

export const SUPERVISOR_ROLES = ['rater', 'critic', 'debater'] as const

export const RegisterSupervisor = z.strictObject({
  /** A declared model rater. */
  rater: z.uuid(),
  /** The policy that it runs. */
  policy: z.uuid(),
  /** What it may do; none: nothing any more. */
  roles: z.array(z.enum(SUPERVISOR_ROLES)).max(3),
  reason: z.string().trim().min(3, 'say in a few words why').max(2_000),
})

export const SupervisorView = z.object({
  raterId: z.string(),
  rater: z.string(),
  family: z.string(),
  agent: z.string(),
  policyId: z.string(),
  policy: z.string(),
  roles: z.array(z.enum(SUPERVISOR_ROLES)),
  reason: z.string(),
  at: z.string(),
})
export type SupervisorView = z.infer<typeof SupervisorView>
export const SupervisorList = z.object({ items: z.array(SupervisorView) })

/** Who will vouch for a candidate of the agent by itself, where its release starts now. */
export const DefaultSupervisor = z.object({
  /** What was promoted last: the candidate of a completed release, else the anchor; null: nothing was. */
  promoted: z.object({ id: z.string(), name: z.string(), by: z.enum(['release', 'anchor']) }).nullable(),
  /** The rater that runs it; null: none does, and nobody supervises. */
  supervisor: z.object({ raterId: z.string(), rater: z.string() }).nullable(),
})
export type DefaultSupervisor = z.infer<typeof DefaultSupervisor>
export const DefaultSupervisorQuery = z.object({
  /** Its name. */
  agent: z.string().min(1).max(200),
})

/** Has a supervisor answer a question about episodes of one policy; planted faults come among them, unmarked. */
export const RunSupervisor = z.strictObject({
  policy: z.uuid(),
  rubric: z.uuid(),
  /** Id of the question; the root's when left out. */
  criterion: z.string().max(80).optional(),
  /** At most so many episodes, beside the planted faults. */
  episodesMax: z.number().int().min(1).max(100_000).default(1_000),
})

/** Which supervisor vouches for the candidate, where it is not the policy that was promoted last. */
export const NameSupervisor = z.strictObject({
  rater: z.uuid(),
  reason: z.string().trim().min(3, 'say in a few words why').max(2_000),
})

/** `estimate` is null where nothing was counted; each bound holds at every look with 95 %. */
export const LinkRate = z.object({ estimate: z.number().nullable(), low: z.number(), high: z.number() })
export type LinkRate = z.infer<typeof LinkRate>

/** Counts and hashes, as they stand in the ledger. */
export const LinkFigures = z.object({
  /** The first so many frozen items, and their SHA-256. */
  items: z.number().int(),
  sha256: z.string(),
  checked: z.number().int(),
  audited: z.number().int(),
  mistakes: z.number().int(),
  caught: z.number().int(),
  catchLow: z.number(),
  catchHigh: z.number(),
  sound: z.number().int(),
  falseAlarms: z.number().int(),
  canariesShown: z.number().int(),
  canariesCaught: z.number().int(),
})
export type LinkFigures = z.infer<typeof LinkFigures>

export const ChainLink = z.object({
  releaseId: z.string(),
  /** Such as "retail 2". */
  handle: z.string(),
  charge: z.string(),
  /** Null: nobody. */
  supervisor: z.object({ raterId: z.string(), rater: z.string(), policy: z.string() }).nullable(),
  /** A person chose it, and why; false: it was promoted last. */
  named: z.boolean(),
  reason: z.string(),
  sameFamily: z.boolean(),
  catchRate: LinkRate,
  falseAlarmRate: LinkRate,
  /** Null while it has answered nothing. */
  auditShare: z.number().nullable(),
  canaries: z.object({
    verdict: z.enum(['counts', 'refused', 'undecided']),
    low: z.number(),
    high: z.number(),
  }),
  asleepAt: z.number().int().nullable(),
  figures: LinkFigures,
  /** Null where the next stage asks for nothing. */
  holds: z.boolean().nullable(),
  sentence: z.string(),
  /** What the ledger holds of it, counted again from the frozen items. */
  recorded: z.array(
    z.object({ ledgerSeq: z.number().int(), decision: z.string(), figures: LinkFigures, same: z.boolean() }),
  ),
})
export type ChainLink = z.infer<typeof ChainLink>

export const ChainView = z.object({
  releaseId: z.string(),
  handle: z.string(),
  /** What the next stage asks of every link (`stage` null: what it takes to complete); null: nothing. */
  bar: z.object({ stage: z.string().nullable(), catchMin: z.number(), auditShareMin: z.number() }).nullable(),
  /** Who vouches for the lowest supervisor. */
  ground: z.object({ kind: z.enum(['anchor', 'person', 'nobody']), policy: z.string().nullable() }),
  /** Lowest first; the last is the candidate's own. */
  links: z.array(ChainLink),
  /** What keeps the next stage shut as far as supervision goes; null: nothing does. */
  broken: z.object({ why: z.string(), fix: z.string() }).nullable(),
})
export type ChainView = z.infer<typeof ChainView>

const supervisors = '/api/projects/{project}/supervisors'
export const registerSupervisor = endpoint({
  method: 'POST',
  path: supervisors,
  body: RegisterSupervisor,
  response: SupervisorView,
})
export const listSupervisors = endpoint({ method: 'GET', path: supervisors, response: SupervisorList })
export const showDefaultSupervisor = endpoint({
  method: 'GET',
  path: `${supervisors}/default`,
  query: DefaultSupervisorQuery,
  response: DefaultSupervisor,
})
export const runSupervisor = endpoint({
  method: 'POST',
  path: `${supervisors}/{rater}/runs`,
  body: RunSupervisor,
  response: JudgeRunView,
})
export const showChain = endpoint({
  method: 'GET',
  path: '/api/projects/{project}/releases/{releaseId}/chain',
  response: ChainView,
})
