/** Statements on `rubrics` and `criteria`. Knows rows; knows nothing of what a check or a weight is. */
import type { Criterion, Rubric } from '@leeway/core/rubrics/rubric'
import { and, desc, eq, inArray } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'
import { criteria, rubrics } from './tables.ts'

export type RubricRow = typeof rubrics.$inferSelect
export type NewCriterion = typeof criteria.$inferInsert

export async function findRubric(
  executor: Executor,
  projectId: string,
  rubricId: string,
): Promise<RubricRow | undefined> {
  const [row] = await executor
    .select()
    .from(rubrics)
    .where(and(eq(rubrics.projectId, projectId), eq(rubrics.id, rubricId)))
  return row
}

/** The newest version of each rubric (of one agent, when named), the one saved last first. */
export async function newestRubrics(
  executor: Executor,
  projectId: string,
  agentId?: string,
): Promise<readonly RubricRow[]> {
  const rows = await executor
    .selectDistinctOn([rubrics.agentId, rubrics.name])
    .from(rubrics)
    .where(
      and(eq(rubrics.projectId, projectId), agentId === undefined ? undefined : eq(rubrics.agentId, agentId)),
    )
    .orderBy(rubrics.agentId, rubrics.name, desc(rubrics.version))
  return rows.sort((a, b) => (a.id < b.id ? 1 : -1))
}

/** All versions of one rubric, newest first. */
export async function versionsOf(
  executor: Executor,
  { projectId, agentId, name }: Pick<RubricRow, 'projectId' | 'agentId' | 'name'>,
): Promise<readonly RubricRow[]> {
  return executor
    .select()
    .from(rubrics)
    .where(and(eq(rubrics.projectId, projectId), eq(rubrics.agentId, agentId), eq(rubrics.name, name)))
    .orderBy(desc(rubrics.version))
}

export async function insertCriteria(executor: Executor, rows: readonly NewCriterion[]): Promise<void> {
  if (rows.length > 0)
    await executor
      .insert(criteria)
      .values([...rows])
      .onConflictDoNothing()
}

/** By hash; questions that nobody asks in these words are missing. */
export async function criteriaByHash(
  executor: Executor,
  projectId: string,
  sha256s: readonly string[],
): Promise<ReadonlyMap<string, Criterion>> {
  if (sha256s.length === 0) return new Map()
  const rows = await executor
    .select()
    .from(criteria)
    .where(and(eq(criteria.projectId, projectId), inArray(criteria.sha256, [...sha256s])))
  return new Map(rows.map(({ sha256, definition }) => [sha256, definition as Criterion]))
}

/** Validated when it was saved; rows are never changed. */
export function rubricOf(row: Pick<RubricRow, 'definition'>): Rubric {
  return row.definition as Rubric
}
