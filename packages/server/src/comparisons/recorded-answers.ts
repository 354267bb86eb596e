/** Answers to one question about the runs of one agent, with whose runs they were. Not for raters. */
import type { ComparisonAnswer } from '@leeway/core/pairwise/preference-report'
import { type SQL, sql } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'
import { unheardPairs } from '../supervision/unheard.ts'
import { isStanding } from './standing-answers.ts'

export type Question = {
  readonly projectId: string
  readonly agentId: string
  readonly criterionSha256: string
}
export type RecordedAnswer = ComparisonAnswer & {
  readonly id: string
  readonly raterName: string
  readonly committedAt: Date
}

type Row = {
  readonly id: string
  readonly pair: string
  readonly unit: string
  readonly rater: string
  readonly rater_name: string
  readonly kind: 'human' | 'model'
  readonly value: ComparisonAnswer['value']
  readonly committed_at: Date | string
  readonly turned: boolean
  readonly first: string
  readonly second: string
  readonly first_policy: string
  readonly second_policy: string
  readonly first_length: number
  readonly second_length: number
}

/**
 * Standing ones in the order they came; without skips, suspended raters, pairs whose answer is known, and what a model says of
 * episodes about which it is no independent voice.
 */
export async function recordedAnswers(
  executor: Executor,
  question: Question,
  options: { readonly which?: SQL; readonly limit?: number } = {},
): Promise<readonly RecordedAnswer[]> {
  const { which = sql`true`, limit = null } = options
  const unheard = await unheardPairs(executor, question.projectId, question.criterionSha256)
  const isUnheard = sql`exists (
    select 1 from jsonb_to_recordset(${JSON.stringify(unheard)}::jsonb) as pair("raterId" uuid, "policyId" uuid)
    join episodes acted on acted.project_id = pairs.project_id and acted.policy_id = pair."policyId"
      and acted.id in (pairs.first_episode_id, pairs.second_episode_id)
    where pair."raterId" = said.rater_id)`
  const { rows } = await executor.execute<Row>(sql`
    select said.id, pairs.id as pair, pairs.unit_sha256 as unit, said.rater_id as rater, raters.name as rater_name,
      raters.kind, said.value, said.committed_at, said.left_episode_id = pairs.second_episode_id as turned,
      pairs.first_episode_id as first, pairs.second_episode_id as second,
      ${policyOf(sql`pairs.first_episode_id`)} as first_policy,
      ${policyOf(sql`pairs.second_episode_id`)} as second_policy, pairs.first_length, pairs.second_length
    from comparison_pairs pairs
    join comparison_answers said on said.project_id = pairs.project_id and said.pair_id = pairs.id
    join raters on raters.project_id = said.project_id and raters.id = said.rater_id
    where ${isOfQuestion(question)} and said.kind = 'answered' and ${isStanding} and ${isUnknown}
      and coalesce((select tier from rater_tiers where rater_tiers.project_id = said.project_id
        and rater_tiers.rater_id = said.rater_id order by rater_tiers.id desc limit 1), 'trainee') <> 'suspended'
      and ${unheard.length === 0 ? sql`true` : sql`not ${isUnheard}`} and ${which}
    order by said.id limit ${limit}`)
  return rows.map((row) => {
    const first = { episode: row.first, policy: row.first_policy, length: row.first_length }
    const second = { episode: row.second, policy: row.second_policy, length: row.second_length }
    const [left, right] = row.turned ? [second, first] : [first, second]
    const { id, pair, unit, rater, kind, value } = row
    const committedAt = new Date(row.committed_at)
    return { id, pair, unit, rater, raterName: row.rater_name, kind, left, right, value, committedAt }
  })
}

/** SQL: a condition on `pairs`. */
export const isOfQuestion = ({ projectId, agentId, criterionSha256 }: Question) => sql`(
  pairs.project_id = ${projectId} and pairs.agent_id = ${agentId} and pairs.criterion_sha256 = ${criterionSha256})`

/** SQL: a condition on `pairs`, that it was asked for the sake of policies. */
export const isUnknown = sql`not exists (select 1 from comparison_known known
  where known.project_id = pairs.project_id and known.pair_id = pairs.id)`

/** An erased episode leaves whose it was. */
const policyOf = (episodeId: SQL) => sql`(select policies.name from policies
  where policies.project_id = pairs.project_id and policies.id = coalesce(
    (select policy_id from episodes where episodes.project_id = pairs.project_id and episodes.id = ${episodeId}),
    (select policy_id from episode_tombstones gone where gone.project_id = pairs.project_id
      and gone.episode_id = ${episodeId})))`
