import type { JudgeView } from '@leeway/contract/judges'
import { and, desc, eq, sql } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'
import { AppError } from '../http/app-error.ts'
import { findRater, type RaterRow } from '../raters/stored-raters.ts'
import { raters } from '../raters/tables.ts'
import { JudgeDefinition } from './judge-definition.ts'

/** A model rater with what makes it one. */
export type Judge = { readonly rater: RaterRow; readonly definition: JudgeDefinition }

/** Throws AppError not_found, also for a rater that is no model or that only imports know. */
export async function requireJudge(executor: Executor, projectId: string, raterId: string): Promise<Judge> {
  const judge = judgeOf(await findRater(executor, projectId, raterId))
  if (judge !== undefined) return judge
  throw new AppError(
    'not_found',
    'There is no such model rater in this project.',
    'Declare one: leeway judge declare.',
    { field: 'judge' },
  )
}

/** Newest first. Models that only imports know cannot be asked and are not here. */
export async function judgeViews(executor: Executor, projectId: string): Promise<JudgeView[]> {
  const rows = await executor
    .select()
    .from(raters)
    .where(and(eq(raters.projectId, projectId), eq(raters.kind, 'model')))
    .orderBy(desc(raters.id))
  const views: JudgeView[] = []
  for (const judge of rows.map(judgeOf)) {
    if (judge === undefined) continue
    const { rater, definition } = judge
    const { lastRatingAt: _, ...record } = await judgeRecord(executor, rater)
    views.push({
      id: rater.id,
      name: rater.name,
      family: rater.family,
      provider: definition.provider,
      model: definition.model,
      baseUrl: definition.baseUrl,
      keyName: definition.providerKey?.name ?? null,
      promptVersion: definition.promptVersion,
      usdPerMillion: definition.usdPerMillion,
      timeoutSeconds: definition.timeoutMs / 1000,
      ...record,
      createdAt: rater.createdAt.toISOString(),
    })
  }
  return views
}

/** What a judge has said so far, and what it cost. */
export async function judgeRecord(
  executor: Executor,
  { projectId, id }: Pick<RaterRow, 'projectId' | 'id'>,
): Promise<{
  readonly ratings: number
  readonly abstained: number
  readonly usdAnAnswer: number | null
  readonly lastRatingAt: string | null
}> {
  const found = await executor.execute<{
    ratings: number
    abstained: number
    last: string | null
    usd: number | null
  }>(sql`
    select count(*)::int as ratings, (count(*) filter (where kind = 'abstained'))::int as abstained,
      to_char(max(committed_at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as last,
      (select avg(cost_usd) from model_calls where project_id = ${projectId} and rater_id = ${id}) as usd
    from ratings where project_id = ${projectId} and rater_id = ${id}`)
  const said = found.rows[0]
  return {
    ratings: said?.ratings ?? 0,
    abstained: said?.abstained ?? 0,
    usdAnAnswer: said?.usd ?? null,
    lastRatingAt: said?.last ?? null,
  }
}

function judgeOf(rater: RaterRow | undefined): Judge | undefined {
  const definition = JudgeDefinition.safeParse(rater?.definition)
  return rater?.kind === 'model' && definition.success ? { rater, definition: definition.data } : undefined
}
