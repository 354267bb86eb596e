/**
 * Statements on the tables of releases. Knows SQL and rows; knows nothing of what a stage or an e-value is.
 */
import type { ArmLabel } from '@leeway/core/gate/unit'
import type { Ladder } from '@leeway/core/ladder/ladder'
import { and, asc, desc, eq, inArray, isNull, notExists, sql } from 'drizzle-orm'
import type { Executor, Transaction } from '../db/connect.ts'
import { policies } from '../policies/tables.ts'
import { agents } from '../projects/tables.ts'
import { anchors, auditDraws, checks, decisions, labels, ladders, releases, selections } from './tables.ts'

export type ReleaseRow = typeof releases.$inferSelect
/** `audited`: with what was drawn at its end. */
export type SelectionRow = typeof selections.$inferSelect & { readonly awaitsAuditDraw: boolean }
export type LabelRow = typeof labels.$inferSelect
export type CheckRow = typeof checks.$inferSelect
export type DecisionRow = typeof decisions.$inferSelect
export type PolicyRow = typeof policies.$inferSelect

export async function agentNamed(executor: Executor, projectId: string, name: string) {
  const [row] = await executor
    .select()
    .from(agents)
    .where(and(eq(agents.projectId, projectId), eq(agents.name, name)))
  return row
}

export async function listAgents(executor: Executor, projectId: string) {
  return executor.select().from(agents).where(eq(agents.projectId, projectId)).orderBy(asc(agents.name))
}

/** All policies of that name: one name may stand for several configurations. Newest first. */
export async function policiesNamed(executor: Executor, projectId: string, agentId: string, name: string) {
  return executor
    .select()
    .from(policies)
    .where(and(eq(policies.projectId, projectId), eq(policies.agentId, agentId), eq(policies.name, name)))
    .orderBy(desc(policies.createdAt))
}

export async function policyById(executor: Executor, projectId: string, id: string): Promise<PolicyRow> {
  const [row] = await executor
    .select()
    .from(policies)
    .where(and(eq(policies.projectId, projectId), eq(policies.id, id)))
  if (!row) throw new Error('a release names a policy that is not there')
  return row
}

/** Keeps two acts on one release (check, approval, rollback) from interleaving, until commit. */
export async function lockRelease(tx: Transaction, releaseId: string): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended('release:' || ${releaseId}::text, 0))`)
}

export async function lockAgent(tx: Transaction, projectId: string, agentId: string): Promise<void> {
  await tx.execute(
    sql`select pg_advisory_xact_lock(hashtextextended('agent:' || ${projectId}::text || ${agentId}::text, 0))`,
  )
}

export async function releaseById(
  executor: Executor,
  projectId: string,
  id: string,
): Promise<ReleaseRow | undefined> {
  const [row] = await executor
    .select()
    .from(releases)
    .where(and(eq(releases.projectId, projectId), eq(releases.id, id)))
  return row
}

export async function releasesOfAgent(
  executor: Executor,
  projectId: string,
  agentId: string,
): Promise<readonly ReleaseRow[]> {
  return executor
    .select()
    .from(releases)
    .where(and(eq(releases.projectId, projectId), eq(releases.agentId, agentId)))
    .orderBy(desc(releases.ordinal))
}

/** Of every project, or of one. */
export async function openReleases(executor: Executor, projectId?: string): Promise<readonly ReleaseRow[]> {
  const ended = executor
    .select({ one: sql`1` })
    .from(decisions)
    .where(
      and(
        eq(decisions.projectId, releases.projectId),
        eq(decisions.releaseId, releases.id),
        inArray(decisions.kind, ['rollback', 'complete']),
      ),
    )
  return executor
    .select()
    .from(releases)
    .where(and(notExists(ended), projectId === undefined ? undefined : eq(releases.projectId, projectId)))
    .orderBy(asc(releases.startedAt))
}

export async function currentLadder(executor: Executor, projectId: string, agentId: string) {
  const [row] = await executor
    .select()
    .from(ladders)
    .where(and(eq(ladders.projectId, projectId), eq(ladders.agentId, agentId)))
    .orderBy(desc(ladders.createdAt), desc(ladders.id))
    .limit(1)
  return row
}

export async function ladderById(executor: Executor, projectId: string, id: string): Promise<Ladder> {
  const [row] = await executor
    .select()
    .from(ladders)
    .where(and(eq(ladders.projectId, projectId), eq(ladders.id, id)))
  if (!row) throw new Error('a release names a ladder that is not there')
  // Validated when it was written; rows are never changed.
  return row.definition as Ladder
}

export async function currentAnchor(executor: Executor, projectId: string, agentId: string) {
  const [row] = await executor
    .select()
    .from(anchors)
    .where(and(eq(anchors.projectId, projectId), eq(anchors.agentId, agentId)))
    .orderBy(desc(anchors.seq))
    .limit(1)
  return row
}

export async function decisionsOf(
  executor: Executor,
  projectId: string,
  releaseId: string,
): Promise<readonly DecisionRow[]> {
  return executor
    .select()
    .from(decisions)
    .where(and(eq(decisions.projectId, projectId), eq(decisions.releaseId, releaseId)))
    .orderBy(asc(decisions.ordinal))
}

/** Whole checks are large (they hold their evidence path), so each question asks for the ones it needs. */
export async function checksById(
  executor: Executor,
  release: ReleaseRow,
  ids: readonly string[],
): Promise<readonly CheckRow[]> {
  if (ids.length === 0) return []
  return executor
    .select()
    .from(checks)
    .where(and(eq(checks.projectId, release.projectId), inArray(checks.id, [...ids]), ofRelease(release)))
    .orderBy(asc(checks.ordinal))
}

/** Of this stage when one is named, else of any. */
export async function newestCheck(
  executor: Executor,
  release: ReleaseRow,
  stage?: string,
): Promise<CheckRow | undefined> {
  const [row] = await executor
    .select()
    .from(checks)
    .where(
      and(
        eq(checks.projectId, release.projectId),
        ofRelease(release),
        stage === undefined ? undefined : eq(checks.stage, stage),
      ),
    )
    .orderBy(desc(checks.ordinal))
    .limit(1)
  return row
}

const ofRelease = (release: ReleaseRow) => eq(checks.releaseId, release.id)

/** `which`: those alone that wait for the draw at their end. */
export async function selectionsOf(
  executor: Executor,
  projectId: string,
  releaseId: string,
  stage: string,
  which: 'all' | 'awaiting-audit-draw' = 'all',
): Promise<readonly SelectionRow[]> {
  const rows = await executor
    .select({ selection: selections, drawn: auditDraws.drawn })
    .from(selections)
    .leftJoin(
      auditDraws,
      and(
        eq(auditDraws.projectId, selections.projectId),
        eq(auditDraws.releaseId, selections.releaseId),
        eq(auditDraws.sequence, selections.sequence),
      ),
    )
    .where(
      and(
        eq(selections.projectId, projectId),
        eq(selections.releaseId, releaseId),
        eq(selections.stage, stage),
        which === 'all' ? undefined : and(eq(selections.auditAtEnd, true), isNull(auditDraws.sequence)),
      ),
    )
    .orderBy(asc(selections.sequence))
  return rows.map(({ selection, drawn }) => ({
    ...selection,
    audited: selection.audited || drawn === true,
    awaitsAuditDraw: selection.auditAtEnd && drawn === null,
  }))
}

export async function countSelections(
  executor: Executor,
  projectId: string,
  releaseId: string,
): Promise<{ readonly count: number; readonly last: number }> {
  const found = await executor.execute<{ count: string; last: string | null }>(
    sql`select count(*) as count, max(sequence) as last from selections where project_id = ${projectId} and release_id = ${releaseId}`,
  )
  const row = found.rows[0]
  return { count: Number(row?.count ?? 0), last: Number(row?.last ?? 0) }
}

/** Units of each region drawn in this stage so far. */
export async function countByRegion(
  executor: Executor,
  release: ReleaseRow,
  stage: string,
): Promise<Map<string, number>> {
  const found = await executor.execute<{ region: string; count: string }>(
    sql`select region, count(*) as count from selections where project_id = ${release.projectId} and release_id = ${release.id} and stage = ${stage} group by region`,
  )
  return new Map(found.rows.map(({ region, count }) => [region, Number(count)]))
}

export async function labelsOf(
  executor: Executor,
  projectId: string,
  releaseId: string,
): Promise<readonly LabelRow[]> {
  return executor
    .select()
    .from(labels)
    .where(and(eq(labels.projectId, projectId), eq(labels.releaseId, releaseId)))
}

/** Inserts in slices: one statement has at most 65,535 parameters. */
export async function insertSelections(
  tx: Transaction,
  rows: readonly (typeof selections.$inferInsert)[],
): Promise<void> {
  for (let from = 0; from < rows.length; from += 2_000)
    await tx.insert(selections).values(rows.slice(from, from + 2_000))
}

export async function insertLabels(
  tx: Transaction,
  rows: readonly (typeof labels.$inferInsert)[],
): Promise<void> {
  for (let from = 0; from < rows.length; from += 5_000)
    await tx
      .insert(labels)
      .values(rows.slice(from, from + 5_000))
      .onConflictDoNothing()
}

export async function insertAuditDraws(
  tx: Transaction,
  rows: readonly (typeof auditDraws.$inferInsert)[],
): Promise<void> {
  for (let from = 0; from < rows.length; from += 5_000)
    await tx.insert(auditDraws).values(rows.slice(from, from + 5_000))
}

/** Turns a frozen label into what the gate reads. */
export function armLabel(
  selection: SelectionRow,
  label: LabelRow | undefined,
  arm: 'candidate' | 'baseline',
): ArmLabel {
  const judge = arm === 'candidate' ? selection.predictedCandidateFailure : selection.predictedBaselineFailure
  const probability = selection.auditProbability
  if (!selection.audited) return { kind: 'unsampled', probability, judge }
  if (label === undefined || label.failure === null) return { kind: 'missing', probability, judge }
  return { kind: 'observed', failure: label.failure, probability, judge }
}
