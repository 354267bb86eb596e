/** Writes every row of one moment into a file. Knows tables by the catalog only; needs no pg_dump. */
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createWriteStream, existsSync, renameSync, rmSync } from 'node:fs'
import { finished } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import pg from 'pg'
import { appliedMigrations, missingMigrations, readMigrations } from '../db/migrate.ts'
import { BACKUP_FORMAT, BACKUP_VERSION, BackupError } from './backup-format.ts'
import { type CatalogTable, quoted, readCatalog } from './table-catalog.ts'

export type BackupSummary = {
  readonly file: string
  readonly tables: readonly { readonly name: string; readonly rows: number }[]
  readonly rows: number
  readonly sha256: string
}

/** What one FETCH should bring: its rows are adapted to it, since one chunk of an episode can be megabytes. */
const FETCH_BYTES = 4_000_000
const FETCH_ROWS_MAX = 2_000

/**
 * The whole database at `url` as it was at one moment (repeatable read), while others go on writing.
 * The file appears under its name when it is complete, readable by this user only. Throws BackupError.
 */
export async function writeBackup(
  url: string,
  file: string,
  options: { readonly now: Date; readonly onProgress?: (table: string, rows: number) => void },
): Promise<BackupSummary> {
  if (existsSync(file)) throw new BackupError(`${file} exists already. Choose another name, or move it away.`)
  const unfinished = `${file}.unfinished`
  const client = new pg.Client({ connectionString: url, application_name: 'leeway backup' })
  client.on('error', () => {})
  await client.connect()
  const sink = openSink(unfinished)
  try {
    await client.query('begin isolation level repeatable read read only')
    const schema = await appliedMigrations(client)
    if (schema.length === 0)
      throw new BackupError('There is nothing to back up: Leeway never used this database.')
    missingMigrations(schema, readMigrations())
    await sink.line({
      format: BACKUP_FORMAT,
      version: BACKUP_VERSION,
      createdAt: options.now.toISOString(),
      schema,
    })
    const tables: { name: string; rows: number }[] = []
    for (const table of await readCatalog(client)) {
      await sink.line({ table: table.name, columns: table.columns.map(({ name }) => name) })
      const rows = await writeRows(client, table, sink, (count) => options.onProgress?.(table.name, count))
      await sink.line({ table: table.name, rows })
      tables.push({ name: table.name, rows })
    }
    const rows = tables.reduce((sum, table) => sum + table.rows, 0)
    const sha256 = sink.sha256()
    await sink.line({ end: true, rows, sha256 })
    await sink.close()
    renameSync(unfinished, file)
    return { file, tables, rows, sha256 }
  } catch (error) {
    sink.abandon()
    rmSync(unfinished, { force: true })
    throw error
  } finally {
    await client.end()
  }
}

async function writeRows(
  client: pg.Client,
  table: CatalogTable,
  sink: Sink,
  onProgress: (rows: number) => void,
): Promise<number> {
  // base64 of PostgreSQL breaks its lines.
  const values = table.columns.map(({ name, type }) =>
    type === 'bytea' ? `replace(encode(${quoted(name)}, 'base64'), E'\\n', '')` : `${quoted(name)}::text`,
  )
  const order = table.primaryKey.length === 0 ? '' : ` order by ${table.primaryKey.map(quoted).join(', ')}`
  await client.query(
    `declare backup_rows no scroll cursor for select ${values.join(', ')} from ${quoted(table.name)}${order}`,
  )
  let count = 0
  for (let fetch = 50; ; ) {
    const found = await client.query<(string | null)[]>({
      text: `fetch ${fetch} from backup_rows`,
      rowMode: 'array',
    })
    if (found.rows.length === 0) break
    let bytes = 0
    for (const row of found.rows) bytes += await sink.line(row)
    count += found.rows.length
    onProgress(count)
    const perRow = Math.max(1, bytes / found.rows.length)
    fetch = Math.max(1, Math.min(FETCH_ROWS_MAX, Math.floor(FETCH_BYTES / perRow)))
  }
  await client.query('close backup_rows')
  return count
}

type Sink = ReturnType<typeof openSink>

function openSink(file: string) {
  const output = createWriteStream(file, { mode: 0o600 })
  const gzip = createGzip({ level: 6 })
  const hash = createHash('sha256')
  gzip.pipe(output)
  let failure: Error | undefined
  const fail = (error: Error) => {
    failure ??= error
    // Wakes up who waits for room.
    gzip.emit('drain')
  }
  output.on('error', fail)
  gzip.on('error', fail)
  return {
    /** Answers the bytes written, before compression. */
    line: async (value: unknown): Promise<number> => {
      if (failure !== undefined) throw failure
      const bytes = Buffer.from(`${JSON.stringify(value)}\n`)
      hash.update(bytes)
      if (!gzip.write(bytes)) await once(gzip, 'drain')
      if (failure !== undefined) throw failure
      return bytes.length
    },
    sha256: () => hash.copy().digest('hex'),
    close: async () => {
      gzip.end()
      await finished(output)
    },
    abandon: () => {
      gzip.destroy()
      output.destroy()
    },
  }
}
