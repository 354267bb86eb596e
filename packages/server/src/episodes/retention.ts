import { sql } from 'drizzle-orm'
import type { Effects } from '../http/environment.ts'
import { isKept } from '../incidents/kept-episodes.ts'
import { appendLedger } from '../ledger/append.ts'
import { copiesOf } from './copies-of.ts'

/** Episodes whose text is erased in one transaction. */
const BATCH = 500

/**
 * Erases the text of episodes older than their project's retention days, counted from the import. Steps,
 * instructions, outcome detail and title go; the header with the outcome stays, so that evidence still counts. What an open
 * incident is about stays whole until it is closed.
 * Called every hour; each batch is a transaction with its ledger entry, so it may be stopped at any time.
 */
export async function eraseExpiredBodies(
  effects: Pick<Effects, 'db' | 'now' | 'ledgerSigner'>,
): Promise<{ readonly episodes: number }> {
  const at = effects.now()
  const projects = await effects.db.execute<{ id: string; retention_days: number }>(
    sql`select id, retention_days from projects where retention_days is not null order by id`,
  )
  let total = 0
  for (const { id: projectId, retention_days: days } of projects.rows) {
    for (;;) {
      const erased = await eraseBatch(effects, projectId, days, at)
      total += erased
      if (erased < BATCH) break
    }
  }
  return { episodes: total }
}

function eraseBatch(
  effects: Pick<Effects, 'db' | 'ledgerSigner'>,
  projectId: string,
  days: number,
  at: Date,
): Promise<number> {
  const before = new Date(at.getTime() - days * 86_400_000)
  return effects.db.transaction(async (tx) => {
    await tx.execute(sql`set local leeway.erasing = 'on'`)
    // The detail chunk is there as long as the text is.
    const expired = await tx.execute<{ id: string }>(sql`
      select id from episodes where project_id = ${projectId} and imported_at < ${before.toISOString()}::timestamptz
        and exists (select 1 from episode_chunks
          where episode_chunks.project_id = ${projectId} and episode_id = episodes.id and kind = 3 and ordinal = 0)
        and not ${isKept(projectId, sql`episodes.id`)}
      order by id limit ${BATCH} for update`)
    const ids = expired.rows.map(({ id }) => id)
    if (ids.length === 0) return 0
    const list = sql`(select value::uuid from json_array_elements_text(${JSON.stringify(ids)}::json))`
    await tx.execute(
      sql`delete from episode_chunks where project_id = ${projectId}
        and (episode_id in ${list} or episode_id in ${copiesOf(projectId, sql`in ${list}`)})`,
    )
    // Facts cannot be updated: the header is taken out and put back without its title, in one transaction.
    await tx.execute(sql`create temporary table expiring on commit drop as
      select * from episodes where project_id = ${projectId} and id in ${list}`)
    await tx.execute(sql`update expiring set title = ''`)
    await tx.execute(sql`delete from episodes where project_id = ${projectId} and id in ${list}`)
    await tx.execute(sql`insert into episodes select * from expiring`)
    await appendLedger(tx, effects.ledgerSigner, {
      projectId,
      at,
      actor: 'system:retention',
      action: 'episode.expired',
      body: { episodes: ids.length, retentionDays: days, firstId: ids[0], lastId: ids.at(-1) },
    })
    return ids.length
  })
}
