/** A pair as the rater who was given it may know it: the question, which run is on which side, and its own last word. */
import type { ComparisonTurn } from '@leeway/contract/comparisons'
import type { Criterion } from '@leeway/core/rubrics/rubric'
import { and, desc, eq, inArray, ne, sql } from 'drizzle-orm'
import { guidelinesOf } from '../assignments/guidelines.ts'
import type { Reviewer } from '../assignments/rater-of.ts'
import type { Database, Executor } from '../db/connect.ts'
import { AppError } from '../http/app-error.ts'
import { wordingsIn } from '../rubrics/wordings.ts'
import { isFit } from './open-to.ts'
import { comparisonAnswers, comparisonPairs } from './tables.ts'

export type GivenPair = {
  readonly pairId: string
  readonly criterionSha256: string
  readonly criterion: Criterion
  readonly left: Side
  readonly right: Side
  /** Newest row of the rater; null before the first. */
  readonly own: { readonly id: string; readonly kind: 'answered' | 'abstained' | 'withdrawn' } | null
  /** False: a text was erased, or the rater may not judge one of the two any more. */
  readonly fit: boolean
}
/** Null steps: the episode was erased. */
type Side = { readonly episodeId: string; readonly stepCount: number | null }

/** Throws `not_found` for a pair that was never given to this rater, whether there is one or not. */
export async function requireGiven(
  executor: Executor,
  reviewer: Reviewer,
  pairId: string,
): Promise<GivenPair> {
  const { projectId, raterId } = reviewer
  const { rows } = await executor.execute<{
    id: string
    criterion_sha256: string
    criterion: Criterion
    left_id: string
    right_id: string
    left_steps: number | null
    right_steps: number | null
    own_id: string | null
    own_kind: 'answered' | 'abstained' | 'withdrawn'
    fit: boolean
  }>(sql`
    select pairs.id, pairs.criterion_sha256, criteria.definition as criterion, drawn.left_episode_id as left_id,
      sides.right_id, on_left.step_count as left_steps, on_right.step_count as right_steps,
      own.id as own_id, own.kind as own_kind, ${isFit(reviewer)} as fit
    from comparison_pairs pairs
    join comparison_draws drawn on drawn.project_id = pairs.project_id and drawn.pair_id = pairs.id
      and drawn.rater_id = ${raterId}
    cross join lateral (select case when drawn.left_episode_id = pairs.first_episode_id
      then pairs.second_episode_id else pairs.first_episode_id end as right_id) sides
    join criteria on criteria.project_id = pairs.project_id and criteria.sha256 = pairs.criterion_sha256
    left join episodes on_left on on_left.project_id = pairs.project_id and on_left.id = drawn.left_episode_id
    left join episodes on_right on on_right.project_id = pairs.project_id and on_right.id = sides.right_id
    left join lateral (
      select said.id, said.kind from comparison_answers said where said.project_id = pairs.project_id
        and said.pair_id = pairs.id and said.rater_id = ${raterId}
        and not exists (select 1 from comparison_answers later
          where later.project_id = said.project_id and later.supersedes = said.id)
      limit 1
    ) own on true
    where pairs.project_id = ${projectId} and pairs.id = ${pairId}`)
  const [row] = rows
  if (row === undefined)
    throw new AppError('not_found', 'There is no such pair for you.', 'Ask for the next pair.')
  return {
    pairId: row.id,
    criterionSha256: row.criterion_sha256,
    criterion: row.criterion,
    left: { episodeId: row.left_id, stepCount: row.left_steps },
    right: { episodeId: row.right_id, stepCount: row.right_steps },
    own: row.own_id === null ? null : { id: row.own_id, kind: row.own_kind },
    fit: row.fit,
  }
}

export async function turnOf(
  db: Database,
  reviewer: Reviewer,
  { pairId, criterion, criterionSha256, left, right }: GivenPair,
): Promise<ComparisonTurn> {
  return {
    pairId,
    question: criterion.question,
    guidance: criterion.guidance,
    guidanceVersion: criterionSha256.slice(0, 12),
    guidelines: await guidelinesOf(
      db,
      reviewer,
      criterionSha256,
      await wordingsIn(db, reviewer.projectId),
      lastComparison(db, reviewer),
    ),
    left: { episodeId: left.episodeId },
    right: { episodeId: right.episodeId },
  }
}

function lastComparison(db: Database, { projectId, raterId }: Reviewer): Parameters<typeof guidelinesOf>[4] {
  return async (sha256s) => {
    const [row] = await db
      .select({ sha256: comparisonPairs.criterionSha256, at: comparisonAnswers.committedAt })
      .from(comparisonAnswers)
      .innerJoin(
        comparisonPairs,
        and(
          eq(comparisonPairs.projectId, comparisonAnswers.projectId),
          eq(comparisonPairs.id, comparisonAnswers.pairId),
        ),
      )
      .where(
        and(
          eq(comparisonAnswers.projectId, projectId),
          eq(comparisonAnswers.raterId, raterId),
          inArray(comparisonPairs.criterionSha256, [...sha256s]),
          ne(comparisonAnswers.kind, 'withdrawn'),
        ),
      )
      .orderBy(desc(comparisonAnswers.id))
      .limit(1)
    return row
  }
}
