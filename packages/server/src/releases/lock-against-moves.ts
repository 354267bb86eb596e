/** Keeps every release with this policy as it is until commit, so that what is read of it is what holds. */
import { and, asc, eq, or } from 'drizzle-orm'
import type { Transaction } from '../db/connect.ts'
import { lockRelease } from './release-store.ts'
import { releases } from './tables.ts'

export async function lockAgainstMoves(tx: Transaction, projectId: string, policyId: string): Promise<void> {
  const found = await tx
    .select({ id: releases.id })
    .from(releases)
    .where(
      and(
        eq(releases.projectId, projectId),
        or(eq(releases.candidatePolicyId, policyId), eq(releases.baselinePolicyId, policyId)),
      ),
    )
    .orderBy(asc(releases.id))
  for (const { id } of found) await lockRelease(tx, id)
}
