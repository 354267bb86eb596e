/** Says which policy a model rater runs, and what it may do as such. A new row each time; the newest holds. */
import type { RegisterSupervisor, SupervisorView } from '@leeway/contract/supervision'
import type { z } from 'zod'
import { AppError } from '../http/app-error.ts'
import type { Effects } from '../http/environment.ts'
import { appendLedger } from '../ledger/append.ts'
import { requireJudge } from '../models/judge.ts'
import { findPolicy } from '../policies/ensure-policy.ts'
import { type Registered, registeredAs } from './registered.ts'
import { supervisors } from './tables.ts'

export async function registerSupervisor(
  effects: Effects,
  projectId: string,
  actor: string,
  wanted: z.output<typeof RegisterSupervisor>,
): Promise<SupervisorView> {
  return effects.db.transaction(async (tx) => {
    const { rater } = await requireJudge(tx, projectId, wanted.rater)
    const policy = await findPolicy(tx, projectId, wanted.policy)
    if (policy === undefined)
      throw new AppError(
        'not_found',
        'There is no such policy in this project.',
        'List the policies to find its id.',
        { field: 'body.policy' },
      )
    const before = await registeredAs(tx, projectId, rater.id)
    if (before !== undefined && before.policyId !== policy.id)
      throw new AppError(
        'conflict',
        `"${rater.name}" runs ${before.policy} of ${before.agent}, and what a rater is never changes.`,
        'Declare another model rater for the other policy.',
        { field: 'body.policy' },
      )
    const at = effects.now()
    const roles = [...new Set(wanted.roles)]
    await tx.insert(supervisors).values({
      projectId,
      id: effects.newId(),
      raterId: rater.id,
      policyId: policy.id,
      roles,
      reason: wanted.reason,
      actor,
      at,
    })
    await appendLedger(tx, effects.ledgerSigner, {
      projectId,
      at,
      actor,
      action: 'supervisor.registered',
      body: { rater: rater.id, policy: policy.id, roles },
    })
    const made = await registeredAs(tx, projectId, rater.id)
    if (made === undefined) throw new Error('a supervisor was neither found nor made')
    return supervisorView(made)
  })
}

export function supervisorView({
  config: _,
  definition: __,
  at,
  roles,
  ...shown
}: Registered): SupervisorView {
  return { ...shown, roles: [...roles], at: at.toISOString() }
}
