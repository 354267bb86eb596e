/** The release of a policy: its newest as a candidate, else the newest that compares with it. */
import type { FrozenIncident } from '@leeway/contract/incidents'
import { and, desc, eq, or, sql } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'
import { decisionsOf, type ReleaseRow } from './release-store.ts'
import { releases } from './tables.ts'

export async function releaseOfPolicy(
  executor: Executor,
  projectId: string,
  policyId: string,
): Promise<ReleaseRow | undefined> {
  const isCandidate = eq(releases.candidatePolicyId, policyId)
  const [row] = await executor
    .select()
    .from(releases)
    .where(and(eq(releases.projectId, projectId), or(isCandidate, eq(releases.baselinePolicyId, policyId))))
    .orderBy(desc(sql`${isCandidate}`), desc(releases.ordinal))
    .limit(1)
  return row
}

/** Its decisions so far, without what people wrote. */
export async function releaseHistory(
  executor: Executor,
  release: ReleaseRow,
): Promise<NonNullable<FrozenIncident['release']>['decisions']> {
  const history = await decisionsOf(executor, release.projectId, release.id)
  return history.map(({ kind, fromStage, toStage, ledgerSeq, at }) => ({
    kind,
    fromStage,
    toStage,
    ledgerSeq,
    at: at.toISOString(),
  }))
}
