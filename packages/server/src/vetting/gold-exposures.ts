/** Known answers with who has met each: as work, in secret, or in any other way. For admins: it says what is known. */
import type { GoldItem } from '@leeway/contract/vetting'
import { type KnownAnswer, leakSign } from '@leeway/core/raters/leak-sign'
import { type SQL, sql } from 'drizzle-orm'
import { metByRaters } from '../assignments/met-elsewhere.ts'
import type { Executor } from '../db/connect.ts'

/** Shown at once: those that most people have met. */
const ITEMS_MAX = 500

/**
 * SQL: a subquery of `episode_id`, `criterion_sha256` and `rater_id`, each once: people who met a known answer, were asked about it or
 * will be. A model that answers passes nothing on.
 */
export const goldMet = (projectId: SQL | string) => sql`(
  select met.episode_id, met.criterion_sha256, met.rater_id from (
    select episode_id, criterion_sha256, rater_id from vetting_draws where project_id = ${projectId}
    union select known.episode_id, known.criterion_sha256, ratings.rater_id from gold_answers known
      join ratings on ratings.project_id = known.project_id and ratings.episode_id = known.episode_id
        and ratings.criterion_sha256 = known.criterion_sha256 and ratings.kind <> 'withdrawn'
      where known.project_id = ${projectId}
    union select original_id, criterion_sha256, rater_id from validity_places where project_id = ${projectId} and not planted
    union select episode_id, criterion_sha256, rater_id from ${metByRaters(projectId)} elsewhere
  ) met
  join raters on raters.project_id = ${projectId} and raters.id = met.rater_id and raters.kind = 'human'
  join gold_answers gold on gold.project_id = ${projectId} and gold.episode_id = met.episode_id
    and gold.criterion_sha256 = met.criterion_sha256)`

type Row = Omit<GoldItem, 'sign' | 'retired'> & {
  readonly times: readonly KnownAnswer[]
  readonly kind: 'leaked' | 'overexposed' | null
  readonly reason: string | null
  readonly retired_at: Date | string | null
}

/** Those first that later people answered faster than earlier ones, then by how many met them; and how many there are. */
export async function goldExposures(
  executor: Executor,
  projectId: string,
): Promise<{ readonly items: readonly GoldItem[]; readonly total: number }> {
  const { rows } = await executor.execute<Row & { total: number }>(sql`
    with met as (select episode_id, criterion_sha256, count(*)::int as people from ${goldMet(projectId)} met group by 1, 2),
    answers as (
      select gold.episode_id, gold.criterion_sha256, rater_id, answered.at, is_right, seconds from gold_answers gold
      join lateral (
        select rater_id, committed_at as at, kind = 'answered' and ratings.value #>> '{}' = gold.value as is_right,
          case when started_at is not null then greatest(extract(epoch from committed_at - started_at), 0)::float8 end as seconds
        from ratings where ratings.project_id = gold.project_id and ratings.episode_id = gold.episode_id
          and ratings.criterion_sha256 = gold.criterion_sha256 and kind in ('answered', 'not-applicable')
          and not exists (select 1 from ratings later
            where later.project_id = ratings.project_id and later.supersedes = ratings.id)
        union all
        select rater_id, at, is_right, greatest(extract(epoch from at - started_at), 0)::float8
        from round_answers where round_answers.project_id = gold.project_id
          and round_answers.episode_id = gold.episode_id and round_answers.criterion_sha256 = gold.criterion_sha256
          and is_right is not null
      ) answered on true
      join raters on raters.project_id = gold.project_id and raters.id = answered.rater_id and raters.kind = 'human'
      where gold.project_id = ${projectId}
    ),
    told as (
      select episode_id, criterion_sha256, count(*)::int as answers, (count(*) filter (where is_right))::int as right,
        percentile_cont(0.5) within group (order by seconds) as seconds,
        jsonb_agg(jsonb_build_object('right', is_right, 'seconds', seconds) order by at) as times
      from answers group by 1, 2
    )
    select gold.episode_id as "episodeId", gold.criterion_sha256 as "criterionSha256",
      criteria.definition->>'question' as question, gold.value, gold.part, coalesce(met.people, 0) as people,
      coalesce(told.answers, 0) as answers, coalesce(told.right, 0) as right, told.seconds as "medianSeconds",
      coalesce(told.times, '[]') as times, retired.kind, retired.reason, retired.at as retired_at,
      (count(*) over ())::int as total
    from gold_answers gold
    join criteria on criteria.project_id = gold.project_id and criteria.sha256 = gold.criterion_sha256
    left join met on met.episode_id = gold.episode_id and met.criterion_sha256 = gold.criterion_sha256
    left join told on told.episode_id = gold.episode_id and told.criterion_sha256 = gold.criterion_sha256
    left join gold_retirements retired on retired.project_id = gold.project_id and retired.episode_id = gold.episode_id
      and retired.criterion_sha256 = gold.criterion_sha256
    where gold.project_id = ${projectId}
    order by people desc, gold.episode_id, gold.criterion_sha256 limit ${ITEMS_MAX}`)
  const items = rows.map(({ times, kind, reason, retired_at, total: _, ...item }) => {
    const sign = leakSign(times)
    return {
      ...item,
      sign: sign.kind === 'quicker' ? { chance: sign.chance } : null,
      retired:
        kind === null || reason === null || retired_at === null
          ? null
          : { kind, reason, at: new Date(retired_at).toISOString() },
    }
  })
  const isFirst = ({ sign, retired }: GoldItem) => sign !== null && retired === null
  return {
    items: [...items.filter(isFirst), ...items.filter((item) => !isFirst(item))],
    total: rows[0]?.total ?? 0,
  }
}
