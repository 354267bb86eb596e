/** Stops all candidates of a project at once, and says how long it took until every process knew. */

import { setTimeout as pause } from 'node:timers/promises'
import type { HaltView } from '@leeway/contract/gateway'
import { sql } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'
import type { Effects } from '../http/environment.ts'
import { appendLedger } from '../ledger/append.ts'
import { halts } from './tables.ts'

const WAIT_MAX_MS = 2_000
const LOOK_EVERY_MS = 20

export async function setHalt(
  effects: Effects,
  projectId: string,
  actor: string,
  wanted: { readonly halted: boolean; readonly reason: string },
): Promise<HaltView> {
  const startedMs = performance.now()
  const haltedBy = await effects.db.transaction(async (tx) => {
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
    const own = await tx.execute<{ xid: string }>(sql`select pg_current_xact_id()::text as xid`)
    return own.rows[0]?.xid ?? ''
  })
  for (;;) {
    const { live, knowing } = await replicasKnowing(effects.db, haltedBy)
    const tookMs = performance.now() - startedMs
    if (knowing === live)
      return { halted: wanted.halted, tookMs: Math.round(tookMs), replicas: live, missing: 0 }
    if (tookMs > WAIT_MAX_MS)
      return { halted: wanted.halted, tookMs: null, replicas: live, missing: live - knowing }
    await pause(LOOK_EVERY_MS)
  }
}

/** Heard of so lately that what it enforces may not have run out yet. */
export const LIVE = sql`seen_at > now() - interval '20 seconds'`

async function replicasKnowing(
  executor: Executor,
  xid: string,
): Promise<{ readonly live: number; readonly knowing: number }> {
  const found = await executor.execute<{ live: number; knowing: number }>(sql`
    select count(*)::int as live, (count(*) filter (where pg_visible_in_snapshot(${xid}::xid8, snapshot::pg_snapshot)))::int as knowing
    from gateway_replicas where ${LIVE}`)
  return found.rows[0] ?? { live: 0, knowing: 0 }
}
