/**
 * Shows the parts of a split question after a first answer to the whole, never before: the first answer tells what was seen
 * without them. Both answers stay. In the arm 'none' what would have been shown is kept and nothing is shown.
 *
 * Who was shown what others say to a part is not asked that part any more, and gives it back if they were at it.
 */
import type { PartsView } from '@leeway/contract/splits'
import type { SplitRule } from '@leeway/core/oversight/combine-parts'
import { and, asc, eq, sql } from 'drizzle-orm'
import { keyedDraw } from '../assignments/keyed-draw.ts'
import type { Reviewer } from '../assignments/rater-of.ts'
import type { Executor } from '../db/connect.ts'
import { AppError } from '../http/app-error.ts'
import type { Effects } from '../http/environment.ts'
import { helpShare, standingPlan } from '../looks/standing-plan.ts'
import { criteriaByHash } from '../rubrics/stored-rubrics.ts'
import { partViews, type ShownPart, shownParts, together } from './shown-parts.ts'
import { splitRulesOf, standingSplitOf } from './stored-splits.ts'
import { partAnswers, splitReveals, splits } from './tables.ts'

type Answer = {
  readonly assignmentId: string
  readonly episodeId: string
  readonly criterionSha256: string
  readonly ratingId: string
}
/** `drawn`: an arm was drawn for the question, so that no other help may follow. */
export type PartsReveal = { readonly view: PartsView | null; readonly drawn: boolean }

/** What the rater is shown after this answer; the same again for the same answer. */
export async function revealParts(
  effects: Effects,
  reviewer: Reviewer,
  answer: Answer,
): Promise<PartsReveal> {
  const { db } = effects
  const { projectId, raterId } = reviewer
  const before = await findReveal(db, reviewer, answer.assignmentId)
  if (before !== undefined)
    return {
      drawn: true,
      view: before.ratingId === answer.ratingId ? await partsView(db, reviewer, before) : null,
    }
  const nothing = { view: null, drawn: false }
  const split = await standingSplitOf(db, projectId, answer.criterionSha256)
  const rules = split === undefined ? null : await splitRulesOf(db, projectId)
  if (split === undefined || rules === null) return nothing
  const place = `${raterId}:${answer.assignmentId}`
  const parts = await shownParts(
    db,
    { projectId, episodeId: answer.episodeId, parts: split.parts, raterId },
    (ratingId) => keyedDraw(rules.seed, `${place}:${ratingId}`),
  )
  if (parts.every(({ answers }) => answers.length === 0)) return nothing
  const drawn = helpShare(await standingPlan(db, projectId, answer.criterionSha256), 'decomposition', rules)
  await db.transaction(async (tx) => {
    const arm = keyedDraw(rules.seed, place) < drawn.share ? 'decomposition' : 'none'
    await tx
      .insert(splitReveals)
      .values({
        projectId,
        raterId,
        assignmentId: answer.assignmentId,
        ratingId: answer.ratingId,
        splitId: split.id,
        episodeId: answer.episodeId,
        arm,
        ...drawn,
        parts,
        at: effects.now(),
      })
      .onConflictDoNothing()
    if (arm === 'decomposition') await giveBackParts(tx, reviewer, answer.episodeId, split.parts)
  })
  const made = await findReveal(db, reviewer, answer.assignmentId)
  return { drawn: true, view: made === undefined ? null : await partsView(db, reviewer, made) }
}

export async function answerPart(
  effects: Effects,
  reviewer: Reviewer,
  assignmentId: string,
  wanted: { readonly part: number; readonly value: 'yes' | 'no' },
): Promise<PartsView> {
  const { db } = effects
  const { projectId, raterId } = reviewer
  const reveal = await findReveal(db, reviewer, assignmentId)
  const shown = reveal === undefined ? null : await partsView(db, reviewer, reveal)
  const part = shown?.parts[wanted.part]
  if (reveal === undefined || part === undefined)
    throw new AppError(
      'not_found',
      'There is no such part of this question for you.',
      'Answer the question first; its parts come with the answer.',
    )
  if (part.mine !== wanted.value)
    await db
      .insert(partAnswers)
      .values({ projectId, raterId, assignmentId, id: effects.newId(), ...wanted, at: effects.now() })
  return (await partsView(db, reviewer, reveal)) as PartsView
}

/** Whether the rater saw what others say to parts: of this question, or to this question as a part of another. */
export async function sawParts(
  executor: Executor,
  { projectId, raterId }: Reviewer,
  asked: { readonly assignmentId: string; readonly episodeId: string; readonly criterionSha256: string },
): Promise<boolean> {
  const { rows } = await executor.execute(sql`
    select 1 from split_reveals where project_id = ${projectId} and rater_id = ${raterId}
      and episode_id = ${asked.episodeId} and arm = 'decomposition'
      and (assignment_id = ${asked.assignmentId}
        or parts @> ${JSON.stringify([{ sha256: asked.criterionSha256 }])}::jsonb)
    limit 1`)
  return rows.length > 0
}

type Reveal = typeof splitReveals.$inferSelect

async function findReveal(
  executor: Executor,
  { projectId, raterId }: Reviewer,
  assignmentId: string,
): Promise<Reveal | undefined> {
  const [row] = await executor
    .select()
    .from(splitReveals)
    .where(
      and(
        eq(splitReveals.projectId, projectId),
        eq(splitReveals.raterId, raterId),
        eq(splitReveals.assignmentId, assignmentId),
      ),
    )
  return row
}

async function partsView(
  executor: Executor,
  { projectId, raterId }: Reviewer,
  reveal: Reveal,
): Promise<PartsView | null> {
  if (reveal.arm !== 'decomposition') return null
  const [split] = await executor
    .select()
    .from(splits)
    .where(and(eq(splits.projectId, projectId), eq(splits.id, reveal.splitId)))
  const rows = await executor
    .select()
    .from(partAnswers)
    .where(
      and(
        eq(partAnswers.projectId, projectId),
        eq(partAnswers.raterId, raterId),
        eq(partAnswers.assignmentId, reveal.assignmentId),
      ),
    )
    .orderBy(asc(partAnswers.id))
  if (split === undefined) return null
  const whole = (await criteriaByHash(executor, projectId, [split.criterionSha256])).get(
    split.criterionSha256,
  )
  const parts = reveal.parts as readonly ShownPart[]
  const mine = new Map(rows.map(({ part, value }) => [part, value]))
  const rule = split.rule as SplitRule
  return {
    assignmentId: reveal.assignmentId,
    rule,
    parts: partViews(parts, mine),
    together: whole === undefined ? null : together(rule, whole, parts, mine),
  }
}

async function giveBackParts(
  executor: Executor,
  { projectId, raterId }: Reviewer,
  episodeId: string,
  parts: readonly string[],
): Promise<void> {
  await executor.execute(sql`
    delete from reservations using assignments
    where reservations.project_id = ${projectId} and reservations.rater_id = ${raterId}
      and assignments.project_id = reservations.project_id and assignments.id = reservations.assignment_id
      and assignments.episode_id = ${episodeId}
      and assignments.criterion_sha256 = any(${`{${parts.join(',')}}`}::text[])`)
}
