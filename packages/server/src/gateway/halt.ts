/** Stops all candidates of a project at once, and says how long it took until every process knew. */

import type { HaltView } from '@leeway/contract/gateway'
import type { Effects } from '../http/environment.ts'
import { appendLedger } from '../ledger/append.ts'
import { enforceable, measureReach } from './reach.ts'
import { halts } from './tables.ts'

export async function setHalt(
  effects: Effects,
  projectId: string,
  actor: string,
  wanted: { readonly halted: boolean; readonly reason: string },
): Promise<HaltView> {
  const decidedMs = performance.now()
  const decided = await effects.db.transaction(async (tx) => {
    const id = effects.newId()
    const at = effects.now()
    const { seq: ledgerSeq } = await appendLedger(tx, effects.ledgerSigner, {
      projectId,
      at,
      actor,
      action: wanted.halted ? 'gateway.halted' : 'gateway.resumed',
      body: { halt: id },
    })
    await tx.insert(halts).values({ projectId, ledgerSeq, id, actor, at, ...wanted })
    return enforceable(tx, ledgerSeq, decidedMs)
  })
  return { halted: wanted.halted, ...(await measureReach(effects, projectId, decided)) }
}
