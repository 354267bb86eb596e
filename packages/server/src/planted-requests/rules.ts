/** Statements on `planted_request_rules`, and setting them. */
import { desc, eq } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'
import type { Effects } from '../http/environment.ts'
import { appendLedger } from '../ledger/append.ts'
import { plantedRequestRules } from './tables.ts'

export type PlantedRequestRules = typeof plantedRequestRules.$inferSelect

/** Null: nothing was ever planted among held calls here. */
export async function plantedRequestRulesOf(
  executor: Executor,
  projectId: string,
): Promise<PlantedRequestRules | null> {
  const [row] = await executor
    .select()
    .from(plantedRequestRules)
    .where(eq(plantedRequestRules.projectId, projectId))
    .orderBy(desc(plantedRequestRules.id))
    .limit(1)
  return row ?? null
}

export async function setPlantedRequestRules(
  effects: Effects,
  projectId: string,
  actor: string,
  { share }: { readonly share: number },
): Promise<void> {
  const at = effects.now()
  await effects.db.transaction(async (tx) => {
    const seed = Buffer.from(effects.randomBytes(32)).toString('hex')
    await tx.insert(plantedRequestRules).values({ projectId, id: effects.newId(), share, seed, actor, at })
    await appendLedger(tx, effects.ledgerSigner, {
      projectId,
      at,
      actor,
      action: 'planted_requests.share_set',
      body: { share },
    })
  })
}
