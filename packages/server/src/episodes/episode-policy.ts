/** Decides, for each imported episode, whose policy it shows; makes agents and policies when first named. */
import { Name } from '@leeway/contract/policies'
import type { Episode } from '@leeway/core/episodes/episode'
import { type RecordProblem, type Refused, refused } from '@leeway/core/episodes/record-problem'
import { AppError } from '../http/app-error.ts'
import type { Effects } from '../http/environment.ts'
import { configHash } from '../policies/declare-policy.ts'
import { ensureAgent, ensurePolicy, findPolicy } from '../policies/ensure-policy.ts'

export type WhoActed = {
  /** The importer's words; each wins over what the record says. */
  readonly agent?: string | undefined
  readonly policy?: string | undefined
  /** A declared policy; then agent and policy are its own. */
  readonly policyId?: string | undefined
}

export type ActingPolicy = { readonly ok: true; readonly agentId: string; readonly policyId: string }

/** Name of the policy when neither the importer nor the record says one. */
export const UNNAMED_POLICY = 'unnamed'
/** A source with a new configuration in each record would fill the table of policies. */
const POLICIES_PER_IMPORT_MAX = 1_000

/** Throws AppError when `who` itself is wrong. */
export async function episodePolicies(
  effects: Pick<Effects, 'db' | 'now' | 'newId'>,
  projectId: string,
  who: WhoActed,
): Promise<(episode: Episode) => Promise<ActingPolicy | Refused>> {
  for (const field of ['agent', 'policy'] as const) {
    const given = who[field]
    if (given !== undefined && !Name.safeParse(given).success)
      throw new AppError('bad_request', `The name of the ${field} is not valid.`, NAME_HINT, { field })
  }
  if (who.policyId !== undefined) {
    const policy = await findPolicy(effects.db, projectId, who.policyId)
    if (policy === undefined)
      throw new AppError(
        'not_found',
        `There is no policy ${who.policyId} in this project.`,
        'Declare the policy first: POST /policies.',
        { field: 'policyId' },
      )
    const acting: ActingPolicy = { ok: true, agentId: policy.agentId, policyId: policy.id }
    return async () => acting
  }
  const known = new Map<string, ActingPolicy>()

  return async (episode) => {
    const agentName = who.agent ?? episode.agentName
    const policyName = who.policy ?? episode.policyName ?? UNNAMED_POLICY
    // A configuration in the record belongs to the policy that the record names.
    const config = who.policy === undefined ? episode.policyConfig : null
    const problem = nameProblem('agentName', agentName) ?? nameProblem('policyName', policyName)
    if (agentName === null || problem !== null) return refused(problem ?? NO_AGENT)
    const configSha256 = config === null ? '' : configHash(config)
    const key = JSON.stringify([agentName, policyName, configSha256])
    const before = known.get(key)
    if (before !== undefined) return before
    if (known.size >= POLICIES_PER_IMPORT_MAX) return refused(TOO_MANY)
    const agent = await ensureAgent(effects.db, effects, projectId, agentName.trim())
    const { policy } = await ensurePolicy(effects.db, effects, {
      projectId,
      agentId: agent.id,
      name: policyName.trim(),
      configSha256,
      config,
    })
    const acting: ActingPolicy = { ok: true, agentId: agent.id, policyId: policy.id }
    known.set(key, acting)
    return acting
  }
}

const NAME_HINT = 'Use one line of 1 to 200 printable characters.'

function nameProblem(field: string, name: string | null): RecordProblem | null {
  if (name === null || Name.safeParse(name).success) return null
  return {
    field,
    reason: 'The name is too long, blank or has control characters.',
    expected: 'One line of 1 to 200 printable characters.',
    fix: `Mend the name in the source, or give --${field === 'agentName' ? 'agent' : 'policy'}.`,
  }
}

const NO_AGENT: RecordProblem = {
  field: 'agentName',
  reason: 'The record does not say which agent acted.',
  expected: 'The name of an agent.',
  fix: 'Give it with --agent (or ?agent= in the API).',
}

const TOO_MANY: RecordProblem = {
  field: 'policyConfig',
  reason: `The file shows more than ${POLICIES_PER_IMPORT_MAX} policies.`,
  expected: 'A few policies, each with many episodes.',
  fix: 'Give one name with --policy, or leave out of the configuration what changes with every run.',
}
