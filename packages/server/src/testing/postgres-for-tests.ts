/**
 * vitest globalSetup: one real PostgreSQL for the whole run, started when the first test file asks for a database.
 *
 * Test files talk to it by a small HTTP port (`testDatabase` in database.ts), so that a run of core's tests alone
 * pays nothing. A watcher process removes server and folder when the run is killed.
 */
import { spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { migrate } from '../db/migrate.ts'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../launch/embedded-postgres.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Where test databases are made: POST / answers {url, name}, DELETE /<name> drops. */
    testDatabases: string
  }
}

type TestServer = { readonly postgres: EmbeddedPostgres; readonly admin: pg.Pool; readonly folder: string }

const TEMPLATE = 'leeway_template'
/** A crash of the machine may lose test rows; a killed process may not, so commits stay synchronous. */
const PARAMETERS = {
  fsync: 'off',
  full_page_writes: 'off',
  max_connections: '200',
  shared_buffers: '64MB',
  // A test is over before the next round of a server in use: its tables would be taken for empty all the time.
  autovacuum_naptime: '1s',
}

/** vitest calls it once, before any test file, and what it returns at the end. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  let starting: Promise<TestServer> | undefined
  let count = 0
  const port = createServer((request, response) => {
    const answer = async (): Promise<unknown> => {
      starting ??= startTestServer()
      const { admin, postgres } = await starting
      if (request.method === 'DELETE') {
        await admin.query(`drop database if exists ${name(request.url)} with (force)`)
        return {}
      }
      count += 1
      const database = `test_${count}`
      const empty = request.url === '/empty'
      await admin.query(`create database ${database} template ${empty ? 'template0' : TEMPLATE}`)
      return { name: database, url: databaseUrl(postgres.url, database) }
    }
    answer().then(
      (body) => response.end(JSON.stringify(body)),
      (error: unknown) => response.writeHead(500).end(String((error as Error).stack)),
    )
  }).listen(0, '127.0.0.1')
  await new Promise((done) => port.once('listening', done))
  project.provide('testDatabases', `http://127.0.0.1:${(port.address() as AddressInfo).port}`)

  return async () => {
    port.close()
    port.closeAllConnections()
    if (starting === undefined) return
    const { admin, postgres, folder } = await starting
    await admin.end()
    await postgres.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function startTestServer(): Promise<TestServer> {
  const folder = mkdtempSync(join(tmpdir(), 'leeway-test-'))
  chmodSync(folder, 0o711)
  const postgres = await startEmbeddedPostgres({
    directory: join(folder, 'postgres'),
    password: 'test',
    parameters: PARAMETERS,
  })
  watch(postgres.pid, folder)
  const admin = new pg.Pool({ connectionString: postgres.url, max: 4 })
  // The server goes away at the end of the run; that is no failure of a test.
  admin.on('error', () => {})
  await admin.query(`create database ${TEMPLATE}`)
  await migrate(databaseUrl(postgres.url, TEMPLATE))
  return { postgres, admin, folder }
}

/** Its standard input closes when we end, however we end; then it clears up. */
function watch(pid: number, folder: string): void {
  const program = `
    process.stdin.resume().on('end', () => {
      try { process.kill(${pid}, 'SIGQUIT') } catch {}
      const poll = setInterval(() => {
        try { process.kill(${pid}, 0) } catch {
          clearInterval(poll)
          require('fs').rmSync(${JSON.stringify(folder)}, { recursive: true, force: true })
        }
      }, 50)
    })`
  const watcher = spawn(process.execPath, ['-e', program], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  })
  watcher.unref()
  ;(watcher.stdin as unknown as { unref(): void }).unref()
}

function databaseUrl(url: string, database: string): string {
  const own = new URL(url)
  own.pathname = `/${database}`
  return own.href
}

/** Only names we gave. */
function name(path: string | undefined): string {
  const found = /^\/(test_\d+)$/.exec(path ?? '')?.[1]
  if (found === undefined) throw new Error(`not a test database: ${path}`)
  return found
}
