/**
 * After decisions about held calls it is drawn whether a planted request follows: only while whoever decided is at it, and never more
 * than the share. Each draw is written down with its probability, whether anything came of it or not.
 */
import { sql } from 'drizzle-orm'
import { keyedDraw } from '../assignments/keyed-draw.ts'
import type { Transaction } from '../db/connect.ts'
import type { Effects } from '../http/environment.ts'
import type { DrawnFor } from './call-to-plant.ts'
import { forgetRequests } from './forget-requests.ts'
import { isPlantedRequest } from './is-planted.ts'
import { plantRequest } from './plant-request.ts'
import { type PlantedRequestRules, plantedRequestRulesOf } from './rules.ts'
import { plantedRequestDraws } from './tables.ts'

/** One comes so long after the decision: calls come when they come. */
const SOONEST_MS = 20_000
const LATEST_MS = 150_000
/** The person may have gone by then. */
const LATE_MS = 240_000

type Decided = DrawnFor & { readonly at: Date }
type Outcome = (typeof plantedRequestDraws.$inferSelect)['outcome']

/** Safe to repeat, and for several processes at once. */
export async function drawRequests(effects: Effects): Promise<void> {
  await forgetRequests(effects)
  const { rows } = await effects.db.execute<{ project_id: string }>(sql`
    select distinct project_id from planted_request_rules`)
  for (const { project_id: projectId } of rows)
    await effects.db.transaction(async (tx) => {
      await tx.execute(
        sql`select pg_advisory_xact_lock(hashtextextended('planted requests:' || ${projectId}::text, 0))`,
      )
      const rules = await plantedRequestRulesOf(tx, projectId)
      if (rules === null || rules.share === 0) return
      for (const decided of await decidedLately(tx, effects, rules)) await draw(tx, effects, rules, decided)
    })
}

/** Decisions of people that nothing was drawn for yet, oldest first. Nothing follows one about a planted request. */
async function decidedLately(
  tx: Transaction,
  { now }: Effects,
  { projectId, at }: PlantedRequestRules,
): Promise<readonly Decided[]> {
  const since = new Date(Math.max(at.getTime(), now().getTime() - 2 * LATE_MS)).toISOString()
  const { rows } = await tx.execute<{ hold_id: string; agent_id: string; actor: string; at: string }>(sql`
    select holds.id as hold_id, holds.agent_id, answers.actor, answers.at
    from hold_answers answers
    join holds on holds.project_id = answers.project_id and holds.id = answers.hold_id
    where answers.project_id = ${projectId} and answers.at >= ${since}::timestamptz and answers.actor like 'person:%'
      and not ${isPlantedRequest(sql`holds.project_id`, sql`holds.id`)}
      and not exists (select 1 from planted_request_draws draws where draws.project_id = holds.project_id
        and draws.decided_id = holds.id)
    order by answers.at, holds.id`)
  return rows.map((row) => ({
    projectId,
    agentId: row.agent_id,
    decidedId: row.hold_id,
    actor: row.actor,
    at: new Date(row.at),
  }))
}

async function draw(
  tx: Transaction,
  effects: Effects,
  rules: PlantedRequestRules,
  decided: Decided,
): Promise<void> {
  const { projectId, decidedId, actor } = decided
  const { seed, share } = rules
  const write = (outcome: Outcome) =>
    tx
      .insert(plantedRequestDraws)
      .values({ projectId, decidedId, actor, probability: share, outcome, at: effects.now() })
  if (keyedDraw(seed, `request ${decidedId}`) >= share) {
    await write('none')
    return
  }
  const age = effects.now().getTime() - decided.at.getTime()
  if (age < SOONEST_MS + keyedDraw(seed, `delay ${decidedId}`) * (LATEST_MS - SOONEST_MS)) return
  if (age > LATE_MS) await write('late')
  else if (!(await hasRoom(tx, rules, actor))) await write('share')
  else await write(await plantRequest(tx, effects, decided))
}

/** Whether one more is within the share of what the person has decided since the share was set. */
async function hasRoom(
  tx: Transaction,
  { projectId, share, at }: PlantedRequestRules,
  actor: string,
): Promise<boolean> {
  const { rows } = await tx.execute<{ planted: number; decided: number }>(sql`
    select
      (select count(*)::int from planted_request_draws where project_id = ${projectId} and actor = ${actor}
        and at >= ${at.toISOString()}::timestamptz and outcome = 'planted') as planted,
      (select count(*)::int from hold_answers answers where project_id = ${projectId} and actor = ${actor}
        and at >= ${at.toISOString()}::timestamptz
        and not ${isPlantedRequest(sql`answers.project_id`, sql`answers.hold_id`)}) as decided`)
  const { planted = 0, decided = 0 } = rows[0] ?? {}
  return planted + 1 <= share * (decided + planted)
}
