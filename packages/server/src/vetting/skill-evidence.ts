/** How often raters were right on known answers that were drawn for them, since a person last set their tier. */
import { sql } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'
import type { RaterTier } from '../raters/stored-raters.ts'

export type SkillEvidence = {
  readonly raterId: string
  readonly tier: RaterTier
  readonly right: number
  readonly answers: number
}

/**
 * People who answered at least one. Skips count neither way; of hidden ones the half that measures the check is left out,
 * or the same answers would choose who measures it. Checks are left out: who agrees with all that is proposed is often right.
 */
export async function skillEvidence(
  executor: Executor,
  projectId: string,
  raterId?: string,
): Promise<readonly SkillEvidence[]> {
  const only = raterId === undefined ? sql`true` : sql`raters.id = ${raterId}`
  const { rows } = await executor.execute<{
    id: string
    tier: RaterTier | null
    right: number
    answers: number
  }>(sql`
    with newest as (
      select distinct on (rater_id) rater_id, tier from rater_tiers where project_id = ${projectId}
      order by rater_id, id desc
    ),
    since as (
      select rater_id, max(at) as at from rater_tiers
      where project_id = ${projectId} and actor not like 'system:%' group by rater_id
    ),
    answered as (
      select draws.rater_id, round_answers.is_right, round_answers.at
      from vetting_draws draws
      join round_answers on round_answers.project_id = draws.project_id and round_answers.rater_id = draws.rater_id
        and round_answers.draw_id = draws.id
      where draws.project_id = ${projectId} and draws.kind = 'round' and round_answers.is_right is not null
      union all
      select draws.rater_id, ratings.kind = 'answered' and ratings.value #>> '{}' = gold.value, ratings.committed_at
      from vetting_draws draws
      join (
        select episode_id, criterion_sha256, value, false as planted from gold_answers
        where project_id = ${projectId} and part = 'fit'
        union all select id, criterion_sha256, value, true from planted_faults where project_id = ${projectId}
      ) gold on gold.episode_id = draws.episode_id and gold.criterion_sha256 = draws.criterion_sha256
      join ratings on ratings.project_id = draws.project_id and ratings.rater_id = draws.rater_id
        and ratings.episode_id = draws.episode_id and ratings.criterion_sha256 = draws.criterion_sha256
        and ratings.kind in ('answered', 'not-applicable') and ratings.form = 'find'
        -- Help about a copy tells of its original: of a copy the answer before the help shows the skill.
        and (not planted or assistance = 'none')
        and not exists (select 1 from ratings later where later.project_id = ratings.project_id
          and later.supersedes = ratings.id and (not planted or later.assistance = 'none'))
      where draws.project_id = ${projectId} and draws.kind = 'hidden'
    )
    select raters.id, newest.tier, (count(*) filter (where answered.is_right))::int as right, count(*)::int as answers
    from raters
    join answered on answered.rater_id = raters.id
    left join newest on newest.rater_id = raters.id
    left join since on since.rater_id = raters.id
    where raters.project_id = ${projectId} and raters.kind = 'human' and ${only}
      and (since.at is null or answered.at > since.at)
    group by raters.id, newest.tier order by raters.id`)
  return rows.map(({ id, tier, right, answers }) => ({
    raterId: id,
    tier: tier ?? 'trainee',
    right,
    answers,
  }))
}
