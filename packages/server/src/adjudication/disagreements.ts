/**
 * Items on which trusted people disagree, or that one of them flagged. Statements on `ratings` and `adjudications`; no table of
 * secrets is joined, so that an item looks the same whether it is gold, an audit or chosen.
 */

import { type SQL, sql } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'
import { inConflict } from '../raters/conflicts.ts'
import { isTrustedTier } from '../raters/stored-raters.ts'
import type { Adjudicator } from './adjudicator-of.ts'

export type Disagreement = {
  readonly episodeId: string
  readonly criterionSha256: string
  readonly question: string
  readonly answers: number
  readonly flagged: boolean
  readonly decided: boolean
  /** Orders the items of one kind. */
  readonly place: string
}

export type Item = { readonly episodeId: string; readonly criterionSha256: string }

/** Behind this place; null for the first page. */
export type After = { readonly decided: boolean; readonly place: string } | null

export async function listDisagreements(
  executor: Executor,
  adjudicator: Adjudicator,
  page: { readonly limit: number; readonly after: After },
): Promise<readonly Disagreement[]> {
  const { after } = page
  const found = await executor.execute<Row>(sql`
    select * from (${disagreements(adjudicator, null)}) items where not yours
      ${after === null ? sql`` : sql`and (decided, place) > (${after.decided}, ${after.place})`}
    order by decided, place limit ${page.limit}`)
  return found.rows.map(disagreement)
}

/** How many wait for a decision that this person may take, and how many it may not because it answered them. */
export async function countDisagreements(
  executor: Executor,
  adjudicator: Adjudicator,
): Promise<{ readonly waiting: number; readonly yours: number }> {
  const found = await executor.execute<{ waiting: number; yours: number }>(sql`
    select (count(*) filter (where not yours and not decided))::int as waiting,
      (count(*) filter (where yours and not decided))::int as yours
    from (${disagreements(adjudicator, null)}) items`)
  return found.rows[0] ?? { waiting: 0, yours: 0 }
}

/** undefined where nobody disagrees (any more), or the item is not there. */
export async function findDisagreement(
  executor: Executor,
  adjudicator: Adjudicator,
  item: Item,
): Promise<(Disagreement & { readonly yours: boolean }) | undefined> {
  const found = await executor.execute<Row>(disagreements(adjudicator, item))
  const [row] = found.rows
  return row === undefined ? undefined : { ...disagreement(row), yours: row.yours }
}

/**
 * Whether this person ever answered the question, taken back or not, is at it, or may not judge its agent: nobody decides
 * between themselves and others, or about what is theirs; and who is to answer must not read first what others said.
 */
export async function hasAnswered(
  executor: Executor,
  { projectId, raterId }: Adjudicator,
  item: Item,
): Promise<boolean> {
  const found = await executor.execute(sql`
    select 1 from ratings where project_id = ${projectId} and rater_id = ${raterId}
      and episode_id = ${item.episodeId} and criterion_sha256 = ${item.criterionSha256}
    union all select 1 where ${isGiven(projectId, raterId, sql`${item.episodeId}`, sql`${item.criterionSha256}`)}
    union all select 1 where ${inConflict(projectId, raterId, item.episodeId)} limit 1`)
  return found.rows.length > 0
}

/** The server gave the question to this person, at whatever time, and may be answered yet. */
const isGiven = (projectId: string, raterId: string, episodeId: SQL, criterionSha256: SQL) => sql`exists (
  select 1 from reservations join assignments on assignments.project_id = reservations.project_id
    and assignments.id = reservations.assignment_id
  where reservations.project_id = ${projectId} and reservations.rater_id = ${raterId}
    and assignments.episode_id = ${episodeId} and assignments.criterion_sha256 = ${criterionSha256})`

type Row = {
  readonly episode_id: string
  readonly criterion_sha256: string
  readonly question: string
  readonly answers: number
  readonly flagged: boolean
  readonly decided: boolean
  readonly yours: boolean
  readonly place: string
}

function disagreement(row: Row): Disagreement {
  return {
    episodeId: row.episode_id,
    criterionSha256: row.criterion_sha256,
    question: row.question,
    answers: row.answers,
    flagged: row.flagged,
    decided: row.decided,
    place: row.place,
  }
}

/**
 * Standing answers of people who are trusted now, item by item, where two that were found differ (of checks some agree with
 * what was made up) or one is flagged, and no more are wanted. Numbers are left out: two of
 * them nearly always differ, and no estimate takes a number for known. `place` is a hash, because an id tells when the
 * episode was imported, and so which policy acted.
 */
function disagreements({ projectId, raterId }: Adjudicator, item: Item | null): SQL {
  return sql`
    select one.episode_id, one.criterion_sha256, criteria.definition->>'question' as question, answers, flagged,
      exists (select 1 from adjudications decided where decided.project_id = ${projectId}
        and decided.criterion_sha256 = one.criterion_sha256 and decided.episode_id = one.episode_id
        and decided.kind <> 'withdrawn' and not exists (select 1 from adjudications later
          where later.project_id = decided.project_id and later.supersedes = decided.id)) as decided,
      exists (select 1 from ratings own where own.project_id = ${projectId} and own.rater_id = ${raterId}
        and own.episode_id = one.episode_id and own.criterion_sha256 = one.criterion_sha256)
      or ${isGiven(projectId, raterId, sql`one.episode_id`, sql`one.criterion_sha256`)}
      or ${inConflict(projectId, raterId, sql`one.episode_id`)} as yours,
      md5(${projectId}::text || one.episode_id || one.criterion_sha256) as place
    from (
      select ratings.episode_id, ratings.criterion_sha256, (count(*) filter (where ratings.form = 'find'))::int as answers, bool_or(flagged) as flagged
      from ratings
      join raters on raters.project_id = ratings.project_id and raters.id = ratings.rater_id and raters.kind = 'human'
      join lateral (
        select tier from rater_tiers where rater_tiers.project_id = ratings.project_id
          and rater_tiers.rater_id = ratings.rater_id order by rater_tiers.id desc limit 1
      ) newest on ${isTrustedTier(sql`newest.tier`)}
      where ratings.project_id = ${projectId} and ratings.kind in ('answered', 'not-applicable')
        ${
          item === null
            ? sql``
            : sql`and ratings.episode_id = ${item.episodeId} and ratings.criterion_sha256 = ${item.criterionSha256}`
        }
        and not exists (select 1 from ratings later
          where later.project_id = ratings.project_id and later.supersedes = ratings.id)
      group by ratings.episode_id, ratings.criterion_sha256
      having bool_or(flagged)
        or count(distinct ratings.kind || coalesce(ratings.value #>> '{}', '')) filter (where ratings.form = 'find') > 1
    ) one
    join criteria on criteria.project_id = ${projectId} and criteria.sha256 = one.criterion_sha256
      and criteria.definition->'scale'->>'kind' <> 'number'
    join episodes on episodes.project_id = ${projectId} and episodes.id = one.episode_id
    -- While answers are wanted, whoever reads these may be asked for one.
    where not exists (select 1 from assignments where assignments.project_id = ${projectId}
      and assignments.episode_id = one.episode_id and assignments.criterion_sha256 = one.criterion_sha256
      and answers_wanted > one.answers)`
}
