/** Statements on `critique_rules`, and setting them. */
import type { SetCritiqueRules } from '@leeway/contract/critiques'
import { desc, eq } from 'drizzle-orm'
import type { z } from 'zod'
import { keyedDraw } from '../assignments/keyed-draw.ts'
import type { Executor } from '../db/connect.ts'
import type { Effects } from '../http/environment.ts'
import { appendLedger } from '../ledger/append.ts'
import { judgedClaims } from './judged-claims.ts'
import { shownAt } from './measured-curve.ts'
import { critiqueRules } from './tables.ts'

export type CritiqueRules = typeof critiqueRules.$inferSelect

/** Null: nobody is shown critiques. */
export async function critiqueRulesOf(executor: Executor, projectId: string): Promise<CritiqueRules | null> {
  const [row] = await executor
    .select()
    .from(critiqueRules)
    .where(eq(critiqueRules.projectId, projectId))
    .orderBy(desc(critiqueRules.id))
    .limit(1)
  return row ?? null
}

export async function setCritiqueRules(
  effects: Effects,
  projectId: string,
  actor: string,
  wanted: z.output<typeof SetCritiqueRules>,
): Promise<void> {
  const at = effects.now()
  await effects.db.transaction(async (tx) => {
    const shown = shownAt(await judgedClaims(tx, projectId), wanted.missedCost)
    const seed =
      (await critiqueRulesOf(tx, projectId))?.seed ?? Buffer.from(effects.randomBytes(32)).toString('hex')
    await tx
      .insert(critiqueRules)
      .values({ projectId, id: effects.newId(), ...wanted, ...shown, seed, actor, at })
    await appendLedger(tx, effects.ledgerSigner, {
      projectId,
      at,
      actor,
      action: 'critiques.rules_set',
      body: { ...wanted, ...shown },
    })
  })
}

/** One in so many critiques is shown whole, whatever the rules leave out: or what is left out would never be judged again. */
const WHOLE_SHARE = 0.1

/** By rater and question, from the seed: asking again draws nothing anew, and nobody chooses. */
export function armOf(
  { seed, share }: Pick<CritiqueRules, 'seed' | 'share'>,
  raterId: string,
  assignmentId: string,
): 'critique' | 'none' {
  return keyedDraw(seed, `${raterId}:${assignmentId}`) < share ? 'critique' : 'none'
}

export function isShownWhole({ seed }: CritiqueRules, raterId: string, assignmentId: string): boolean {
  return keyedDraw(seed, `whole:${raterId}:${assignmentId}`) < WHOLE_SHARE
}
