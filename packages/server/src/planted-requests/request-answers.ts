/** What people decided about planted requests. */
import { sql } from 'drizzle-orm'
import type { Executor } from '../db/connect.ts'

export type RequestAnswer = {
  readonly actor: string
  readonly caught: boolean
  /** Null where no page said it. */
  readonly seconds: number | null
  readonly readingSeconds: number
  readonly at: Date
}

/** Oldest first, of those decided before `until`, without those that one knew because one wrote or reported them. Caught is what was not carried out as it was, for whatever reason. */
export async function requestAnswers(
  executor: Executor,
  projectId: string,
  until: Date,
): Promise<readonly RequestAnswer[]> {
  const { rows } = await executor.execute<Omit<RequestAnswer, 'at'> & { at: string }>(sql`
    select answers.actor, answers.kind in ('denied', 'stopped') or answers.arguments_sha256 <> planted.arguments_sha256 as caught,
      looked_ms / 1000.0::float8 as seconds, reading_seconds as "readingSeconds", answers.at
    from planted_requests planted
    join hold_answers answers on answers.project_id = planted.project_id and answers.hold_id = planted.hold_id
    left join written_requests written on written.project_id = planted.project_id and written.id = planted.written_id
    left join incidents on incidents.project_id = written.project_id and incidents.id = written.incident_id
    where planted.project_id = ${projectId} and written.actor is distinct from answers.actor
      and incidents.actor is distinct from answers.actor and answers.at < ${until.toISOString()}::timestamptz
    order by answers.at, answers.hold_id`)
  return rows.map((row) => ({ ...row, at: new Date(row.at) }))
}

/** What came since then is told to nobody yet: who could see a count move after a decision would know what the decision was about. */
export function toldUntil(now: Date): Date {
  const away = new Date(now.getTime() - 12 * 3_600_000)
  return new Date(Date.UTC(away.getUTCFullYear(), away.getUTCMonth(), away.getUTCDate()))
}
