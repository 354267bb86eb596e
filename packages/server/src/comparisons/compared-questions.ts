/** What was asked to be compared, question by question. */
import type { ComparisonList } from '@leeway/contract/comparisons'
import { type SQL, sql } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'
import { AppError } from '../http/app-error.ts'
import { isOfQuestion, isUnknown, type Question } from './recorded-answers.ts'
import { isStanding } from './standing-answers.ts'

type ComparedQuestion = ComparisonList['questions'][number]

/** Throws `not_found` where nothing was asked. */
export async function requireCompared(executor: Executor, question: Question): Promise<ComparedQuestion> {
  const [compared] = await comparedQuestions(executor, question.projectId, isOfQuestion(question))
  if (compared !== undefined) return compared
  throw new AppError(
    'not_found',
    'Nothing was asked to be compared by this question.',
    'List what was: leeway comparison list.',
  )
}

/** By the newest request, newest first. `which`: a condition on `pairs`. */
export async function comparedQuestions(
  executor: Executor,
  projectId: string,
  which: SQL = sql`true`,
): Promise<readonly ComparedQuestion[]> {
  const { rows } = await executor.execute<{
    agent_id: string
    agent: string
    sha256: string
    question: string
    pairs: number
    answers: number
    wanted: number
  }>(sql`
    select agents.id as agent_id, agents.name as agent, counted.criterion_sha256 as sha256,
      criteria.definition->>'question' as question, counted.pairs, counted.answers, counted.wanted
    from (
      select pairs.agent_id, pairs.criterion_sha256, (count(*) filter (where ${isUnknown}))::int as pairs,
        coalesce(sum(answers_wanted) filter (where ${isUnknown}), 0)::int as wanted,
        coalesce(sum(given.answers) filter (where ${isUnknown}), 0)::int as answers, max(pairs.at) as newest
      from comparison_pairs pairs
      cross join lateral (
        select count(*) as answers from comparison_answers said
        join raters on raters.project_id = said.project_id and raters.id = said.rater_id and raters.kind = 'human'
        where said.project_id = pairs.project_id and said.pair_id = pairs.id and said.kind = 'answered' and ${isStanding}
      ) given
      where pairs.project_id = ${projectId} and ${which}
      group by pairs.agent_id, pairs.criterion_sha256
    ) counted
    join agents on agents.project_id = ${projectId} and agents.id = counted.agent_id
    join criteria on criteria.project_id = ${projectId} and criteria.sha256 = counted.criterion_sha256
    order by counted.newest desc, agents.name, question`)
  return rows.map((row) => ({
    agentId: row.agent_id,
    agent: row.agent,
    criterionSha256: row.sha256,
    question: row.question,
    pairs: row.pairs,
    answers: row.answers,
    answersWanted: row.wanted,
  }))
}
