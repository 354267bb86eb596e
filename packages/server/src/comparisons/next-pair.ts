/** The next pair of a rater, reserved, with the sides drawn; the same one again until it is answered. */
import { sql } from 'drizzle-orm'
import type { Reviewer } from '../assignments/rater-of.ts'
import { RESERVED_MS } from '../assignments/reserve.ts'
import { uniformDraw } from '../assignments/uniform-draw.ts'
import type { Executor, Transaction } from '../db/connect.ts'
import type { Effects } from '../http/environment.ts'
import { type GivenPair, requireGiven } from './find-pair.ts'
import { isFit, isOpenTo } from './open-to.ts'
import { mostInformative } from './rank-pairs.ts'
import { isStanding } from './standing-answers.ts'
import { comparisonDraws, comparisonReservations } from './tables.ts'

/** Open pairs looked at for the most informative one. */
const LOOKED_AT = 200

/** Null when none is open to it. One rater of a project at a time: two at once cannot both take the last place. */
export async function nextPair(effects: Effects, reviewer: Reviewer): Promise<GivenPair | null> {
  return effects.db.transaction(async (tx) => {
    await tx.execute(
      sql`select pg_advisory_xact_lock(hashtextextended('comparisons:' || ${reviewer.projectId}::text, 0))`,
    )
    const held = await heldNow(tx, reviewer, effects.now())
    if (held !== null) return requireGiven(tx, reviewer, held)
    const next = await firstOpen(tx, reviewer, effects.now())
    if (next === null) return null
    await drawSides(tx, effects, reviewer, next)
    await holdPair(tx, reviewer, next.id, effects.now())
    return requireGiven(tx, reviewer, next.id)
  })
}

/** Open pairs, and so how many more wait for this rater. */
export async function countOpen(executor: Executor, reviewer: Reviewer, now: Date): Promise<number> {
  const { rows } = await executor.execute<{ open: number }>(sql`
    select count(*)::int as open from comparison_pairs pairs
    where pairs.project_id = ${reviewer.projectId} and ${isOpenTo(reviewer, now)}`)
  return rows[0]?.open ?? 0
}

/** Also after an undo, whoever else has taken the place meanwhile. */
export async function holdPair(
  tx: Transaction,
  { projectId, raterId }: Reviewer,
  pairId: string,
  now: Date,
): Promise<void> {
  const held = { startedAt: now, expiresAt: new Date(now.getTime() + RESERVED_MS) }
  await tx
    .insert(comparisonReservations)
    .values({ projectId, pairId, raterId, ...held })
    .onConflictDoUpdate({
      target: [
        comparisonReservations.projectId,
        comparisonReservations.pairId,
        comparisonReservations.raterId,
      ],
      set: held,
    })
}

/** Of several the one it came to last: after an undo that is the pair it went back to. */
async function heldNow(tx: Transaction, reviewer: Reviewer, now: Date): Promise<string | null> {
  const { projectId, raterId } = reviewer
  const { rows } = await tx.execute<{ id: string }>(sql`
    select pairs.id from comparison_reservations held
    join comparison_pairs pairs on pairs.project_id = held.project_id and pairs.id = held.pair_id
    where held.project_id = ${projectId} and held.rater_id = ${raterId}
      and held.expires_at > ${now.toISOString()}::timestamptz and ${isFit(reviewer)}
      and not exists (select 1 from comparison_answers said where said.project_id = pairs.project_id
        and said.pair_id = pairs.id and said.rater_id = ${raterId} and ${isStanding})
    order by held.started_at desc, pairs.id limit 1`)
  return rows[0]?.id ?? null
}

type Candidate = {
  readonly id: string
  readonly first: string
  readonly second: string
  readonly agent: string
  readonly criterion: string
}

async function firstOpen(tx: Transaction, reviewer: Reviewer, now: Date): Promise<Candidate | null> {
  const { projectId } = reviewer
  const { rows } = await tx.execute<Candidate>(sql`
    select pairs.id, pairs.first_episode_id as first, pairs.second_episode_id as second, pairs.agent_id as agent,
      pairs.criterion_sha256 as criterion
    from comparison_pairs pairs where pairs.project_id = ${projectId} and ${isOpenTo(reviewer, now)}
    order by pairs.position, pairs.id limit ${LOOKED_AT}`)
  const [head] = rows
  if (head === undefined) return null
  const alike = rows.filter(({ agent, criterion }) => agent === head.agent && criterion === head.criterion)
  const question = { projectId, agentId: head.agent, criterionSha256: head.criterion }
  const best = await mostInformative(
    tx,
    question,
    alike.map(({ id }) => id),
  )
  return alike.find(({ id }) => id === best) ?? head
}

/** Once for each rater and pair: who comes back to it after hours finds it as it was. */
async function drawSides(
  tx: Transaction,
  effects: Pick<Effects, 'now' | 'randomBytes'>,
  { projectId, raterId }: Reviewer,
  { id, first, second }: Candidate,
): Promise<void> {
  const leftEpisodeId = uniformDraw(effects) < 0.5 ? first : second
  await tx
    .insert(comparisonDraws)
    .values({ projectId, pairId: id, raterId, leftEpisodeId, at: effects.now() })
    .onConflictDoNothing()
}
