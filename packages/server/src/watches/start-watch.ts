/** The watch of a promoted policy, started where there is none: its promise is written down, and its seed committed to. */
import type { CheckView } from '@leeway/contract/checks'
import { watchPlan } from '@leeway/core/ladder/watch-plan'
import { and, eq } from 'drizzle-orm'
import type { Executor, Transaction } from '../db/connect.ts'
import type { Effects } from '../http/environment.ts'
import { appendLedger } from '../ledger/append.ts'
import { seedCommitment } from '../releases/draw.ts'
import { standing } from '../releases/release-limits.ts'
import { checks, type releases } from '../releases/tables.ts'
import { watches } from './tables.ts'

export type WatchRow = typeof watches.$inferSelect
type ReleaseRow = typeof releases.$inferSelect

/** Null where the check that completed the release holds no rate to promise. */
export async function standingWatch(
  tx: Transaction,
  effects: Pick<Effects, 'now' | 'randomBytes' | 'ledgerSigner'>,
  release: ReleaseRow,
  checkId: string,
): Promise<WatchRow | null> {
  const { projectId, id: releaseId } = release
  const known = await findWatch(tx, projectId, releaseId)
  if (known !== undefined) return known
  const plan = await planOf(tx, release, checkId)
  if (plan === null) return null
  const at = effects.now()
  const seed = effects.randomBytes(32)
  const commitment = seedCommitment(seed)
  const { seq } = await appendLedger(tx, effects.ledgerSigner, {
    projectId,
    at,
    actor: 'gate',
    action: 'watch.started',
    body: {
      release: releaseId,
      policy: release.candidatePolicyId,
      check: checkId,
      ...plan,
      seedCommitment: commitment,
    },
  })
  const [row] = await tx
    .insert(watches)
    .values({
      projectId,
      releaseId,
      ...plan,
      seedCommitment: commitment,
      seedHex: Buffer.from(seed).toString('hex'),
      ledgerSeq: seq,
      startedAt: at,
    })
    .returning()
  if (row === undefined) throw new Error('a watch was not written')
  return row
}

export async function findWatch(
  executor: Executor,
  projectId: string,
  releaseId: string,
): Promise<WatchRow | undefined> {
  const [row] = await executor
    .select()
    .from(watches)
    .where(and(eq(watches.projectId, projectId), eq(watches.releaseId, releaseId)))
  return row
}

async function planOf(tx: Transaction, release: ReleaseRow, checkId: string) {
  const [check] = await tx
    .select({ result: checks.result })
    .from(checks)
    .where(and(eq(checks.projectId, release.projectId), eq(checks.id, checkId)))
  const { ladder } = await standing(tx, release)
  const last = ladder.stages.at(-1)
  const baselineFailure = (check?.result as CheckView | undefined)?.baselineFailure ?? null
  return last === undefined || baselineFailure === null ? null : watchPlan(last, baselineFailure)
}
