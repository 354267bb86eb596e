import type { Duplex } from 'node:stream'
import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres'
import pg from 'pg'

/** A pool of connections with drizzle on top. `$client` is the pool, for COPY, advisory locks and raw SQL. */
export type Database = NodePgDatabase<Record<string, never>> & { readonly $client: pg.Pool }
export type Transaction = Parameters<Parameters<Database['transaction']>[0]>[0]
/** Either works for a query; a function that must be part of a larger act takes a `Transaction`. */
export type Executor = Database | Transaction

export type ConnectOptions = {
  readonly connectionsMax: number
  /** A query that takes longer fails, and its connection with it. Left out: as long as it takes. */
  readonly queryMsMax?: number
}

/** For a free connection of the pool, or a new one: behind a broken network nobody says that the database is away. */
const CONNECT_MS_MAX = 30_000

export function connect(url: string, { connectionsMax, queryMsMax }: ConnectOptions): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max: connectionsMax,
    keepAlive: true,
    connectionTimeoutMillis: Math.min(CONNECT_MS_MAX, queryMsMax ?? CONNECT_MS_MAX),
    ...(queryMsMax === undefined ? {} : { query_timeout: queryMsMax }),
  })
  // An idle connection that breaks (server restarted) is replaced by the pool; without a listener Node would exit.
  pool.on('error', () => {})
  // One that breaks while somebody has it fails their query; it must not end the process besides.
  pool.on('connect', (client) => client.on('error', () => {}))
  if (queryMsMax !== undefined) pool.on('connect', breakWhenLate)
  return drizzle(pool)
}

/** Whoever had no answer in time would give the connection back to the pool, and the next one would wait behind the lost query. */
function breakWhenLate(client: pg.PoolClient): void {
  const { stream } = (client as unknown as { readonly connection: { readonly stream: Duplex } }).connection
  const query = client.query.bind(client) as (...given: unknown[]) => unknown
  const watched = (...given: unknown[]): unknown => {
    const answer = query(...given)
    if (answer instanceof Promise)
      answer.catch((error: Error) => {
        if (error.message === 'Query read timeout') stream.destroy()
      })
    return answer
  }
  client.query = watched as typeof client.query
}
