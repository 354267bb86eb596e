/** Models that are asked by a question: why one does not go on, and what it cost. */
import { sql } from 'drizzle-orm'
import type { Effects } from '../http/environment.ts'
import { costMax } from '../models/answer-question.ts'
import { requireJudge } from '../models/judge.ts'
import { whySilent, whyTooDear } from '../models/resting.ts'
import { COMPARISON_PROMPT } from './comparison-prompt.ts'
import { askedModels, openOrders } from './model-pairs.ts'
import type { Question } from './recorded-answers.ts'

export type ModelState = {
  readonly raterId: string
  readonly name: string
  /** Null: nothing holds it up, or all is answered. */
  readonly waiting: string | null
  /** Of its comparisons in this project; null where no price is known. */
  readonly costUsd: number | null
}

export async function modelStates(
  effects: Pick<Effects, 'db' | 'now'>,
  question: Question,
): Promise<readonly ModelState[]> {
  const { db } = effects
  const own = (await askedModels(db, question.projectId)).filter(
    ({ agentId, criterionSha256 }) =>
      agentId === question.agentId && criterionSha256 === question.criterionSha256,
  )
  const states: ModelState[] = []
  for (const model of own) {
    const judge = await requireJudge(db, model.projectId, model.raterId)
    const open = await openOrders(db, model, 1)
    const waiting =
      open.length === 0
        ? null
        : ((await whySilent(effects, judge)) ??
          (await whyTooDear(effects, model.projectId, costMax(judge.definition, { inputTokensMax: 0 }))))
    const { rows } = await db.execute<{ usd: number | null }>(sql`
      select sum(cost_usd)::float8 as usd from model_calls where project_id = ${model.projectId}
        and rater_id = ${model.raterId} and prompt_version = ${COMPARISON_PROMPT}`)
    states.push({ raterId: model.raterId, name: judge.rater.name, waiting, costUsd: rows[0]?.usd ?? null })
  }
  return states
}
