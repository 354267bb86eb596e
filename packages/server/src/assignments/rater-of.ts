/** Who answers: the rater of a principal, and whether its answers are the gate's truth. */

import { sql } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'
import { executePrepared } from '../db/execute-prepared.ts'
import { AppError } from '../http/app-error.ts'
import type { Effects, Principal } from '../http/environment.ts'
import { newestConflictOf } from '../raters/conflicts.ts'
import { ensureRater } from '../raters/ensure-rater.ts'
import { isTrusted, tierOf } from '../raters/stored-raters.ts'

export type Reviewer = {
  readonly projectId: string
  readonly raterId: string
  /** An assignment wants so many answers of trusted raters; as many of untrusted ones do no harm, and show their skill. */
  readonly trusted: boolean
  /** Experts look again at what others answered. */
  readonly expert: boolean
  /** Id of what was last said about what the rater may not judge; null: nothing. What was read before does not know it. */
  readonly newestConflict: string | null
}

/** The rater of a person is theirs alone; an API key answers as a rater of its own. Throws `forbidden` when suspended. */
export async function raterOf(effects: Effects, projectId: string, principal: Principal): Promise<Reviewer> {
  const found =
    (await raterOfAccount(effects, projectId, principal)) ?? (await makeRater(effects, projectId, principal))
  if (found.tier === 'suspended')
    throw new AppError(
      'forbidden',
      'Your answers are suspended in this project.',
      'Ask an admin of the project why, and to lift it.',
    )
  return {
    projectId,
    raterId: found.id,
    trusted: isTrusted(found.tier),
    expert: found.tier === 'expert',
    newestConflict: found.conflict,
  }
}

/** The same by the id of the rater, for what is drawn for it in the background. */
export async function reviewerOf(executor: Executor, projectId: string, raterId: string): Promise<Reviewer> {
  const tier = (await tierOf(executor, projectId, [raterId])).get(raterId) ?? null
  return {
    projectId,
    raterId,
    trusted: isTrusted(tier),
    expert: tier === 'expert',
    newestConflict: await newestConflictOf(executor, projectId, raterId),
  }
}

type Found = { readonly id: string; readonly tier: string | null; readonly conflict: string | null }

/** One question to the database where there is a rater: this is asked at every answer. */
async function raterOfAccount(
  { db }: Effects,
  projectId: string,
  principal: Principal,
): Promise<Found | undefined> {
  if (principal.kind !== 'person') return undefined
  const [found] = await executePrepared<Found>(
    db,
    'rater_of_account',
    sql`
    select id, (select tier from rater_tiers where rater_tiers.project_id = raters.project_id
      and rater_tiers.rater_id = raters.id order by rater_tiers.id desc limit 1) as tier,
      greatest((select max(conflict.id::text) from rater_conflicts conflict where conflict.project_id = raters.project_id
          and conflict.rater_id = raters.id),
        (select max(copy.id::text) from rater_copies copy where copy.project_id = raters.project_id
          and copy.rater_id = raters.id)) as conflict
    from raters where project_id = ${projectId} and user_id = ${principal.userId}`,
  )
  return found
}

async function makeRater(effects: Effects, projectId: string, principal: Principal): Promise<Found> {
  const { id } = await ensureRater(effects.db, effects, projectId, {
    kind: 'human',
    name: principal.name,
    family: 'people',
    ...(principal.kind === 'person'
      ? { userId: principal.userId }
      : { definition: { key: principal.keyId } }),
  })
  const tier = (await tierOf(effects.db, projectId, [id])).get(id) ?? null
  return { id, tier, conflict: await newestConflictOf(effects.db, projectId, id) }
}
