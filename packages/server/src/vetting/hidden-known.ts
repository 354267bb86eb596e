/**
 * Known answers among a rater's questions. Whether the rater's next question is one is a keyed function of how many
 * questions it has answered or skipped, checks not counted, so that asking again changes nothing, and so that what is to come can be counted:
 * progress that ignored them would jump at each, and tell.
 *
 * This reads the secret tables, by itself: no statement here or in the queue joins them with what raters are told.
 */
import { sql } from 'drizzle-orm'
import { keyedDraw } from '../assignments/keyed-draw.ts'
import { hasText, isFreeForDrawn } from '../assignments/reserve.ts'
import type { Database } from '../db/connect.ts'
import { executePrepared } from '../db/execute-prepared.ts'
import { isRetired } from './retired.ts'

export type RaterId = { readonly projectId: string; readonly raterId: string }

export type HiddenKnown = {
  /** The assignment to serve now, when at least one ordinary question is open; null: an ordinary one. */
  readonly now: string | null
  /** How many questions the rater has answered or skipped; null: nothing is hidden among them. */
  readonly said: number | null
  /** How many come before `open` ordinary questions are answered. */
  readonly ahead: (open: number) => number
}

const NONE_HIDDEN: HiddenKnown = { now: null, said: null, ahead: () => 0 }
/** Drawn at once, and so many are read. */
export const HIDDEN_AT_ONCE = 20

/** What is set for the project and drawn for the rater. Null: nobody is vetted in it. */
export type VettingPlan = {
  readonly hasRound: boolean
  readonly seed: string
  readonly hiddenShare: number
  readonly hiddenIds: readonly string[]
}

/** One question to the database: this is asked at every answer. */
export async function vettingPlan(
  db: Database,
  { projectId, raterId }: RaterId,
): Promise<VettingPlan | null> {
  const [row] = await executePrepared<{
    has_round: boolean
    seed: string
    hidden_share: number
    ids: readonly string[]
  }>(
    db,
    'vetting_plan',
    sql`select round_questions > 0 as has_round, seed, hidden_share, array(
        select id::text from vetting_draws where project_id = ${projectId} and rater_id = ${raterId}
          and kind = 'hidden'
          and not ${isRetired(projectId, { episodeId: sql`vetting_draws.episode_id`, sha256: sql`vetting_draws.criterion_sha256` })}
          order by at desc, id desc limit ${2 * HIDDEN_AT_ONCE}) as ids
      from vetting_rules where project_id = ${projectId} order by vetting_rules.id desc limit 1`,
  )
  if (row === undefined) return null
  const { has_round: hasRound, seed, hidden_share: hiddenShare, ids } = row
  return { hasRound, seed, hiddenShare, hiddenIds: [...ids].reverse() }
}

export async function hiddenKnown(
  db: Database,
  rater: RaterId,
  plan: VettingPlan | null,
): Promise<HiddenKnown> {
  if (plan === null || plan.hiddenShare === 0 || plan.hiddenIds.length === 0) return NONE_HIDDEN
  const { said, waiting } = await standingOf(db, rater, plan.hiddenIds)
  const isKnown = (place: number) => keyedDraw(plan.seed, `${rater.raterId}:${place}`) < plan.hiddenShare
  return {
    now: isKnown(said) ? (waiting[0] ?? null) : null,
    said,
    ahead: (open) => {
      let known = 0
      for (let place = said, left = open; left > 0; place++)
        if (known < waiting.length && isKnown(place)) known += 1
        else left -= 1
      return known
    },
  }
}

/** Assignments that were drawn for the rater about the episode: known ones, and what stands on a sheet beside them. */
export async function drawnAbout(
  db: Database,
  { projectId, raterId }: RaterId,
  episodeId: string,
): Promise<ReadonlySet<string>> {
  const rows = await executePrepared<{ id: string }>(
    db,
    'drawn_about',
    sql`select id from vetting_draws where project_id = ${projectId} and rater_id = ${raterId}
      and episode_id = ${episodeId} and kind in ('hidden', 'beside')`,
  )
  return new Set(rows.map(({ id }) => id))
}

/** `waiting` keeps the order of `ids`: what would be refused is none of them, or nothing that comes after it would ever come. */
async function standingOf(db: Database, { projectId, raterId }: RaterId, ids: readonly string[]) {
  const [row] = await executePrepared<{ said: number; waiting: readonly string[] }>(
    db,
    'hidden_standing',
    sql`select (select count(*) from ratings
          where project_id = ${projectId} and rater_id = ${raterId} and kind <> 'withdrawn'
            and assignment_id is not null and form = 'find' and not exists (select 1 from ratings later
              where later.project_id = ratings.project_id and later.supersedes = ratings.id))::int as said,
        array(select assignments.id::text
          from unnest(${`{${ids.join(',')}}`}::uuid[]) with ordinality as planned(id, place)
          join assignments on assignments.project_id = ${projectId} and assignments.id = planned.id
          where ${isFreeForDrawn({ projectId, raterId })} and ${hasText}
          order by place) as waiting`,
  )
  return { said: row?.said ?? 0, waiting: row?.waiting ?? [] }
}
