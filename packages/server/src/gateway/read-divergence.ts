/** How far a conversation has gone from the baseline, by what was scored of it, in whichever process. */
import {
  type AnswerDivergence,
  type ConversationDivergence,
  NO_DIVERGENCE,
  withAnswer,
} from '@leeway/core/divergence/conversation-divergence'
import { type SQL, sql } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'

/** As JSON, in the order of its answers; null in the place of one that was not scored. */
export type ScoredAnswers = readonly (AnswerDivergence | null)[]

type Place = { readonly projectId: string; readonly agentId: string; readonly conversation: string | SQL }

/** `ScoredAnswers` as an expression. Ids of turns are in the order of time. */
export const scoredAnswers = ({ projectId, agentId, conversation }: Place): SQL => sql`(
  select coalesce(json_agg(case when not_scored is null then json_build_object('tokens', tokens, 'nats', nats,
    'logRatio', log_ratio, 'logRatioMax', log_ratio_max, 'isWhole', is_whole) end order by turn_id, round), '[]'::json)
  from gateway_scores scores
  where scores.project_id = ${projectId} and scores.agent_id = ${agentId} and scores.conversation = ${conversation})`

export const divergenceOf = (answers: ScoredAnswers): ConversationDivergence =>
  answers.reduce(withAnswer, NO_DIVERGENCE)

export async function readDivergence(executor: Executor, place: Place): Promise<ConversationDivergence> {
  const found = await executor.execute<{ answers: ScoredAnswers }>(
    sql`select ${scoredAnswers(place)} as answers`,
  )
  return divergenceOf(found.rows[0]?.answers ?? [])
}
