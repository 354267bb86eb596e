import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { migrate } from '../db/migrate.ts'
import { importEpisodes } from '../episodes/import-service.ts'
import { sampleEpisode } from '../episodes/sample-episode.ts'
import { verifyLedger } from '../ledger/verify-ledger.ts'
import { createProject } from '../projects/create-project.ts'
import { type TestDatabase, testDatabase, testEffects } from '../testing/database.ts'
import { restoreBackup } from './restore-backup.ts'
import { quoted, readCatalog } from './table-catalog.ts'
import { writeBackup } from './write-backup.ts'

const NOW = new Date('2026-01-15T10:00:00Z')
const folder = mkdtempSync(join(tmpdir(), 'leeway-backup-'))
const file = join(folder, 'all.backup')
const source = await testDatabase()
const open: TestDatabase[] = [source]
let projectId = ''

afterAll(async () => {
  for (const database of open) await database.close()
  rmSync(folder, { recursive: true })
})

/** Episodes in chunks of bytes, a ledger, JSON with quotes and line breaks, numbers at their limits, a session. */
beforeAll(async () => {
  const effects = testEffects(source.db)
  const { project } = await createProject(
    effects,
    { slug: 'default', name: 'A "quoted"\nname \u{1f600}\\' },
    { actor: 'test' },
  )
  projectId = project.id
  await importEpisodes(effects, {
    projectId,
    actor: 'system:test',
    agent: 'desk',
    policy: 'one',
    fileName: 'test.jsonl',
    source: { episodes: Array.from({ length: 30 }, (_, number) => sampleEpisode(number)) },
  })
  await source.db.$client.query(`
    insert into users (id, name, email, email_verified, created_at, updated_at) values ('u', 'U', 'u@x', true, now(), now());
    insert into sessions (id, user_id, token, expires_at, created_at, updated_at) values ('s', 'u', 'secret', now(), now(), now());
    insert into agents (project_id, id, name, created_at) values ('${project.id}', gen_random_uuid(), 'late', '2026-01-01 00:00:00.123456+00')`)
  await writeBackup(source.url, file, { now: NOW })
})

async function emptyDatabase(): Promise<TestDatabase> {
  const database = await testDatabase({ empty: true })
  open.push(database)
  return database
}

/** Every row of every table as text, in the order of its key. */
async function rowsOf(url: string): Promise<ReadonlyMap<string, readonly unknown[]>> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const tables = new Map<string, readonly unknown[]>()
    for (const { name, primaryKey } of await readCatalog(client)) {
      const found = await client.query(
        `select t::text as row from ${quoted(name)} t order by ${primaryKey.map(quoted).join(', ')}`,
      )
      tables.set(
        name,
        found.rows.map(({ row }) => row),
      )
    }
    return tables
  } finally {
    await client.end()
  }
}

test('backup, empty database, restore: every table equal row by row, and the ledger verifies', async () => {
  const target = await emptyDatabase()
  const summary = await restoreBackup(target.url, file)
  const before = await rowsOf(source.url)
  expect(await rowsOf(target.url)).toEqual(before)
  expect(before.get('episodes')).toHaveLength(30)
  expect(before.get('episode_chunks')?.length).toBeGreaterThanOrEqual(30)
  expect(summary).toMatchObject({ createdAt: NOW.toISOString() })
  expect(summary.rows).toBe([...before.values()].reduce((sum, rows) => sum + rows.length, 0))
  const ledger = await verifyLedger(testEffects(target.db), projectId)
  expect(ledger).toMatchObject({ intact: true })
  expect(ledger.entries).toBeGreaterThan(0)
})

test('a backup of the restored database has the same rows', async () => {
  const target = await emptyDatabase()
  await restoreBackup(target.url, file)
  const again = join(folder, 'again.backup')
  await writeBackup(target.url, again, { now: NOW })
  expect(gunzipSync(readFileSync(again)).equals(gunzipSync(readFileSync(file)))).toBe(true)
})

test('the file is private, holds no session, and is never written over', async () => {
  expect(statSync(file).mode & 0o777).toBe(0o600)
  const text = gunzipSync(readFileSync(file)).toString()
  expect(text).toContain('u@x')
  expect(text).not.toContain('"sessions"')
  await expect(writeBackup(source.url, file, { now: NOW })).rejects.toThrow(/exists already/)
})

test('a database with rows is refused and keeps them', async () => {
  const before = await rowsOf(source.url)
  await expect(restoreBackup(source.url, file)).rejects.toThrow(/not empty/)
  expect(await rowsOf(source.url)).toEqual(before)
})

test('an empty database that is migrated already is fine', async () => {
  const target = await emptyDatabase()
  await migrate(target.url)
  await restoreBackup(target.url, file)
  expect(await rowsOf(target.url)).toEqual(await rowsOf(source.url))
})

const damages: readonly (readonly [string, (text: Buffer, zipped: Buffer) => Buffer, RegExp])[] = [
  ['cut off', (_, zipped) => zipped.subarray(0, zipped.length - 400), /cut off/],
  ['not gzip', (text) => text, /not a gzip file/],
  ['empty', () => gzipSync(''), /empty/],
  ['something else', () => gzipSync('{"a":1}\n'), /no Leeway backup/],
  ['one letter changed', (text) => gzipSync(text.toString().replace('u@x', 'v@x')), /SHA-256/],
  ['its last line removed', (text) => gzipSync(text.subarray(0, text.lastIndexOf('{"end"'))), /cut off/],
  [
    'a line repeated',
    (text) => gzipSync(text.toString().replace(/(\["u","U".*\n)/, '$1$1')),
    /rows in users|duplicate key/,
  ],
  [
    'a newer format',
    (text) => gzipSync(text.toString().replace('"version":1', '"version":2')),
    /format version 2/,
  ],
  [
    'an unknown migration',
    (text) => gzipSync(text.toString().replace('0000_first', '0000_other')),
    /migration 0000_other/,
  ],
]

test.each(damages)('%s: refused, and nothing is written', async (name, damage, message) => {
  const target = await emptyDatabase()
  const zipped = readFileSync(file)
  const damaged = join(folder, `${name}.backup`)
  writeFileSync(damaged, damage(gunzipSync(zipped), zipped))
  await expect(restoreBackup(target.url, damaged)).rejects.toThrow(message)
  for (const rows of (await rowsOf(target.url)).values()) expect(rows).toEqual([])
})

test('a file that does not exist, and a database Leeway never used', async () => {
  const target = await emptyDatabase()
  await expect(restoreBackup(target.url, join(folder, 'none'))).rejects.toThrow(/There is no file/)
  const none = join(folder, 'nothing.backup')
  await expect(writeBackup(target.url, none, { now: NOW })).rejects.toThrow(/nothing to back up/)
  expect(existsSync(none)).toBe(false)
})
