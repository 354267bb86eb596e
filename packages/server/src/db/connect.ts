import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres'
import pg from 'pg'

/** A pool of connections with drizzle on top. `$client` is the pool, for COPY, advisory locks and raw SQL. */
export type Database = NodePgDatabase<Record<string, never>> & { readonly $client: pg.Pool }
export type Transaction = Parameters<Parameters<Database['transaction']>[0]>[0]
/** Either works for a query; a function that must be part of a larger act takes a `Transaction`. */
export type Executor = Database | Transaction

export function connect(url: string, options: { readonly connectionsMax: number }): Database {
  const pool = new pg.Pool({ connectionString: url, max: options.connectionsMax })
  // An idle connection that breaks (server restarted) is replaced by the pool; without a listener Node would exit.
  pool.on('error', () => {})
  return drizzle(pool)
}
