/** Checks a PostgreSQL that somebody else runs, before Leeway relies on it. */
import pg from 'pg'
import { LaunchError } from './launch-error.ts'

const MAJOR_MIN = 15

/** The server's version, e.g. `16.4`. Throws LaunchError, without the password, when it cannot be used. */
export async function requireUsablePostgres(url: string): Promise<string> {
  const { host, pathname } = new URL(url)
  const place = `${host || 'the local socket'}${pathname}`
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 })
  client.on('error', () => {})
  let number: number
  let version: string
  try {
    await client.connect()
    const found = await client.query<{ number: string; version: string }>(
      `select current_setting('server_version_num') as number, current_setting('server_version') as version`,
    )
    number = Number(found.rows[0]?.number)
    version = found.rows[0]?.version ?? ''
  } catch (error) {
    const { message, code } = error as NodeJS.ErrnoException
    throw new LaunchError(
      `PostgreSQL at ${place} cannot be used: ${message || code}. Check DATABASE_URL, or unset it to use the embedded one.`,
      { cause: error },
    )
  } finally {
    await client.end().catch(() => {})
  }
  if (number >= MAJOR_MIN * 10_000) return version
  throw new LaunchError(`PostgreSQL at ${place} is version ${version}; Leeway needs ${MAJOR_MIN} or newer.`)
}
