/**
 * Draws whether a rater checks an answer before the question that has come up, which answer, and records it before it is
 * shown.
 *
 * What a rater can tell from a check is that the item has its answers already. An item comes in the form "find" until it has
 * every answer that it wants from people who are trusted as much as the rater, whatever it is for: audits, gold and chosen
 * ones alike. So no check costs a gate a label, and neither form says what an item is for. No statement here reads purposes.
 * Whether a check comes is a keyed function of rater and question, the same before ordinary and before secret questions.
 * Experts check nothing: they are asked for second looks, at what others answered, and must come to it new.
 */
import type { Criterion } from '@leeway/core/rubrics/rubric'
import { and, desc, eq, sql } from 'drizzle-orm'
import { keyedDraw } from '../assignments/keyed-draw.ts'
import { metElsewhere } from '../assignments/met-elsewhere.ts'
import type { Reviewer } from '../assignments/rater-of.ts'
import { answersOfClass } from '../assignments/reserve.ts'
import { assignments } from '../assignments/tables.ts'
import { uniformDraw } from '../assignments/uniform-draw.ts'
import type { Executor } from '../db/connect.ts'
import { CHUNK_KIND } from '../episodes/tables.ts'
import type { Effects } from '../http/environment.ts'
import { isNotPlanted } from '../planted-faults/not-planted.ts'
import { inConflict } from '../raters/conflicts.ts'
import { isTrustedTier } from '../raters/stored-raters.ts'
import { criteria } from '../rubrics/tables.ts'
import type { FormRule } from './form-rules.ts'
import { propose } from './propose.ts'
import { questionFormRules, questionForms } from './tables.ts'

/** Newest answers among which the one to be checked is drawn: bounds the work where there are millions. */
const ANSWERS_MAX = 1_000

/**
 * The assignment to serve before that one, the same at every call until it is answered; null: none.
 */
export async function checkBefore(
  effects: Effects,
  reviewer: Reviewer,
  assignmentId: string,
): Promise<string | null> {
  if (reviewer.expert) return null
  const { db } = effects
  const { projectId, raterId } = reviewer
  const coming = await questionComing(db, projectId, assignmentId)
  if (coming === undefined || !isChecked(coming.rule, raterId, assignmentId)) return null
  const before = await drawnBefore(db, reviewer, assignmentId)
  if (before !== undefined) return before
  const { rule, criterion } = coming
  const item = await drawItem(db, effects, reviewer, coming)
  if (item === undefined) return null
  const place = { projectId, raterId, episodeId: item.episode_id, criterionSha256: rule.criterionSha256 }
  const proposal = await propose(db, effects, place, {
    scale: criterion.scale,
    known: item.known,
    plantedShare: rule.plantedShare,
  })
  if (proposal === null) return null
  await db
    .insert(questionForms)
    .values({
      ...place,
      form: 'verify',
      probability: chanceBefore(rule),
      beforeId: assignmentId,
      ...proposal,
      at: effects.now(),
    })
    .onConflictDoNothing()
  // Of two windows the first one's draw is the draw of both.
  return (await drawnBefore(db, reviewer, assignmentId)) ?? null
}

type Coming = { readonly rule: FormRule; readonly criterion: Criterion; readonly episodeId: string }

/** Undefined where the question has no rule: most have none, and this is asked at every answer. */
async function questionComing(
  executor: Executor,
  projectId: string,
  assignmentId: string,
): Promise<Coming | undefined> {
  const [row] = await executor
    .select({ rule: questionFormRules, criterion: criteria.definition, episodeId: assignments.episodeId })
    .from(assignments)
    .innerJoin(
      questionFormRules,
      and(
        eq(questionFormRules.projectId, assignments.projectId),
        eq(questionFormRules.criterionSha256, assignments.criterionSha256),
      ),
    )
    .innerJoin(
      criteria,
      and(eq(criteria.projectId, assignments.projectId), eq(criteria.sha256, assignments.criterionSha256)),
    )
    .where(and(eq(assignments.projectId, projectId), eq(assignments.id, assignmentId)))
    .orderBy(desc(questionFormRules.id))
    .limit(1)
  return row === undefined ? undefined : { ...row, criterion: row.criterion as Criterion }
}

/** So that the wished share of a rater's answers are checks: each comes before a question, beside it. */
function chanceBefore({ share }: Pick<FormRule, 'share'>): number {
  return share / (1 - share)
}

function isChecked(rule: FormRule, raterId: string, assignmentId: string): boolean {
  return keyedDraw(rule.seed, `${raterId}:${assignmentId}`) < chanceBefore(rule)
}

/** Null: it is answered. Undefined: nothing was drawn. */
async function drawnBefore(
  executor: Executor,
  { projectId, raterId }: Reviewer,
  assignmentId: string,
): Promise<string | null | undefined> {
  const [row] = await executor
    .select()
    .from(questionForms)
    .where(
      and(
        eq(questionForms.projectId, projectId),
        eq(questionForms.raterId, raterId),
        eq(questionForms.beforeId, assignmentId),
      ),
    )
  if (row === undefined) return undefined
  const { rows } = await executor.execute<{ id: string }>(sql`
    select id from ${assignmentOf(projectId, row.episodeId, row.criterionSha256)} asked
    where not exists (select 1 from ratings where ratings.project_id = ${projectId}
      and ratings.rater_id = ${raterId} and ratings.episode_id = ${row.episodeId}
      and ratings.criterion_sha256 = ${row.criterionSha256} and ratings.kind <> 'withdrawn'
      and not exists (select 1 from ratings later
        where later.project_id = ratings.project_id and later.supersedes = ratings.id))`)
  return rows[0]?.id ?? null
}

/** The one as work first. */
const assignmentOf = (projectId: string, episodeId: string, criterionSha256: string) => sql`(
  select id from assignments where project_id = ${projectId} and episode_id = ${episodeId}
    and criterion_sha256 = ${criterionSha256} order by answers_wanted desc, id limit 1)`

async function drawItem(
  executor: Executor,
  effects: Pick<Effects, 'randomBytes'>,
  reviewer: Reviewer,
  { rule: { knownShare, criterionSha256 }, episodeId }: Coming,
): Promise<{ readonly episode_id: string; readonly known: string | null } | undefined> {
  const { projectId, raterId, trusted } = reviewer
  const found = (more: ReturnType<typeof sql>) => sql`
    select ratings.episode_id, ratings.rater_id from ratings
    where ratings.project_id = ${projectId} and ratings.criterion_sha256 = ${criterionSha256}
      and ratings.kind = 'answered' and ratings.form = 'find' and ratings.rater_id <> ${raterId}
      and ratings.episode_id <> ${episodeId} and ratings.assignment_id is not null
      and not exists (select 1 from ratings later
        where later.project_id = ratings.project_id and later.supersedes = ratings.id) ${more}`
  const gold = sql`select episode_id, value from gold_answers
    where project_id = ${projectId} and criterion_sha256 = ${criterionSha256} and part = 'fit'`
  const { rows } = await executor.execute<{ episode_id: string; known: string | null }>(sql`
    with said as (
      (${found(sql`order by ratings.id desc limit ${ANSWERS_MAX}`)})
      union ${found(sql`and ratings.episode_id in (select episode_id from (${gold}) known)`)}
    ),
    items as (
      select distinct said.episode_id from said
      where coalesce((select ${isTrustedTier(sql`tier`)} from rater_tiers
        where rater_tiers.project_id = ${projectId} and rater_tiers.rater_id = said.rater_id
        order by rater_tiers.id desc limit 1), false) = ${trusted}
    )
    select items.episode_id, known.value as known from items
    left join (${gold}) known on known.episode_id = items.episode_id
    where exists (select 1 from episode_chunks where episode_chunks.project_id = ${projectId}
        and episode_chunks.episode_id = items.episode_id and episode_chunks.kind = ${CHUNK_KIND.detail})
      and ${isNotPlanted(projectId, sql`items.episode_id`)}
      and not exists (select 1 from ratings own where own.project_id = ${projectId} and own.rater_id = ${raterId}
        and own.episode_id = items.episode_id and own.criterion_sha256 = ${criterionSha256})
      and not exists (select 1 from question_forms own where own.project_id = ${projectId} and own.rater_id = ${raterId}
        and own.episode_id = items.episode_id and own.criterion_sha256 = ${criterionSha256})
      and not exists (select 1 from ${metElsewhere(projectId, raterId)} met
        where met.episode_id = items.episode_id and met.criterion_sha256 = ${criterionSha256})
      and not ${inConflict(projectId, raterId, sql`items.episode_id`)}
      and not exists (select 1 from gold_answers own where own.project_id = ${projectId}
        and own.episode_id = items.episode_id and own.criterion_sha256 = ${criterionSha256}
        and own.actor = 'person:' || (select user_id from raters where raters.project_id = ${projectId}
          and raters.id = ${raterId}))
      and not exists (select 1 from assignments where assignments.project_id = ${projectId}
        and assignments.episode_id = items.episode_id and assignments.criterion_sha256 = ${criterionSha256}
        and answers_wanted > ${answersOfClass(trusted)})
    order by ${uniformDraw(effects) < knownShare} and known.value is null,
      md5(${Buffer.from(effects.randomBytes(16)).toString('hex')} || items.episode_id::text)
    limit 1`)
  return rows[0]
}
