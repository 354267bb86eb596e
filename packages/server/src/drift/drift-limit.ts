/** From which share of unlike conversations on a project is alerted. */
import { DRIFT_SHARE_DEFAULT } from '@leeway/contract/drift'
import { desc, eq } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'
import type { Effects } from '../http/environment.ts'
import { appendLedger } from '../ledger/append.ts'
import { driftLimits } from './tables.ts'

/** Null: nobody is alerted. */
export async function driftLimit(executor: Executor, projectId: string): Promise<number | null> {
  const [newest] = await executor
    .select()
    .from(driftLimits)
    .where(eq(driftLimits.projectId, projectId))
    .orderBy(desc(driftLimits.ledgerSeq))
    .limit(1)
  return newest === undefined ? DRIFT_SHARE_DEFAULT : newest.shareMax
}

export async function setDriftLimit(
  { db, now, ledgerSigner }: Pick<Effects, 'db' | 'now' | 'ledgerSigner'>,
  projectId: string,
  actor: string,
  shareMax: number | null,
): Promise<void> {
  await db.transaction(async (tx) => {
    const at = now()
    const { seq: ledgerSeq } = await appendLedger(tx, ledgerSigner, {
      projectId,
      at,
      actor,
      action: 'drift.limited',
      body: { shareMax },
    })
    await tx.insert(driftLimits).values({ projectId, ledgerSeq, shareMax, actor, at })
  })
}
