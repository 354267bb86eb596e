import { sql } from 'drizzle-orm'
import type { Effects } from '../http/environment.ts'

/** As long as a conversation is quiet before its words go; those of a planted request go as soon after its end. */
const QUIET_MS = 10 * 60_000

export async function forgetRequests({ db, now }: Pick<Effects, 'db' | 'now'>): Promise<void> {
  const before = new Date(now().getTime() - QUIET_MS).toISOString()
  await db.transaction(async (tx) => {
    await tx.execute(sql`
      delete from written_request_texts words
      where exists (select 1 from planted_requests planted where planted.project_id = words.project_id and planted.written_id = words.request_id)
        or exists (select 1 from written_request_ends ended where ended.project_id = words.project_id and ended.request_id = words.request_id)`)
    for (const words of [sql`hold_texts`, sql`hold_edits`])
      await tx.execute(sql`
        delete from ${words} words using planted_requests planted
        join holds on holds.project_id = planted.project_id and holds.id = planted.hold_id
        left join hold_answers answers on answers.project_id = holds.project_id and answers.hold_id = holds.id
        where words.project_id = planted.project_id and words.hold_id = planted.hold_id
          and least(expires_at, answers.at) < ${before}::timestamptz`)
  })
}
