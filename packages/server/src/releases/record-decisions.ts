/** Writes what the state machine decided: decision rows and ledger entries, in the caller's transaction. */
import type { Decision } from '@leeway/core/ladder/release-state'
import { sql } from 'drizzle-orm'
import type { Transaction } from '../db/connect.ts'
import type { Effects } from '../http/environment.ts'
import { appendLedger } from '../ledger/append.ts'
import type { DecisionKind } from './release-history.ts'
import type { ReleaseRow } from './release-store.ts'
import { decisions } from './tables.ts'

/** Noun-verb names of the ledger. */
export const LEDGER_ACTION: Record<DecisionKind, string> = {
  start: 'release.started',
  propose: 'promotion.proposed',
  withdraw: 'promotion.withdrawn',
  approve: 'promotion.approved',
  promote: 'stage.promoted',
  rollback: 'release.rolled-back',
  close: 'stage.closed',
  complete: 'release.completed',
}

export type Recorded = Omit<Decision, 'kind' | 'fromStage'> & {
  readonly kind: DecisionKind
  readonly fromStage: string | null
}

export async function recordDecisions(
  tx: Transaction,
  effects: Pick<Effects, 'ledgerSigner' | 'now'>,
  release: ReleaseRow,
  made: readonly Recorded[],
  by: {
    readonly actor: string
    readonly reason: string
    readonly checkId: string | null
    readonly evidence: unknown
  },
): Promise<void> {
  const at = effects.now()
  for (const decision of made) {
    const found = await tx.execute<{ next: number }>(
      sql`select coalesce(max(ordinal), 0) + 1 as next from decisions where project_id = ${release.projectId} and release_id = ${release.id}`,
    )
    const { seq } = await appendLedger(tx, effects.ledgerSigner, {
      projectId: release.projectId,
      at,
      actor: by.actor,
      action: LEDGER_ACTION[decision.kind],
      body: {
        release: release.id,
        candidate: release.candidatePolicyId,
        baseline: release.baselinePolicyId,
        fromStage: decision.fromStage,
        toStage: decision.toStage,
        check: by.checkId,
        evidence: by.evidence,
      },
    })
    await tx.insert(decisions).values({
      projectId: release.projectId,
      releaseId: release.id,
      ordinal: Number(found.rows[0]?.next ?? 1),
      kind: decision.kind,
      fromStage: decision.fromStage,
      toStage: decision.toStage,
      checkId: by.checkId,
      actor: by.actor,
      reason: by.reason,
      ledgerSeq: seq,
      at,
    })
  }
}
