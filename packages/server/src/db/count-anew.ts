import { getTableName, sql } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'
import type { Executor } from './connect.ts'

/**
 * Has PostgreSQL look anew at how much these tables hold, or all of them. By itself it does so within a minute or two; until then it
 * plans queries as if what has just come were not there, and reads thousands of rows where one would do.
 *
 * A table that somebody else looks at is left to them. Takes well under a second, whatever the size: it samples.
 */
export async function countAnew(db: Executor, tables: readonly PgTable[] = []): Promise<void> {
  const named = tables.map((table) => sql.identifier(getTableName(table)))
  await db.execute(sql`analyze (skip_locked) ${sql.join(named, sql`, `)}`)
}
