/**
 * Moves raters between tiers, retires known answers that most have met, and draws the next hidden questions. In the background, so that no answer takes longer
 * because it was to a known question.
 */
import { sql } from 'drizzle-orm'
import { openAssignments } from '../assignments/open-assignments.ts'
import { reviewerOf } from '../assignments/rater-of.ts'
import { hasText, isFreeForDrawn } from '../assignments/reserve.ts'
import { uniformDraw } from '../assignments/uniform-draw.ts'
import type { Transaction } from '../db/connect.ts'
import type { Effects } from '../http/environment.ts'
import { showCopy } from '../planted-faults/show-copy.ts'
import { mayAnswer } from '../raters/may-answer.ts'
import { drawKnown } from './draw-known.ts'
import { HIDDEN_AT_ONCE, type RaterId } from './hidden-known.ts'
import { openSheets } from './open-sheets.ts'
import { retireOverexposed } from './retire-gold.ts'
import { isRetired } from './retired.ts'
import { roundOf } from './round.ts'
import { type VettingRules, vettingRulesOf } from './rules.ts'
import { skillEvidence } from './skill-evidence.ts'
import { vettingDraws } from './tables.ts'
import { tierBySkill } from './tier-by-skill.ts'

/** Fewer waiting than this, and more are drawn. */
const WAITING_MIN = 5

export async function vetRaters(effects: Effects): Promise<void> {
  const { rows } = await effects.db.execute<{ project_id: string }>(
    sql`select distinct project_id from vetting_rules`,
  )
  for (const { project_id: projectId } of rows) {
    const rules = await vettingRulesOf(effects.db, projectId)
    if (rules === null) continue
    for (const evidence of await skillEvidence(effects.db, projectId))
      await tierBySkill(effects, rules, evidence)
    await retireOverexposed(effects, rules)
    if (rules.hiddenShare > 0) await drawHidden(effects, rules)
  }
}

async function drawHidden(effects: Effects, rules: VettingRules): Promise<void> {
  const { projectId } = rules
  await effects.db.transaction(async (tx) => {
    // Two servers would draw twice as many.
    const free = await tx.execute<{ free: boolean }>(
      sql`select pg_try_advisory_xact_lock(hashtext(${`vetting:${projectId}`})) as free`,
    )
    if (free.rows[0]?.free !== true) return
    for (const raterId of await ratersInNeed(tx, projectId)) {
      // The round comes first, and needs them itself.
      if ((await roundOf(tx, { projectId, raterId }))?.done === false) continue
      const reviewer = await reviewerOf(tx, projectId, raterId)
      const read = new Map<string, readonly (readonly string[])[]>()
      const sheetsOf = async (sha256: string) => {
        const sheets = read.get(sha256) ?? (await openSheets(tx, reviewer, sha256, effects.now()))
        read.set(sha256, sheets)
        return sheets
      }
      const random = () => uniformDraw(effects)
      // In words of which nothing is open any more, as after a question was put otherwise, it would be known at once.
      const isAsked = async (sha256: string) => (await sheetsOf(sha256)).length > 0
      const items = await drawKnown(tx, rules, raterId, HIDDEN_AT_ONCE, 'hidden', random, isAsked)
      for (const { episodeId, criterionSha256, copyOf } of items) {
        if (
          copyOf !== null &&
          !(await showCopy(tx, effects, { projectId, raterId, episodeId: copyOf, copyId: episodeId }))
        )
          continue
        if (!(await put(tx, effects, { projectId, raterId }, 'hidden', { episodeId, criterionSha256 })))
          continue
        const sheets = await sheetsOf(criterionSha256)
        for (const sha256 of sheets[Math.floor(random() * sheets.length)] ?? [])
          await put(tx, effects, { projectId, raterId }, 'beside', { episodeId, criterionSha256: sha256 })
      }
    }
  })
}

/** People who may answer and have few hidden questions left that can come to them (`hiddenKnown`). */
async function ratersInNeed(tx: Transaction, projectId: string): Promise<readonly string[]> {
  const { rows } = await tx.execute<{ id: string }>(sql`
    select raters.id from raters
    where raters.project_id = ${projectId} and raters.kind = 'human' and raters.user_id is not null
      and ${mayAnswer(projectId, sql`raters.id`)}
      and (select count(*) from vetting_draws draws
        join assignments on assignments.project_id = draws.project_id and assignments.id = draws.id
        where draws.project_id = raters.project_id and draws.rater_id = raters.id and draws.kind = 'hidden'
        and not ${isRetired(projectId, { episodeId: sql`draws.episode_id`, sha256: sql`draws.criterion_sha256` })}
        and ${isFreeForDrawn({ projectId, raterId: sql`raters.id` })} and ${hasText}
      ) < ${WAITING_MIN}
    order by raters.id`)
  return rows.map(({ id }) => id)
}

/** False: there is no rubric under which it could be asked. What was drawn for the rater before stays as it was. */
async function put(
  tx: Transaction,
  effects: Effects,
  { projectId, raterId }: RaterId,
  kind: 'hidden' | 'beside',
  { episodeId, criterionSha256 }: { readonly episodeId: string; readonly criterionSha256: string },
): Promise<boolean> {
  const assignmentId = await assignmentFor(tx, effects, projectId, episodeId, criterionSha256)
  if (assignmentId === null) return false
  await tx
    .insert(vettingDraws)
    .values({ projectId, raterId, id: assignmentId, kind, episodeId, criterionSha256, at: effects.now() })
    .onConflictDoNothing()
  return true
}

/** The one there is, or one that nobody else is offered. */
async function assignmentFor(
  tx: Transaction,
  effects: Effects,
  projectId: string,
  episodeId: string,
  criterionSha256: string,
): Promise<string | null> {
  const asked = await tx.execute<{ id: string }>(sql`
    select rubric_id as id from assignments where project_id = ${projectId} and criterion_sha256 = ${criterionSha256}
    limit 1`)
  const rubricId = asked.rows[0]?.id
  if (rubricId === undefined) return null
  await openAssignments(tx, effects, projectId, {
    rubricId,
    criterionSha256,
    episodeIds: [episodeId],
    answersWanted: 0,
    purpose: 'gold',
  })
  const made = await tx.execute<{ id: string }>(sql`
    select id from assignments where project_id = ${projectId} and episode_id = ${episodeId}
      and criterion_sha256 = ${criterionSha256} order by answers_wanted limit 1`)
  return made.rows[0]?.id ?? null
}
