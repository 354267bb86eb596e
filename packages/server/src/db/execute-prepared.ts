import type { SQL } from 'drizzle-orm'
import { PgDialect } from 'drizzle-orm/pg-core'
import type { QueryResultRow } from 'pg'
import type { Database } from './connect.ts'

const dialect = new PgDialect()

/**
 * Runs a statement that each connection plans once: for large ones on a hot path, whose planning takes longer than
 * their execution. `name` stands for one text: whatever varies must be a parameter.
 */
export async function executePrepared<Row extends QueryResultRow>(
  db: Database,
  name: string,
  statement: SQL,
): Promise<readonly Row[]> {
  const { sql: text, params } = dialect.sqlToQuery(statement)
  const { rows } = await db.$client.query<Row>({ name, text, values: params })
  return rows
}
