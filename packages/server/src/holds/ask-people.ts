/**
 * Puts calls before people and waits for what they decide. A hold is bound to exactly these calls; an approval is signed, used
 * once, and worthless after its time. Nothing that goes wrong here approves anything.
 */

import { and, eq, sql } from 'drizzle-orm'
import type { HeldCalls, HoldAnswer, Holds } from '../gateway/holds.ts'
import type { Effects } from '../http/environment.ts'
import { introducedKey } from '../ledger/introduced-key.ts'
import { answerIsSigned, carriedSha256 } from './binding.ts'
import { callsWaiting } from './calls-waiting.ts'
import { holdRow } from './hold-row.ts'
import { type OpenHold, standingHold } from './standing-hold.ts'
import { holdAnswers, holdEdits, holds, holdTexts, holdUses } from './tables.ts'
import type { Tellers } from './tellers.ts'

export function askPeople(effects: Effects, tellers: Tellers): Holds {
  return {
    async ask(held, signal) {
      const hold = await open(effects, held)
      const answered = await tellers
        .wait(hold.id, held.holdSeconds * 1_000, signal)
        .catch(async (error: unknown) => {
          if (signal.aborted) await abandon(effects, hold)
          throw error
        })
      return answered ? take(effects, hold) : { kind: 'unanswered' }
    },
    async comeBack(held, { opens, waitMs }, signal) {
      const hold = opens ? await open(effects, held, true) : await standingHold(effects.db, effects, held)
      if (hold === null) return null
      const leftMs = hold.expiresAt.getTime() - effects.now().getTime()
      const answered = await tellers.wait(hold.id, Math.min(leftMs, waitMs), signal)
      return answered ? take(effects, hold) : { kind: 'unanswered' }
    },
  }
}

/** `joins`: the hold that stands for these calls already, where there is one. Throws when too many wait: nobody can decide then. */
async function open(effects: Effects, held: HeldCalls, joins = false): Promise<OpenHold> {
  const { projectId, agentId, holdsMax } = held
  const { row, text, argumentsTexts } = holdRow(effects, held)
  return effects.db.transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended('holds:' || ${agentId}::text, 0))`)
    const standing = joins ? await standingHold(tx, effects, held) : null
    if (standing !== null) return standing
    if ((await callsWaiting(tx, effects, held)) >= holdsMax)
      throw new Error('too many calls of the agent wait already')
    await tx.insert(holds).values(row)
    await tx.insert(holdTexts).values({ projectId, holdId: row.id, body: JSON.stringify(text) })
    return { ...row, argumentsTexts }
  })
}

/** The agent has gone: nobody need decide, and its place is free for another. */
async function abandon({ db, now, ledgerSigner }: Effects, hold: OpenHold): Promise<void> {
  await db
    .insert(holdAnswers)
    .values({
      projectId: hold.projectId,
      holdId: hold.id,
      kind: 'stopped',
      reason: 'The agent has gone.',
      argumentsSha256: '',
      signature: '',
      keyId: ledgerSigner.keyId,
      actor: 'system:gateway',
      lookedMs: null,
      at: now(),
    })
    .onConflictDoNothing()
}

/** Uses the answer up. A second use, a wrong signature or a late hour is no approval. */
async function take(effects: Effects, hold: OpenHold): Promise<HoldAnswer> {
  const { projectId, id: holdId, binding } = hold
  const here = and(eq(holdAnswers.projectId, projectId), eq(holdAnswers.holdId, holdId))
  const [answer] = await effects.db.select().from(holdAnswers).where(here)
  if (answer === undefined) return { kind: 'unanswered' }
  const { kind, argumentsSha256, signature, keyId, reason } = answer
  if (kind === 'denied' || kind === 'stopped') return { kind, reason }
  const publicKey = await introducedKey(effects.db, projectId, keyId)
  if (publicKey === null || !answerIsSigned(publicKey, { binding, kind, argumentsSha256 }, signature))
    throw new Error(`the approval ${holdId} has a wrong signature`)
  if (answer.at > hold.expiresAt || effects.now() > hold.expiresAt) return { kind: 'unanswered' }
  const edited = kind === 'edited' ? await editsOf(effects, projectId, holdId) : null
  if (carriedSha256(edited ?? hold.argumentsTexts) !== argumentsSha256)
    throw new Error(`the approval ${holdId} is for other arguments`)
  const used = await effects.db
    .insert(holdUses)
    .values({ projectId, holdId, at: effects.now() })
    .onConflictDoNothing()
    .returning({ holdId: holdUses.holdId })
  if (used.length === 0) throw new Error(`the approval ${holdId} was used before`)
  return edited === null ? { kind: 'approved' } : { kind: 'edited', argumentsTexts: edited }
}

async function editsOf({ db }: Effects, projectId: string, holdId: string): Promise<readonly string[]> {
  const [row] = await db
    .select()
    .from(holdEdits)
    .where(and(eq(holdEdits.projectId, projectId), eq(holdEdits.holdId, holdId)))
  if (row === undefined) throw new Error(`the edits of ${holdId} are not there`)
  return JSON.parse(row.body) as readonly string[]
}
