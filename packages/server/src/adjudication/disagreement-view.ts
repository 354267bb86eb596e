/** One item with what people said of it, built field by field: it is shown to experts, who are raters. */
import { createHash } from 'node:crypto'
import type { DisagreementReason, DisagreementView } from '@leeway/contract/adjudication'
import type { Criterion } from '@leeway/core/rubrics/rubric'
import { and, eq, sql } from 'drizzle-orm'
import { committedAnswer } from '../assignments/question-view.ts'
import type { Database, Executor } from '../db/connect.ts'
import { AppError } from '../http/app-error.ts'
import { raters } from '../raters/tables.ts'
import { ratings } from '../ratings/tables.ts'
import { answersReadUntil } from '../releases/answers-read.ts'
import { scaleView } from '../rubrics/scale-view.ts'
import { criteria } from '../rubrics/tables.ts'
import type { Adjudicator } from './adjudicator-of.ts'
import { findDisagreement, hasAnswered, type Item } from './disagreements.ts'
import { type AdjudicationRow, adjudicationsOf } from './stored-adjudications.ts'

export async function disagreementView(
  db: Database,
  adjudicator: Adjudicator,
  item: Item,
): Promise<DisagreementView> {
  await refuseOwn(db, adjudicator, item)
  const { projectId, raterId } = adjudicator
  const rows = await adjudicationsOf(db, projectId, item)
  if (rows.length === 0 && (await findDisagreement(db, adjudicator, item)) === undefined)
    throw noDisagreement()
  const criterion = await requireCriterion(db, projectId, item.criterionSha256)
  const [newest, ...before] = rows
  const stands = newest !== undefined && newest.kind !== 'withdrawn' ? newest : null
  // In a transaction of its own: to look may not keep releases from reading for longer than it takes.
  const read =
    stands === null
      ? null
      : await db.transaction((tx) => answersReadUntil(tx, projectId, item.criterionSha256))
  return {
    ...item,
    question: criterion.question,
    scale: scaleView(criterion.scale),
    guidance: criterion.guidance,
    answers: (await answersOfPeople(db, projectId, item)).map((row, at) => ({
      rater: `Rater ${at + 1}`,
      answer: committedAnswer(row),
      comment: row.comment,
      evidence: row.evidence,
      flagged: row.flagged,
    })),
    decision:
      stands === null
        ? null
        : {
            id: stands.id,
            answer: decided(stands),
            reason: stands.reason as DisagreementReason,
            comment: stands.comment,
            mine: stands.raterId === raterId,
            locked: read !== null && stands.at <= read,
            at: stands.at.toISOString(),
          },
    earlier: (stands === null ? rows : before).map((row) => ({
      answer: row.kind === 'withdrawn' ? null : decided(row),
      reason: row.reason as DisagreementReason | null,
      comment: row.comment,
      at: row.at.toISOString(),
    })),
  }
}

/** Nobody decides between their own answer and others', nor sees the others' by this way. */
export async function refuseOwn(executor: Executor, adjudicator: Adjudicator, item: Item): Promise<void> {
  if (await hasAnswered(executor, adjudicator, item))
    throw new AppError(
      'forbidden',
      'You answered this question yourself, or may not judge its agent.',
      'Somebody else decides. Take the next one.',
    )
}

export function noDisagreement(): AppError {
  return new AppError(
    'not_found',
    'There is no such question on which trusted people disagree.',
    'List the disagreements again; an answer may have been taken back.',
  )
}

export async function requireCriterion(
  executor: Executor,
  projectId: string,
  sha256: string,
): Promise<Criterion> {
  const [row] = await executor
    .select()
    .from(criteria)
    .where(and(eq(criteria.projectId, projectId), eq(criteria.sha256, sha256)))
  if (row === undefined) throw noDisagreement()
  return row.definition as Criterion
}

/**
 * What people said, trusted or not, skips too; the order tells nobody. Models are left out: what is decided here measures them,
 * and must not lean on them.
 */
export async function answersOfPeople(executor: Executor, projectId: string, item: Item) {
  const found = await executor
    .select({ rating: ratings })
    .from(ratings)
    .innerJoin(raters, and(eq(raters.projectId, ratings.projectId), eq(raters.id, ratings.raterId)))
    .where(
      and(
        eq(ratings.projectId, projectId),
        eq(ratings.episodeId, item.episodeId),
        eq(ratings.criterionSha256, item.criterionSha256),
        eq(raters.kind, 'human'),
        eq(ratings.form, 'find'),
        sql`${ratings.kind} <> 'withdrawn'`,
        sql`not exists (select 1 from ratings later where later.project_id = ${ratings.projectId} and later.supersedes = ${ratings.id})`,
        sql`coalesce((select tier from rater_tiers where rater_tiers.project_id = ${ratings.projectId}
          and rater_tiers.rater_id = ${ratings.raterId} order by rater_tiers.id desc limit 1), '') <> 'suspended'`,
      ),
    )
  const place = (id: string) => createHash('sha256').update(id).digest('hex')
  return found.map(({ rating }) => rating).sort((a, b) => (place(a.id) < place(b.id) ? -1 : 1))
}

function decided(row: AdjudicationRow) {
  return row.kind === 'answered'
    ? { kind: 'answered' as const, value: row.value ?? '' }
    : { kind: 'not-applicable' as const }
}
