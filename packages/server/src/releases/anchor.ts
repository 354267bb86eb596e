/**
 * Declares a policy known safe. The first anchor of an agent takes one named person; moving it takes two: the first
 * proposes, another one naming the same policy confirms. Both are in the ledger.
 */
import { sql } from 'drizzle-orm'
import { AppError } from '../http/app-error.ts'
import type { Effects } from '../http/environment.ts'
import { appendLedger } from '../ledger/append.ts'
import { ledgerEntries } from '../ledger/tables.ts'
import { agentNamed, currentAnchor, lockAgent, policiesNamed } from './release-store.ts'
import { anchors } from './tables.ts'

export type AnchorInput = {
  readonly projectId: string
  readonly agent: string
  readonly policy: string
  readonly evidence: string
  readonly actor: string
}

export async function declareAnchor(
  effects: Effects,
  input: AnchorInput,
): Promise<{ readonly inForce: boolean }> {
  return effects.db.transaction(async (tx) => {
    const agent = await agentNamed(tx, input.projectId, input.agent)
    if (!agent)
      throw new AppError('not_found', `There is no agent "${input.agent}".`, 'List the agents.', {
        field: 'agent',
      })
    await lockAgent(tx, input.projectId, agent.id)
    const [policy] = await policiesNamed(tx, input.projectId, agent.id, input.policy)
    if (!policy)
      throw new AppError('not_found', `The agent has no policy "${input.policy}".`, 'List the policies.', {
        field: 'policy',
      })
    if (!policy.declared)
      throw new AppError(
        'unprocessable',
        `"${input.policy}" is undeclared: nobody recorded its configuration.`,
        'Import its episodes with --config, so that it is known what was declared safe.',
        { field: 'policy' },
      )
    const anchor = await currentAnchor(tx, input.projectId, agent.id)
    const at = effects.now()
    const body = { agent: agent.id, policy: policy.id, from: anchor?.policyId ?? null }
    const proposer = anchor ? await openProposal(tx, input.projectId, agent.id, policy.id, anchor.at) : null
    if (anchor && (proposer === null || proposer === input.actor)) {
      await appendLedger(tx, effects.ledgerSigner, {
        projectId: input.projectId,
        at,
        actor: input.actor,
        action: 'anchor.proposed',
        body,
      })
      return { inForce: false }
    }
    await tx.insert(anchors).values({
      projectId: input.projectId,
      agentId: agent.id,
      seq: (anchor?.seq ?? 0) + 1,
      policyId: policy.id,
      declaredBy: proposer === null ? [input.actor] : [proposer, input.actor],
      evidence: input.evidence,
      at,
    })
    await appendLedger(tx, effects.ledgerSigner, {
      projectId: input.projectId,
      at,
      actor: input.actor,
      action: 'anchor.declared',
      body,
    })
    return { inForce: true }
  })
}

/** Who proposed this move since the present anchor came into force; null when nobody did. */
async function openProposal(
  tx: Parameters<Parameters<Effects['db']['transaction']>[0]>[0],
  projectId: string,
  agentId: string,
  policyId: string,
  since: Date,
): Promise<string | null> {
  const found = await tx
    .select({ actor: ledgerEntries.actor })
    .from(ledgerEntries)
    .where(
      sql`project_id = ${projectId} and action = 'anchor.proposed' and body->>'agent' = ${agentId} and body->>'policy' = ${policyId} and at >= ${since.toISOString()}`,
    )
    .orderBy(sql`seq desc`)
    .limit(1)
  return found[0]?.actor ?? null
}
