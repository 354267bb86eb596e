/** Where models are, and which one serves a policy. */
import type { SetServing, SetUpstream } from '@leeway/contract/gateway'
import { and, eq, sql } from 'drizzle-orm'
import type { z } from 'zod'
import { requireProviderKey } from '../accounts/require-provider-key.ts'
import { AppError } from '../http/app-error.ts'
import type { Effects } from '../http/environment.ts'
import { appendLedger } from '../ledger/append.ts'
import { policies } from '../policies/tables.ts'
import { agents } from '../projects/tables.ts'
import { requirePlainAddress } from './require-plain-address.ts'
import { policyServings, upstreams } from './tables.ts'

/** A name that is there already gets a new address from now on. Throws AppError. */
export async function setUpstream(
  effects: Effects,
  projectId: string,
  actor: string,
  wanted: z.output<typeof SetUpstream>,
): Promise<void> {
  requirePlainAddress(wanted.baseUrl, 'body.baseUrl')
  const id = effects.newId()
  const at = effects.now()
  await effects.db.transaction(async (tx) => {
    if (wanted.providerKeyId !== undefined) await requireProviderKey(tx, projectId, wanted.providerKeyId)
    const { seq: ledgerSeq } = await appendLedger(tx, effects.ledgerSigner, {
      projectId,
      at,
      actor,
      action: 'upstream.set',
      body: { upstream: id, providerKey: wanted.providerKeyId ?? null },
    })
    await tx.insert(upstreams).values({
      projectId,
      ledgerSeq,
      id,
      name: wanted.name,
      baseUrl: wanted.baseUrl,
      providerKeyId: wanted.providerKeyId ?? null,
      timeoutMs: wanted.timeoutSeconds * 1_000,
      scoresWith: wanted.scoresWith,
      actor,
      at,
    })
  })
}

/** Throws AppError not_found, conflict. */
export async function setServing(
  effects: Effects,
  projectId: string,
  actor: string,
  wanted: z.output<typeof SetServing>,
): Promise<void> {
  await effects.db.transaction(async (tx) => {
    const found = await tx
      .select({ id: policies.id })
      .from(policies)
      .innerJoin(agents, and(eq(agents.projectId, policies.projectId), eq(agents.id, policies.agentId)))
      .where(
        and(
          eq(policies.projectId, projectId),
          eq(agents.name, wanted.agent),
          eq(policies.name, wanted.policy),
        ),
      )
    const [policy] = found
    if (policy === undefined)
      throw new AppError(
        'not_found',
        `The agent "${wanted.agent}" has no policy "${wanted.policy}".`,
        'Declare it with its configuration first.',
        { field: 'body.policy' },
      )
    if (found.length > 1)
      throw new AppError(
        'conflict',
        `"${wanted.policy}" stands for ${found.length} different configurations.`,
        'Declare it under a name of its own.',
        { field: 'body.policy' },
      )
    for (const field of ['upstream', 'fallback'] as const) {
      const name = wanted[field]
      if (name === undefined) continue
      const known = await tx.execute(
        sql`select 1 from upstreams where project_id = ${projectId} and name = ${name} limit 1`,
      )
      if (known.rows.length === 0)
        throw new AppError('not_found', `There is no upstream "${name}".`, 'Set it first.', {
          field: `body.${field}`,
        })
    }
    const id = effects.newId()
    const at = effects.now()
    const { seq: ledgerSeq } = await appendLedger(tx, effects.ledgerSigner, {
      projectId,
      at,
      actor,
      action: 'policy.served',
      body: { policy: policy.id, serving: id, model: wanted.model },
    })
    await tx.insert(policyServings).values({
      projectId,
      ledgerSeq,
      policyId: policy.id,
      id,
      upstream: wanted.upstream,
      fallback: wanted.fallback ?? null,
      model: wanted.model,
      set: wanted.set,
      usdPerMillion: wanted.usdPerMillion ?? null,
      actor,
      at,
    })
  })
}
