/** A study with how far it is, as read from the store. */
import type { StudyArm, StudySummary } from '@leeway/contract/studies'
import type { Claim } from '@leeway/core/critiques/claim'
import type { Criterion } from '@leeway/core/rubrics/rubric'
import { and, asc, desc, eq, sql } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'
import { AppError } from '../http/app-error.ts'
import { criteria } from '../rubrics/tables.ts'
import type { ShownPart } from '../splits/shown-parts.ts'
import { isLast } from './stages.ts'
import { studies, studyItems, studyStops } from './tables.ts'

export type StudyRow = typeof studies.$inferSelect
export type StoredItem = Omit<typeof studyItems.$inferSelect, 'claims' | 'parts'> & {
  readonly claims: readonly Claim[]
  readonly parts: readonly ShownPart[]
}
export type Stored = {
  readonly row: StudyRow
  readonly criterion: Criterion
  readonly arms: readonly StudyArm[]
  readonly stop: typeof studyStops.$inferSelect | null
  readonly summary: StudySummary
}

export async function requireStudy(executor: Executor, projectId: string, studyId: string): Promise<Stored> {
  const [row] = await executor
    .select()
    .from(studies)
    .where(and(eq(studies.projectId, projectId), eq(studies.id, studyId)))
  if (row === undefined)
    throw new AppError('not_found', 'There is no such study in this project.', 'List the studies to find it.')
  return withProgress(executor, row)
}

/** Newest first. */
export async function allStudies(executor: Executor, projectId: string): Promise<readonly Stored[]> {
  const rows = await executor
    .select()
    .from(studies)
    .where(eq(studies.projectId, projectId))
    .orderBy(desc(studies.at), desc(studies.id))
  const found: Stored[] = []
  for (const row of rows) found.push(await withProgress(executor, row))
  return found
}

export async function itemsOf(
  executor: Executor,
  { projectId, id }: Pick<StudyRow, 'projectId' | 'id'>,
): Promise<readonly StoredItem[]> {
  const rows = await executor
    .select()
    .from(studyItems)
    .where(and(eq(studyItems.projectId, projectId), eq(studyItems.studyId, id)))
    .orderBy(asc(studyItems.episodeId))
  return rows as readonly StoredItem[]
}

async function withProgress(executor: Executor, row: StudyRow): Promise<Stored> {
  const { projectId, id } = row
  const [criterion] = await executor
    .select({ definition: criteria.definition })
    .from(criteria)
    .where(and(eq(criteria.projectId, projectId), eq(criteria.sha256, row.criterionSha256)))
  const [stop] = await executor
    .select()
    .from(studyStops)
    .where(and(eq(studyStops.projectId, projectId), eq(studyStops.studyId, id)))
  const counted = await executor.execute<{
    items: number
    joined: number
    drawn: number
    answers: number
  }>(sql`
    select (select count(*)::int from study_items where project_id = ${projectId} and study_id = ${id}) as items,
      (select count(*)::int from study_consents where project_id = ${projectId} and study_id = ${id}) as joined,
      (select count(*)::int from study_places where project_id = ${projectId} and study_id = ${id}) as drawn,
      (select count(*)::int from study_answers answers
        join study_places places on places.project_id = answers.project_id and places.study_id = answers.study_id
          and places.rater_id = answers.rater_id and places.place = answers.place
        where answers.project_id = ${projectId} and answers.study_id = ${id}
          and ${isLast('answers', 'places')}) as answers`)
  const { items = 0, joined = 0, drawn = 0, answers = 0 } = counted.rows[0] ?? {}
  const arms = row.arms as readonly StudyArm[]
  const definition = criterion?.definition as Criterion
  // Whoever has met some of the items before is given fewer; the plan is what was drawn, once all have agreed.
  const planned = joined >= row.raters ? drawn : row.raters * Math.min(row.itemsPerRater, items)
  const state =
    stop !== undefined ? 'stopped' : joined >= row.raters && answers >= drawn ? 'complete' : 'open'
  return {
    row,
    criterion: definition,
    arms,
    stop: stop ?? null,
    summary: {
      id,
      name: row.name,
      question: row.question,
      criterion: definition.question,
      arms: [...arms],
      state,
      raters: row.raters,
      joined,
      itemsPerRater: row.itemsPerRater,
      items,
      answersPlanned: planned,
      answers,
      at: row.at.toISOString(),
    },
  }
}
