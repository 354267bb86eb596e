/**
 * `leeway doctor`: every setting with its source, and whether this machine and database can run Leeway.
 *
 * Looks and changes nothing: it makes no folder, starts no database, applies no migration.
 */
import { accessSync, constants, existsSync, readFileSync, statfsSync } from 'node:fs'
import { createServer } from 'node:net'
import { dirname, join, resolve } from 'node:path'
import pg from 'pg'
import { appliedMigrations, missingMigrations, readMigrations } from '../db/migrate.ts'
import { embeddedPostgresUrl } from '../launch/embedded-postgres.ts'
import { requireUsablePostgres } from '../launch/external-postgres.ts'
import { postgresBinaries } from '../launch/postgres-binaries.ts'
import { findRunningServer } from '../launch/server-lock.ts'
import type { Settings } from './setting-table.ts'
import { type ReadSettings, type ResolvedSetting, readSettings, type SettingFlags } from './settings.ts'

export type DoctorCheck = {
  readonly name: string
  readonly status: 'ok' | 'warning' | 'failed'
  readonly finding: string
}

export type DoctorReport = {
  readonly settings: readonly ResolvedSetting[]
  readonly checks: readonly DoctorCheck[]
  /** False when a check failed. */
  readonly healthy: boolean
}

const NODE_MIN = [20, 19] as const
const FREE_BYTES_WARNING = 2_000_000_000
const FREE_BYTES_MIN = 200_000_000

/** Throws SettingsError when a setting cannot be read at all. */
export async function doctor(flags: SettingFlags = {}): Promise<DoctorReport> {
  const { settings, resolved }: ReadSettings = readSettings(flags)
  const checks = [
    nodeVersion(),
    dataDirectory(settings),
    diskSpace(settings),
    await port(settings),
    ...(await database(settings)),
  ]
  return { settings: resolved, checks, healthy: checks.every(({ status }) => status !== 'failed') }
}

function nodeVersion(): DoctorCheck {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const enough = major > NODE_MIN[0] || (major === NODE_MIN[0] && minor >= NODE_MIN[1])
  const finding = `Node ${process.versions.node}${enough ? '' : `; Leeway needs ${NODE_MIN.join('.')} or newer`}`
  return { name: 'node', status: enough ? 'ok' : 'failed', finding }
}

function dataDirectory({ dataDir }: Settings): DoctorCheck {
  const path = resolve(dataDir)
  const existing = nearestExisting(path)
  try {
    accessSync(existing, constants.W_OK | constants.X_OK)
  } catch {
    return { name: 'data directory', status: 'failed', finding: `${existing} is not writable for this user` }
  }
  const finding = existing === path ? path : `${path} (will be made)`
  return { name: 'data directory', status: 'ok', finding }
}

function diskSpace({ dataDir }: Settings): DoctorCheck {
  const { bavail, bsize } = statfsSync(nearestExisting(resolve(dataDir)))
  const freeBytes = bavail * bsize
  const status = freeBytes < FREE_BYTES_MIN ? 'failed' : freeBytes < FREE_BYTES_WARNING ? 'warning' : 'ok'
  return { name: 'free disk', status, finding: `${(freeBytes / 1e9).toFixed(1)} GB` }
}

async function port({ dataDir, host, port }: Settings): Promise<DoctorCheck> {
  const running = findRunningServer(resolve(dataDir))
  if (running !== undefined) {
    return {
      name: 'port',
      status: 'ok',
      finding: `Leeway listens on ${running.address} (process ${running.pid})`,
    }
  }
  const server = createServer()
  const error = await new Promise<NodeJS.ErrnoException | undefined>((done) => {
    server.once('error', done)
    server.listen({ host, port }, () => server.close(() => done(undefined)))
  })
  if (error === undefined) return { name: 'port', status: 'ok', finding: `${host}:${port} is free` }
  const why = error.code === 'EADDRINUSE' ? 'is in use by another program' : `cannot be used (${error.code})`
  return { name: 'port', status: 'failed', finding: `${host}:${port} ${why}` }
}

async function database(settings: Settings): Promise<readonly DoctorCheck[]> {
  const url = settings.databaseUrl ?? liveEmbedded(settings)
  if (url === undefined) return [embeddedAtRest()]
  try {
    const version = await requireUsablePostgres(url)
    const place = settings.databaseUrl === undefined ? 'embedded' : new URL(url).host
    return [
      { name: 'database', status: 'ok', finding: `PostgreSQL ${version}, ${place}` },
      await schemaVersion(url),
    ]
  } catch (error) {
    return [{ name: 'database', status: 'failed', finding: (error as Error).message }]
  }
}

async function schemaVersion(url: string): Promise<DoctorCheck> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const known = readMigrations()
    const missing = missingMigrations(await appliedMigrations(client), known)
    if (missing.length === 0) return { name: 'schema', status: 'ok', finding: `at ${known.at(-1)?.name}` }
    const finding = `lacks ${missing.length} of ${known.length} migrations; leeway serve applies them`
    return { name: 'schema', status: 'warning', finding }
  } catch (error) {
    return { name: 'schema', status: 'failed', finding: (error as Error).message }
  } finally {
    await client.end()
  }
}

function embeddedAtRest(): DoctorCheck {
  try {
    postgresBinaries()
    return {
      name: 'database',
      status: 'ok',
      finding: 'embedded PostgreSQL, not running; leeway serve starts it',
    }
  } catch (error) {
    return { name: 'database', status: 'failed', finding: (error as Error).message }
  }
}

function liveEmbedded({ dataDir }: Settings): string | undefined {
  const passwordFile = join(resolve(dataDir), 'postgres-password')
  try {
    return embeddedPostgresUrl(join(resolve(dataDir), 'postgres'), readFileSync(passwordFile, 'utf8'))
  } catch {
    return undefined
  }
}

function nearestExisting(path: string): string {
  let folder = path
  while (!existsSync(folder)) folder = dirname(folder)
  return folder
}
