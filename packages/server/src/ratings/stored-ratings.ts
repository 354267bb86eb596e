/** Statements on `ratings`. Every other feature writes and reads ratings through here. */
import { and, eq, inArray, ne, sql } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'
import { ratings } from './tables.ts'

export type RatingRow = typeof ratings.$inferSelect
export type NewRating = typeof ratings.$inferInsert

/** Rows of one insert; keeps the statement under PostgreSQL's 65,535 parameters. */
const ROWS_AT_ONCE = 2_000

/**
 * Ids of the rows that were added. A row that is there already (same commit, same first answer) is left alone and
 * not in the answer, so that a repeat after a crash changes nothing.
 */
export async function insertRatings(
  executor: Executor,
  rows: readonly NewRating[],
): Promise<readonly string[]> {
  const added: string[] = []
  for (let at = 0; at < rows.length; at += ROWS_AT_ONCE) {
    const part = await executor
      .insert(ratings)
      .values(rows.slice(at, at + ROWS_AT_ONCE))
      .onConflictDoNothing()
      .returning({ id: ratings.id })
    added.push(...part.map(({ id }) => id))
  }
  return added
}

export type RatingScope = {
  readonly episodeIds?: readonly string[]
  readonly criteria?: readonly string[]
  readonly raterIds?: readonly string[]
}

/** Ratings that stand: neither superseded nor withdrawn. In the order in which they were written. */
export async function standingRatings(
  executor: Executor,
  projectId: string,
  scope: RatingScope,
): Promise<readonly RatingRow[]> {
  const among = (
    column: typeof ratings.episodeId | typeof ratings.criterionSha256,
    values?: readonly string[],
  ) => (values === undefined ? undefined : inArray(column, [...values]))
  return executor
    .select()
    .from(ratings)
    .where(
      and(
        eq(ratings.projectId, projectId),
        among(ratings.episodeId, scope.episodeIds),
        among(ratings.criterionSha256, scope.criteria),
        scope.raterIds === undefined ? undefined : inArray(ratings.raterId, [...scope.raterIds]),
        ne(ratings.kind, 'withdrawn'),
        sql`not exists (select 1 from ratings later where later.project_id = ${ratings.projectId} and later.supersedes = ${ratings.id})`,
      ),
    )
    .orderBy(ratings.id)
}
