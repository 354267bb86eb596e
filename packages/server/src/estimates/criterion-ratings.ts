/** What stands about one criterion: everybody's answers, gold of the part that may be used, what was adjudicated, and who is suspended. */
import type { RaterKind } from '@leeway/core/rubrics/rubric'
import { sql } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'
import { isNotPaired } from '../episodes/not-paired.ts'
import { isNotPlanted } from '../planted-faults/not-planted.ts'
import { voiceOf } from '../raters/voice-of.ts'
import type { Unheard } from '../supervision/unheard.ts'

export type StandingAnswer = {
  readonly episodeId: string
  readonly raterId: string
  /** Null: the rater says that the question does not arise. */
  readonly value: string | number | null
  readonly probability: number | null
  readonly form: 'find' | 'verify'
  /** What a check was a check of; null where an answer was found, or nobody recorded it. */
  readonly proposed: string | null
  /** Of a model that is no independent voice about this episode: kept for its card, and believed of nothing. */
  readonly unheard: boolean
  readonly at: Date
}
export type CriterionRatings = {
  /** In the order in which they were given. */
  readonly answers: readonly StandingAnswer[]
  readonly raters: ReadonlyMap<
    string,
    {
      readonly name: string
      readonly kind: RaterKind
      /** Raters of one voice share weights, and are heard once. */
      readonly voice: string
      readonly suspended: boolean
    }
  >
  /** By episode; of the part `fit` only: the other one measures, and nothing may learn from it. */
  readonly gold: ReadonlyMap<string, string>
  /** By episode: what stands as decided where people disagreed; null: that the question does not arise. */
  readonly adjudicated: ReadonlyMap<string, string | null>
}

/** Changes whenever `criterionRatings` would. `unheard`: the pairs about this question (`unheardPairs`). */
export async function ratingsFingerprint(
  executor: Executor,
  projectId: string,
  criterionSha256: string,
  unheard: readonly Unheard[],
): Promise<string> {
  const found = await executor.execute<{ mark: string }>(sql`
    select concat_ws(':',
      (select count(*) || '/' || max(id::text) from ratings
        where project_id = ${projectId} and criterion_sha256 = ${criterionSha256}
          and ${isNotPlanted(projectId, sql`ratings.episode_id`)}),
      (select max(id::text) from rater_tiers where project_id = ${projectId}),
      (select count(*) from gold_answers where project_id = ${projectId} and criterion_sha256 = ${criterionSha256}),
      (select count(*) from adjudications where project_id = ${projectId} and criterion_sha256 = ${criterionSha256})
    ) as mark`)
  return [found.rows[0]?.mark, ...unheard.map(keyOf)].join(':')
}

export async function criterionRatings(
  executor: Executor,
  projectId: string,
  criterionSha256: string,
  pairs: readonly Unheard[],
): Promise<CriterionRatings> {
  const unheard = new Set(pairs.map(keyOf))
  const answers = await executor.execute<{
    episode: string
    rater: string
    kind: string
    value: string | number | null
    probability: number | null
    form: 'find' | 'verify'
    proposed: string | null
    at: string
    policy: string | null
    name: string
    family: string
    rater_kind: RaterKind
    tier: string | null
  }>(sql`
    select ratings.episode_id as episode, ratings.rater_id as rater, ratings.kind, ratings.value, ratings.probability,
      ratings.form, forms.proposed #>> '{}' as proposed, ratings.committed_at as at, raters.name, raters.family, raters.kind as rater_kind,
      coalesce(episodes.policy_id, gone.policy_id) as policy,
      (select tier from rater_tiers where rater_tiers.project_id = ratings.project_id
        and rater_tiers.rater_id = ratings.rater_id order by rater_tiers.id desc limit 1) as tier
    from ratings
    join raters on raters.project_id = ratings.project_id and raters.id = ratings.rater_id
    left join episodes on episodes.project_id = ratings.project_id and episodes.id = ratings.episode_id
    left join episode_tombstones gone on gone.project_id = ratings.project_id and gone.episode_id = ratings.episode_id
    left join question_forms forms on forms.project_id = ratings.project_id and forms.rater_id = ratings.rater_id
      and forms.episode_id = ratings.episode_id and forms.criterion_sha256 = ratings.criterion_sha256
    where ratings.project_id = ${projectId} and ratings.criterion_sha256 = ${criterionSha256}
      and ratings.kind in ('answered', 'not-applicable')
      and ${isNotPlanted(projectId, sql`ratings.episode_id`)} and ${isNotPaired(sql`episodes.unit_key`)}
      and not exists (select 1 from ratings later
        where later.project_id = ratings.project_id and later.supersedes = ratings.id)
    order by ratings.committed_at, ratings.id`)
  const gold = await executor.execute<{ episode: string; value: string }>(sql`
    select episode_id as episode, value from gold_answers
    where project_id = ${projectId} and criterion_sha256 = ${criterionSha256} and part = 'fit'`)
  // Never among the gold, and of neither part: these are items that people were seen to disagree on, not drawn at random.
  // Counted in 'measure' they would make raters look worse than they are; in 'fit' they would choose the method by the hard items.
  const adjudicated = await executor.execute<{ episode: string; value: string | null }>(sql`
    select episode_id as episode, value from adjudications
    where project_id = ${projectId} and criterion_sha256 = ${criterionSha256} and kind <> 'withdrawn'
      and not exists (select 1 from adjudications later
        where later.project_id = adjudications.project_id and later.supersedes = adjudications.id)`)
  return {
    answers: answers.rows.map((row) => ({
      episodeId: row.episode,
      raterId: row.rater,
      value: row.kind === 'answered' ? row.value : null,
      probability: row.probability,
      form: row.form,
      proposed: row.proposed,
      unheard: unheard.has(keyOf({ raterId: row.rater, policyId: row.policy ?? '' })),
      at: new Date(row.at),
    })),
    raters: new Map(
      answers.rows.map((row) => [
        row.rater,
        {
          name: row.name,
          kind: row.rater_kind,
          voice: voiceOf({ id: row.rater, kind: row.rater_kind, family: row.family }),
          suspended: row.tier === 'suspended',
        },
      ]),
    ),
    gold: new Map(gold.rows.map(({ episode, value }) => [episode, value])),
    adjudicated: new Map(adjudicated.rows.map(({ episode, value }) => [episode, value])),
  }
}

const keyOf = ({ raterId, policyId }: Unheard) => `${raterId} ${policyId}`
