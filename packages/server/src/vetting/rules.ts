/** Statements on `vetting_rules`, and setting them. */
import type { SetVettingRules } from '@leeway/contract/vetting'
import { desc, eq } from 'drizzle-orm'
import type { z } from 'zod'
import type { Executor } from '../db/connect.ts'
import type { Effects } from '../http/environment.ts'
import { appendLedger } from '../ledger/append.ts'
import { vettingRules } from './tables.ts'

export type VettingRules = typeof vettingRules.$inferSelect

/** Of a verdict that is wrong, over the whole life of a rater; not for anyone to set, as cards quote it. */
export const VETTING_ALPHA = 0.05

/** Null: nobody is vetted by known answers in this project. */
export async function vettingRulesOf(executor: Executor, projectId: string): Promise<VettingRules | null> {
  const [row] = await executor
    .select()
    .from(vettingRules)
    .where(eq(vettingRules.projectId, projectId))
    .orderBy(desc(vettingRules.id))
    .limit(1)
  return row ?? null
}

export async function setVettingRules(
  effects: Effects,
  projectId: string,
  actor: string,
  wanted: z.output<typeof SetVettingRules>,
): Promise<void> {
  const at = effects.now()
  await effects.db.transaction(async (tx) => {
    const before = await vettingRulesOf(tx, projectId)
    // With the same seed, questions that a rater is at stay what they are.
    const seed = before?.seed ?? Buffer.from(effects.randomBytes(32)).toString('hex')
    await tx.insert(vettingRules).values({ projectId, id: effects.newId(), ...wanted, seed, actor, at })
    await appendLedger(tx, effects.ledgerSigner, {
      projectId,
      at,
      actor,
      action: 'vetting.rules_set',
      body: { ...wanted },
    })
  })
}
