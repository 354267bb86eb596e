/**
 * What a project may spend on models in a UTC day, and the claims of questions under way.
 *
 * A claim is a row that holds the most its question can cost, and keeps others from asking it. It goes when the answer
 * is recorded. One that was left behind by a crash stands as spent for the rest of its day: the call may have been made.
 */
import type { SpendView } from '@leeway/contract/judges'
import { and, eq, gt, lt, sql, sum } from 'drizzle-orm'
import type { z } from 'zod'
import type { Executor, Transaction } from '../db/connect.ts'
import type { Effects } from '../http/environment.ts'
import { appendLedger } from '../ledger/append.ts'
import { spendLimits, spendReservations } from './tables.ts'

type Spend = z.infer<typeof SpendView>

export type Claim = {
  readonly projectId: string
  /** The same for the same question. */
  readonly id: string
  /** The most it can cost, US dollars. */
  readonly costUsdMax: number
  /** Longer than asking can take; afterwards others may ask. */
  readonly holdMs: number
}

/**
 * 'claimed': ask now, and `giveBackClaim` when the answer is recorded. 'taken': someone else is asking. 'over-limit':
 * nothing was reserved. 'settled': `settle` found the answer recorded, so that there
 * is nothing to ask.
 */
export async function claimQuestion(
  effects: Pick<Effects, 'db' | 'now' | 'newId'>,
  claim: Claim,
  settle: (tx: Transaction) => Promise<boolean>,
): Promise<'claimed' | 'taken' | 'over-limit' | 'settled'> {
  const { projectId, id, costUsdMax } = claim
  return effects.db.transaction(async (tx) => {
    // One at a time decides whether there is money left.
    await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended('spend:' || ${projectId}::text, 0))`)
    const now = effects.now()
    const own = and(eq(spendReservations.projectId, projectId), eq(spendReservations.id, id))
    const [held] = await tx.select().from(spendReservations).where(own)
    if (held !== undefined && held.expiresAt > now) return 'taken'
    if (await settle(tx)) return 'settled'
    // Keeps counting for its day, under an id that stands for no question.
    if (held !== undefined) await tx.update(spendReservations).set({ id: effects.newId() }).where(own)
    await tx
      .delete(spendReservations)
      .where(
        and(
          eq(spendReservations.projectId, projectId),
          lt(spendReservations.day, utcDay(now)),
          lt(spendReservations.expiresAt, now),
        ),
      )
    const { usdPerDay, spentTodayUsd, reservedUsd } = await readSpend(tx, projectId, now)
    if (costUsdMax > 0 && spentTodayUsd + reservedUsd + costUsdMax > usdPerDay) return 'over-limit'
    const expiresAt = new Date(now.getTime() + claim.holdMs)
    await tx
      .insert(spendReservations)
      .values({ projectId, id, day: utcDay(now), costUsd: costUsdMax, expiresAt })
    return 'claimed'
  })
}

/** In the transaction that records what was really spent. */
export async function giveBackClaim(tx: Transaction, projectId: string, claimId: string): Promise<void> {
  await tx
    .delete(spendReservations)
    .where(and(eq(spendReservations.projectId, projectId), eq(spendReservations.id, claimId)))
}

/** One statement, so that a claim which is just being settled counts once: as a claim or as spent. */
export async function readSpend(executor: Executor, projectId: string, now: Date): Promise<Spend> {
  const day = utcDay(now)
  const found = await executor.execute<{
    limit: number | null
    spent: number | null
    reserved: number | null
  }>(sql`
    select
      (select usd_per_day from spend_limits where project_id = ${projectId} order by id desc limit 1) as "limit",
      (select sum(cost_usd) from model_calls
        where project_id = ${projectId} and at >= ${`${day}T00:00:00Z`}::timestamptz) as spent,
      (select sum(cost_usd) from spend_reservations where project_id = ${projectId} and day = ${day}) as reserved`)
  const row = found.rows[0]
  return {
    usdPerDay: row?.limit ?? 0,
    spentTodayUsd: row?.spent ?? 0,
    reservedUsd: row?.reserved ?? 0,
  }
}

/** What of the reserved sum is held by questions being asked now: it comes back, all or in part. */
export async function readUnderWay(executor: Executor, projectId: string, now: Date): Promise<number> {
  const held = await executor
    .select({ usd: sum(spendReservations.costUsd) })
    .from(spendReservations)
    .where(
      and(
        eq(spendReservations.projectId, projectId),
        eq(spendReservations.day, utcDay(now)),
        gt(spendReservations.expiresAt, now),
      ),
    )
  return Number(held[0]?.usd ?? 0)
}

export async function setSpendLimit(
  effects: Effects,
  projectId: string,
  actor: string,
  usdPerDay: number,
): Promise<Spend> {
  const at = effects.now()
  return effects.db.transaction(async (tx) => {
    await tx.insert(spendLimits).values({ projectId, id: effects.newId(), usdPerDay, actor, at })
    await appendLedger(tx, effects.ledgerSigner, {
      projectId,
      at,
      actor,
      action: 'spend-limit.set',
      body: { usdPerDay },
    })
    return readSpend(tx, projectId, at)
  })
}

const utcDay = (instant: Date): string => instant.toISOString().slice(0, 10)
