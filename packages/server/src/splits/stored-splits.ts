/** Statements on `splits` and `split_rules`. */
import { and, desc, eq } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'
import { splitRules, splits } from './tables.ts'

export type SplitRow = typeof splits.$inferSelect
export type SplitRulesRow = typeof splitRules.$inferSelect

/** By the hash of the question that is split; those that are split no more are missing. */
export async function standingSplits(
  executor: Executor,
  projectId: string,
): Promise<ReadonlyMap<string, SplitRow>> {
  const rows = await executor
    .selectDistinctOn([splits.criterionSha256])
    .from(splits)
    .where(eq(splits.projectId, projectId))
    .orderBy(splits.criterionSha256, desc(splits.id))
  return new Map(
    rows.filter(({ parts }) => parts.length > 0).map((row) => [row.criterionSha256, row] as const),
  )
}

export async function standingSplitOf(
  executor: Executor,
  projectId: string,
  criterionSha256: string,
): Promise<SplitRow | undefined> {
  const [row] = await executor
    .select()
    .from(splits)
    .where(and(eq(splits.projectId, projectId), eq(splits.criterionSha256, criterionSha256)))
    .orderBy(desc(splits.id))
    .limit(1)
  return row !== undefined && row.parts.length > 0 ? row : undefined
}

/** Null: nobody is asked parts or shown them. */
export async function splitRulesOf(executor: Executor, projectId: string): Promise<SplitRulesRow | null> {
  const [row] = await executor
    .select()
    .from(splitRules)
    .where(eq(splitRules.projectId, projectId))
    .orderBy(desc(splitRules.id))
    .limit(1)
  return row ?? null
}
