/**
 * The hold that stands for a call that is made again: exactly these calls, by the same policy in the same conversation, under the
 * same version of the contract, at the same place, not used yet, within its time. Its binding is computed anew, so a call that
 * differs in a byte finds nothing.
 */
import { sql } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'
import type { HeldCalls } from '../gateway/holds.ts'
import type { Effects } from '../http/environment.ts'
import { bindingOf } from './binding.ts'
import type { holds } from './tables.ts'

export type OpenHold = Pick<typeof holds.$inferSelect, 'id' | 'projectId' | 'binding' | 'expiresAt'> & {
  /** As they would be carried out. */
  readonly argumentsTexts: readonly string[]
}

/** Also one that was answered: a denial stands until its time is over. */
export async function standingHold(
  executor: Executor,
  { now }: Pick<Effects, 'now'>,
  { projectId, agentId, policyId, place, conversation, contractVersion, calls: held }: HeldCalls,
): Promise<OpenHold | null> {
  const calls = held.map(carriedCall)
  const found = await executor.execute<{
    id: string
    turn_id: string
    binding: string
    expires_at: string
  }>(sql`
    select id, turn_id, binding, expires_at from holds
    where project_id = ${projectId} and agent_id = ${agentId} and policy_id = ${policyId} and place = ${place}
      and conversation = ${conversation} and contract_version = ${contractVersion}
      and expires_at > ${now().toISOString()}::timestamptz
      and not exists (select 1 from hold_uses where hold_uses.project_id = holds.project_id and hold_uses.hold_id = holds.id)
    order by asked_at desc`)
  for (const { id, turn_id: turnId, binding, expires_at: at } of found.rows) {
    const expiresAt = new Date(at)
    const own = {
      projectId,
      agentId,
      policyId,
      place,
      turnId,
      conversation,
      contractVersion,
      calls,
      expiresAt,
    }
    if (bindingOf(own) === binding)
      return {
        id,
        projectId,
        binding,
        expiresAt,
        argumentsTexts: calls.map(({ argumentsText }) => argumentsText),
      }
  }
  return null
}

/** With what the contract sets already set. */
export function carriedCall({ call, decision }: HeldCalls['calls'][number]): {
  readonly tool: string
  readonly argumentsText: string
} {
  return { tool: call.tool, argumentsText: decision.argumentsText ?? call.argumentsText }
}
