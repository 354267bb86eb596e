/** Which models are asked by which questions, and what each has still to say: every pair of the question, in both orders. */
import { sql } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'
import { isOfPolicies, policiesNotFor } from '../supervision/unheard.ts'
import { isFit } from './open-to.ts'
import { isOfQuestion, isUnknown, type Question } from './recorded-answers.ts'

export type AskedModel = Question & { readonly raterId: string }
/** A pair with what is shown first. */
export type OrderedPair = { readonly pairId: string; readonly first: string; readonly second: string }

/** `projectId` left out: of all projects. */
export async function askedModels(executor: Executor, projectId?: string): Promise<readonly AskedModel[]> {
  const { rows } = await executor.execute<{
    project_id: string
    agent_id: string
    sha256: string
    rater: string
  }>(sql`
    select distinct asked.project_id, asked.agent_id, asked.criterion_sha256 as sha256, judge.id as rater
    from comparison_requests asked cross join lateral jsonb_array_elements_text(asked.judges) as judge(id)
    where ${projectId === undefined ? sql`true` : sql`asked.project_id = ${projectId}`}
    order by asked.project_id, asked.agent_id, sha256, rater`)
  return rows.map((row) => ({
    projectId: row.project_id,
    agentId: row.agent_id,
    criterionSha256: row.sha256,
    raterId: row.rater,
  }))
}

/** Both orders of a pair one after the other, as one alone says nothing. Not of a pair in which the model's own policy or family acted. */
export async function openOrders(
  executor: Executor,
  model: AskedModel,
  limit: number,
): Promise<readonly OrderedPair[]> {
  const barred = await policiesNotFor(executor, model.projectId, model.raterId, ['rater'])
  const { rows } = await executor.execute<{ id: string; first: string; second: string }>(sql`
    select pairs.id, shown.first, shown.second from comparison_pairs pairs
    cross join lateral (values (pairs.first_episode_id, pairs.second_episode_id),
      (pairs.second_episode_id, pairs.first_episode_id)) as shown(first, second)
    where ${isOfQuestion(model)} and ${isUnknown} and ${isFit(model)}
      and not ${isOfPolicies(barred, model.projectId, sql`pairs.first_episode_id`)}
      and not ${isOfPolicies(barred, model.projectId, sql`pairs.second_episode_id`)}
      and not exists (select 1 from comparison_answers said where said.project_id = pairs.project_id
        and said.pair_id = pairs.id and said.rater_id = ${model.raterId} and said.left_episode_id = shown.first)
    order by pairs.position, pairs.id, shown.first limit ${limit}`)
  return rows.map(({ id, first, second }) => ({ pairId: id, first, second }))
}

export async function isAnswered(
  executor: Executor,
  { projectId, raterId }: Pick<AskedModel, 'projectId' | 'raterId'>,
  { pairId, first }: OrderedPair,
): Promise<boolean> {
  const { rows } = await executor.execute(sql`
    select 1 from comparison_answers said where said.project_id = ${projectId} and said.pair_id = ${pairId}
      and said.rater_id = ${raterId} and said.left_episode_id = ${first}`)
  return rows.length > 0
}
