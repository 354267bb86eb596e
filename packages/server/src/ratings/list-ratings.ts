/** Read model of ratings for those who may see everything: never for raters. */
import type { RatingQuery, RatingView } from '@leeway/contract/raters'
import { criteriaOf } from '@leeway/core/rubrics/rubric'
import { and, desc, eq, inArray, lt, ne, sql } from 'drizzle-orm'
import type { z } from 'zod'
import { committedAnswer } from '../assignments/question-view.ts'
import type { Executor } from '../db/connect.ts'
import { isNotPlanted } from '../planted-faults/not-planted.ts'
import { raters } from '../raters/tables.ts'
import { criterionSha256 } from '../rubrics/criterion-hash.ts'
import { findRubric, rubricOf } from '../rubrics/stored-rubrics.ts'
import { ratings } from './tables.ts'

type Filter = Pick<z.output<typeof RatingQuery>, 'rubric' | 'episode' | 'rater'>

/** Standing ratings, newest first. `before` is the id of the last one of the page before. */
export async function listRatings(
  executor: Executor,
  projectId: string,
  filter: Filter,
  page: { readonly limit: number; readonly before: string | null },
): Promise<readonly RatingView[]> {
  const criteria =
    filter.rubric === undefined ? null : await criteriaOfRubric(executor, projectId, filter.rubric)
  if (criteria?.length === 0) return []
  const rows = await executor
    .select({ rating: ratings, raterName: raters.name, raterKind: raters.kind })
    .from(ratings)
    .innerJoin(raters, and(eq(raters.projectId, ratings.projectId), eq(raters.id, ratings.raterId)))
    .where(
      and(
        eq(ratings.projectId, projectId),
        page.before === null ? undefined : lt(ratings.id, page.before),
        criteria === null ? undefined : inArray(ratings.criterionSha256, [...criteria]),
        filter.episode === undefined ? undefined : eq(ratings.episodeId, filter.episode),
        filter.rater === undefined ? undefined : eq(ratings.raterId, filter.rater),
        ne(ratings.kind, 'withdrawn'),
        isNotPlanted(projectId, sql`${ratings.episodeId}`),
        sql`not exists (select 1 from ratings later where later.project_id = ${ratings.projectId} and later.supersedes = ${ratings.id})`,
      ),
    )
    .orderBy(desc(ratings.id))
    .limit(page.limit)
  return rows.map(({ rating, raterName, raterKind }) => ({
    id: rating.id,
    episodeId: rating.episodeId,
    criterionSha256: rating.criterionSha256,
    raterId: rating.raterId,
    raterName,
    raterKind: raterKind as RatingView['raterKind'],
    answer: committedAnswer(rating),
    probability: rating.probability,
    comment: rating.comment,
    evidence: rating.evidence,
    flagged: rating.flagged,
    form: rating.form as RatingView['form'],
    startedAt: rating.startedAt?.toISOString() ?? null,
    committedAt: rating.committedAt.toISOString(),
  }))
}

async function criteriaOfRubric(executor: Executor, projectId: string, rubricId: string) {
  const row = await findRubric(executor, projectId, rubricId)
  return row === undefined ? [] : criteriaOf(rubricOf(row)).map(criterionSha256)
}
