/** Statements on `rubric_drafts` and `rubric_draft_answers`. */
import { and, eq, gt, isNull } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'
import { rubricDraftAnswers, rubricDrafts } from './tables.ts'

export type RubricDraftRow = typeof rubricDrafts.$inferSelect
export type DraftAnswerRow = typeof rubricDraftAnswers.$inferSelect

export async function insertDraft(executor: Executor, row: RubricDraftRow): Promise<void> {
  await executor.insert(rubricDrafts).values(row)
}

export async function findDraft(
  executor: Executor,
  projectId: string,
  draftId: string,
): Promise<{ readonly draft: RubricDraftRow; readonly answer: DraftAnswerRow | null } | undefined> {
  const [row] = await executor
    .select({ draft: rubricDrafts, answer: rubricDraftAnswers })
    .from(rubricDrafts)
    .leftJoin(rubricDraftAnswers, ANSWER_OF)
    .where(and(eq(rubricDrafts.projectId, projectId), eq(rubricDrafts.id, draftId)))
  return row
}

/** Of all projects, the oldest first, started after `since`. */
export async function unansweredDrafts(executor: Executor, since: Date): Promise<readonly RubricDraftRow[]> {
  const rows = await executor
    .select({ draft: rubricDrafts })
    .from(rubricDrafts)
    .leftJoin(rubricDraftAnswers, ANSWER_OF)
    .where(and(isNull(rubricDraftAnswers.draftId), gt(rubricDrafts.startedAt, since)))
    .orderBy(rubricDrafts.id)
  return rows.map(({ draft }) => draft)
}

/** The first that is recorded stands. */
export async function insertAnswer(executor: Executor, row: DraftAnswerRow): Promise<void> {
  await executor.insert(rubricDraftAnswers).values(row).onConflictDoNothing()
}

const ANSWER_OF = and(
  eq(rubricDraftAnswers.projectId, rubricDrafts.projectId),
  eq(rubricDraftAnswers.draftId, rubricDrafts.id),
)
