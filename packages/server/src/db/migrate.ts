/**
 * Brings a database to this Leeway's schema: numbered SQL files, each applied once, never undone.
 *
 * Knows `leeway_migrations` and the files beside this module. Knows nothing of what the tables mean.
 */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { LaunchError } from '../launch/launch-error.ts'

export type Migration = { readonly name: string; readonly sql: string; readonly sha256: string }
export type AppliedMigration = { readonly name: string; readonly sha256: string }
export type MigrationOutcome = { readonly applied: readonly string[]; readonly schema: readonly string[] }

/** Any fixed number; every Leeway uses the same, so that two starting at once take turns. */
const LOCK_KEY = '7130231654280123'
const FOLDER = new URL('./migrations/', import.meta.url)

/**
 * Applies what is missing, in order of name, under a session advisory lock; each file is one transaction.
 * Throws LaunchError when the database was used by a newer Leeway, or an applied file has changed since.
 */
export async function migrate(url: string, migrations = readMigrations()): Promise<MigrationOutcome> {
  const client = new pg.Client({ connectionString: url, application_name: 'leeway migrate' })
  client.on('error', () => {})
  await client.connect()
  try {
    await client.query('select pg_advisory_lock($1)', [LOCK_KEY])
    await client.query(
      `create table if not exists leeway_migrations (
         name text primary key, sha256 text not null, applied_at timestamptz not null default now())`,
    )
    const missing = missingMigrations(await appliedMigrations(client), migrations)
    for (const migration of missing) await apply(client, migration)
    return { applied: missing.map(({ name }) => name), schema: migrations.map(({ name }) => name) }
  } finally {
    // Ending the session gives the lock back.
    await client.end()
  }
}

/** The SQL files of this build, in order. */
export function readMigrations(folder: URL = FOLDER): readonly Migration[] {
  return readdirSync(fileURLToPath(folder))
    .filter((file) => file.endsWith('.sql'))
    .sort()
    .map((file) => {
      const sql = readFileSync(new URL(file, folder), 'utf8')
      return {
        name: file.slice(0, -'.sql'.length),
        sql,
        sha256: createHash('sha256').update(sql).digest('hex'),
      }
    })
}

/** What a database says of itself; empty for one that Leeway never used. */
export async function appliedMigrations(client: pg.Client | pg.Pool): Promise<readonly AppliedMigration[]> {
  const table = await client.query<{ found: boolean }>(
    `select to_regclass('leeway_migrations') is not null as found`,
  )
  if (table.rows[0]?.found !== true) return []
  const found = await client.query<AppliedMigration>(
    'select name, sha256 from leeway_migrations order by name',
  )
  return found.rows
}

/** Throws LaunchError unless `applied` is a part of `known` with equal content. */
export function missingMigrations(
  applied: readonly AppliedMigration[],
  known: readonly Migration[],
): readonly Migration[] {
  for (const { name, sha256 } of applied) {
    const same = known.find((migration) => migration.name === name)
    if (same === undefined) {
      throw new LaunchError(
        `The database has the migration ${name}, which this Leeway does not know: a newer Leeway used it. Start that version or a later one.`,
      )
    }
    if (same.sha256 !== sha256) {
      throw new LaunchError(
        `The migration ${name} was changed after this database applied it (${sha256.slice(0, 12)} then, ${same.sha256.slice(0, 12)} now). Start an unchanged release of Leeway, or restore a backup into an empty database.`,
      )
    }
  }
  return known.filter(({ name }) => !applied.some((done) => done.name === name))
}

async function apply(client: pg.Client, migration: Migration): Promise<void> {
  await client.query('begin')
  try {
    await client.query(migration.sql)
    await client.query('insert into leeway_migrations (name, sha256) values ($1, $2)', [
      migration.name,
      migration.sha256,
    ])
    await client.query('commit')
  } catch (error) {
    await client.query('rollback').catch(() => {})
    throw new LaunchError(`The migration ${migration.name} failed: ${(error as Error).message}`, {
      cause: error,
    })
  }
}
