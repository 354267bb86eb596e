/**
 * How long it took until every process of the gateway had what was decided: measured by whoever decided it, on one clock, from
 * the decision to the moment when the last process that was heard of lately had read it.
 */
import { setTimeout as pause } from 'node:timers/promises'
import type { ReachView } from '@leeway/contract/gateway'
import { and, eq, inArray, sql } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'
import type { Effects } from '../http/environment.ts'
import { LIVE } from './live.ts'
import { gatewayReaches } from './tables.ts'

const WAIT_MAX_MS = 2_000
const LOOK_EVERY_MS = 20

/** What was decided, for those who wait until it is enforced. */
export type Enforceable = {
  /** Of the ledger entry that says it. */
  readonly ledgerSeq: number
  /** Of the transaction that it was written in. */
  readonly xid: string
  /** `performance.now()` when it was decided. */
  readonly decidedMs: number
}

/** To be called in the transaction that decides. */
export async function enforceable(
  executor: Executor,
  ledgerSeq: number,
  decidedMs: number,
): Promise<Enforceable> {
  const own = await executor.execute<{ xid: string }>(sql`select pg_current_xact_id()::text as xid`)
  return { ledgerSeq, xid: own.rows[0]?.xid ?? '', decidedMs }
}

/** Waits, after that transaction, until every process has it or two seconds are over, and writes down how long it took. */
export async function measureReach(
  { db, now }: Pick<Effects, 'db' | 'now'>,
  projectId: string,
  { ledgerSeq, xid, decidedMs }: Enforceable,
): Promise<ReachView> {
  const reach = await untilAllKnow(db, xid, decidedMs)
  await db
    .insert(gatewayReaches)
    .values({ projectId, ledgerSeq, ...reach, at: now() })
    .onConflictDoNothing()
  return reach
}

/** The same of a move that is decided: it stands whether or not anybody could measure. Nothing where gateways follow none. */
export async function measureMove(
  effects: Pick<Effects, 'db' | 'now' | 'log'>,
  projectId: string,
  moved: Enforceable | null,
): Promise<void> {
  if (moved === null) return
  await measureReach(effects, projectId, moved).catch((error: unknown) => {
    effects.log.warn({ err: error }, 'how fast the gateway had a move could not be measured')
  })
}

async function untilAllKnow(executor: Executor, xid: string, decidedMs: number): Promise<ReachView> {
  for (;;) {
    const { live, knowing } = await replicasKnowing(executor, xid)
    const tookMs = performance.now() - decidedMs
    if (knowing === live) return { tookMs: Math.round(tookMs), replicas: live, missing: 0 }
    if (tookMs > WAIT_MAX_MS) return { tookMs: null, replicas: live, missing: live - knowing }
    await pause(LOOK_EVERY_MS)
  }
}

/** By ledger entry; nothing where nobody measured. */
export async function reachesOf(
  executor: Executor,
  projectId: string,
  ledgerSeqs: readonly number[],
): Promise<ReadonlyMap<number, ReachView>> {
  if (ledgerSeqs.length === 0) return new Map()
  const rows = await executor
    .select()
    .from(gatewayReaches)
    .where(and(eq(gatewayReaches.projectId, projectId), inArray(gatewayReaches.ledgerSeq, [...ledgerSeqs])))
  return new Map(
    rows.map(({ ledgerSeq, tookMs, replicas, missing }) => [ledgerSeq, { tookMs, replicas, missing }]),
  )
}

async function replicasKnowing(
  executor: Executor,
  xid: string,
): Promise<{ readonly live: number; readonly knowing: number }> {
  const found = await executor.execute<{ live: number; knowing: number }>(sql`
    select count(*)::int as live, (count(*) filter (where pg_visible_in_snapshot(${xid}::xid8, snapshot::pg_snapshot)))::int as knowing
    from gateway_replicas where ${LIVE}`)
  return found.rows[0] ?? { live: 0, knowing: 0 }
}
