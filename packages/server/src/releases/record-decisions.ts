/**
 * Writes what the state machine decided: decision rows and ledger entries, in the caller's transaction. Answers the move that
 * gateways have to follow, which the caller measures once it has committed; null where they have none.
 */
import type { Decision } from '@leeway/core/ladder/release-state'
import { sql } from 'drizzle-orm'
import { followRelease } from '../contracts/issue-contract.ts'
import { lockContract } from '../contracts/stored-contracts.ts'
import type { Transaction } from '../db/connect.ts'
import { type Enforceable, enforceable } from '../gateway/reach.ts'
import type { Effects } from '../http/environment.ts'
import { appendLedger } from '../ledger/append.ts'
import type { DecisionKind } from './release-history.ts'
import { ladderById, policyById, type ReleaseRow } from './release-store.ts'
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
): Promise<Enforceable | null> {
  const at = effects.now()
  const decidedMs = performance.now()
  let movedAt: number | null = null
  // Before the ledger's: whoever writes a contract takes the two in this order.
  await lockContract(tx, release.agentId)
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
    if (decision.kind in PLACE_AFTER) movedAt = seq
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
  const move = made.findLast(({ kind }) => kind in PLACE_AFTER)
  if (move === undefined || movedAt === null) return null
  if (!(await moveContract(tx, effects, release, move, by))) return null
  return enforceable(tx, movedAt, decidedMs)
}

/** Where the release stands after a decision that moves it; the others leave it where it is. */
const PLACE_AFTER: Partial<Record<DecisionKind, 'open' | 'ended' | 'completed'>> = {
  start: 'open',
  promote: 'open',
  close: 'open',
  rollback: 'ended',
  complete: 'completed',
}

/** What is enforced moves with what was decided, in the same transaction. */
async function moveContract(
  tx: Transaction,
  effects: Pick<Effects, 'ledgerSigner' | 'now'>,
  release: ReleaseRow,
  move: Recorded,
  by: { readonly actor: string; readonly reason: string; readonly checkId: string | null },
): Promise<boolean> {
  const { projectId, agentId } = release
  const ladder = await ladderById(tx, projectId, release.ladderId)
  const stage = ladder.stages.find(({ name }) => name === (move.toStage ?? move.fromStage))
  const kind = PLACE_AFTER[move.kind]
  if (stage === undefined || kind === undefined)
    throw new Error('a release moved to a stage its ladder lacks')
  return followRelease(
    tx,
    effects,
    {
      projectId,
      agentId,
      actor: by.actor,
      reason: `${LEDGER_ACTION[move.kind]}${by.reason === '' ? '' : `: ${by.reason}`}`,
    },
    {
      releaseId: release.id,
      stage,
      baseline: await policyById(tx, projectId, release.baselinePolicyId),
      candidate: await policyById(tx, projectId, release.candidatePolicyId),
      checkId: by.checkId,
      approvers: await approversOf(tx, release, by),
      kind,
    },
  )
}

/** A stage is closed and a release rolled back by the gate itself, without anybody. */
const PEOPLE = /^(?:person|key|named):/

/** All who approved the check that opened the stage, the last of them with this move. */
async function approversOf(
  tx: Transaction,
  { projectId, id }: ReleaseRow,
  by: { readonly actor: string; readonly checkId: string | null },
): Promise<readonly string[]> {
  if (!PEOPLE.test(by.actor)) return []
  const { rows } = await tx.execute<{ actor: string }>(sql`
    select actor from decisions where project_id = ${projectId} and release_id = ${id} and kind = 'approve'
      and check_id = ${by.checkId} order by ordinal`)
  return [...new Set([...rows.map(({ actor }) => actor), by.actor])]
}
