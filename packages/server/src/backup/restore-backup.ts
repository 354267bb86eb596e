/** Puts a backup into an empty database: all of it, or nothing. */
import pg from 'pg'
import { appliedMigrations, type Migration, migrate, readMigrations } from '../db/migrate.ts'
import { BackupError, type BackupHeader } from './backup-format.ts'
import { readBackup } from './read-backup.ts'
import { type CatalogTable, quoted, readCatalog } from './table-catalog.ts'

export type RestoreSummary = {
  readonly createdAt: string
  readonly tables: readonly { readonly name: string; readonly rows: number }[]
  readonly rows: number
}

const BATCH_ROWS = 500
const BATCH_BYTES = 4_000_000

/**
 * The rows go in under the schema they were written with, in one transaction that commits after the file's
 * SHA-256 was found right; then newer migrations follow. Throws BackupError; then no row was written.
 */
export async function restoreBackup(
  url: string,
  file: string,
  options: { readonly onProgress?: (table: string, rows: number) => void } = {},
): Promise<RestoreSummary> {
  const parts = readBackup(file)
  const client = new pg.Client({ connectionString: url, application_name: 'leeway restore' })
  client.on('error', () => {})
  try {
    const first = (await parts.next()).value
    if (first?.kind !== 'header') throw new BackupError(`${file} is no Leeway backup.`)
    await client.connect()
    await prepareSchema(client, url, first.header)
    await client.query('begin')
    const tables = await insertAll(client, parts, options.onProgress ?? (() => {}))
    await client.query('commit')
    await migrate(url)
    await client.query('analyze')
    return {
      createdAt: first.header.createdAt,
      tables,
      rows: tables.reduce((sum, { rows }) => sum + rows, 0),
    }
  } finally {
    await parts.return(undefined)
    // Ends an open transaction as well: nothing of it stays.
    await client.end()
  }
}

async function prepareSchema(client: pg.Client, url: string, header: BackupHeader): Promise<void> {
  const wanted = header.schema.map(({ name, sha256 }): Migration => {
    const known = readMigrations().find((migration) => migration.name === name)
    if (known !== undefined && known.sha256 === sha256) return known
    throw new BackupError(
      `The backup was made with the migration ${name}, which this Leeway ${known === undefined ? 'does not know: a newer one wrote it' : 'knows in another form'}. Restore it with that version.`,
    )
  })
  const applied = await appliedMigrations(client)
  if (applied.length === 0) {
    const found = await client.query(`select 1 from pg_tables where schemaname = 'public' limit 1`)
    if (found.rows.length > 0)
      throw new BackupError('The database holds tables of something else. Use an empty one.')
  }
  for (const { name } of await readCatalog(client)) {
    const found = await client.query(`select 1 from ${quoted(name)} limit 1`)
    if (found.rows.length > 0) {
      throw new BackupError(
        `The database is not empty: ${name} has rows. Restore into a new --data-dir or an empty database.`,
      )
    }
  }
  if (applied.length > wanted.length) {
    throw new BackupError(
      'The database has a newer schema than the backup. Restore into a new --data-dir or an empty database.',
    )
  }
  await migrate(url, wanted)
}

async function insertAll(
  client: pg.Client,
  parts: AsyncGenerator<unknown>,
  onProgress: (table: string, rows: number) => void,
): Promise<{ name: string; rows: number }[]> {
  const catalog = await readCatalog(client)
  const done: { name: string; rows: number }[] = []
  let current: TableWriter | undefined
  for await (const part of parts as ReturnType<typeof readBackup>) {
    if (part.kind === 'table') current = tableWriter(client, catalog, part.table, part.columns)
    else if (part.kind === 'row' && current !== undefined) await current.add(part.values, part.bytes)
    else if (part.kind === 'count' && current !== undefined) {
      const rows = await current.flush()
      if (rows !== part.rows || current.name !== part.table) {
        throw new BackupError(
          `The backup says ${part.rows} rows in ${part.table}, but holds ${rows} in ${current.name}.`,
        )
      }
      onProgress(part.table, rows)
      done.push({ name: part.table, rows })
      current = undefined
    } else if (part.kind !== 'end')
      throw new BackupError('The backup has its lines in an order Leeway never writes.')
  }
  return done
}

type TableWriter = {
  readonly name: string
  readonly add: (values: readonly (string | null)[], bytes: number) => Promise<void>
  /** Writes what waits; answers the rows written in all. */
  readonly flush: () => Promise<number>
}

function tableWriter(
  client: pg.Client,
  catalog: readonly CatalogTable[],
  name: string,
  names: readonly string[],
): TableWriter {
  const table = catalog.find((candidate) => candidate.name === name)
  if (table === undefined) throw new BackupError(`The backup has a table ${name} that its schema does not.`)
  const columns = names.map((column) => {
    const found = table.columns.find((candidate) => candidate.name === column)
    if (found === undefined)
      throw new BackupError(`The backup has a column ${name}.${column} that its schema does not.`)
    return found
  })
  const values = columns.map(({ type }, at) =>
    type === 'bytea' ? `decode(v${at}, 'base64')` : `v${at}::${type}`,
  )
  const statement = `insert into ${quoted(name)} (${columns.map((column) => quoted(column.name)).join(', ')})
    select ${values.join(', ')} from unnest(${columns.map((_, at) => `$${at + 1}::text[]`).join(', ')})
      as given(${columns.map((_, at) => `v${at}`).join(', ')})`
  let batch: (readonly (string | null)[])[] = []
  let batchBytes = 0
  let written = 0
  const flush = async (): Promise<number> => {
    if (batch.length > 0) {
      await client.query(
        statement,
        columns.map((_, at) => batch.map((row) => row[at] ?? null)),
      )
    }
    written += batch.length
    batch = []
    batchBytes = 0
    return written
  }
  return {
    name,
    flush,
    add: async (row, bytes) => {
      if (row.length !== columns.length) {
        throw new BackupError(`A row of ${name} has ${row.length} values instead of ${columns.length}.`)
      }
      batch.push(row)
      batchBytes += bytes
      if (batch.length >= BATCH_ROWS || batchBytes >= BATCH_BYTES) await flush()
    },
  }
}
