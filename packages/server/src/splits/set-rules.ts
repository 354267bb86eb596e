import type { SplitRules } from '@leeway/contract/splits'
import type { Effects } from '../http/environment.ts'
import { appendLedger } from '../ledger/append.ts'
import { splitRulesOf } from './stored-splits.ts'
import { splitRules } from './tables.ts'

/** Limits hold for what is asked from now on. */
export async function setSplitRules(
  effects: Effects,
  projectId: string,
  actor: string,
  wanted: SplitRules,
): Promise<void> {
  const at = effects.now()
  await effects.db.transaction(async (tx) => {
    const seed =
      (await splitRulesOf(tx, projectId))?.seed ?? Buffer.from(effects.randomBytes(32)).toString('hex')
    await tx.insert(splitRules).values({ projectId, id: effects.newId(), ...wanted, seed, actor, at })
    await appendLedger(tx, effects.ledgerSigner, {
      projectId,
      at,
      actor,
      action: 'splits.rules_set',
      body: { ...wanted },
    })
  })
}
