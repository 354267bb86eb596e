/** The real server as its own process, with the real embedded PostgreSQL: started, killed, started again. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { leewayProgram } from '../testing/leeway-program.ts'

/** Each test starts up to four processes, on a machine that may be busy with other tests. */
vi.setConfig({ testTimeout: 180_000, hookTimeout: 60_000 })

const LISTENING = /^listening on (http:\/\/\S+)$/

type Serve = {
  readonly process: ChildProcess
  readonly lines: string[]
  /** Resolves with the address; rejects with what was said when it ends before. */
  readonly address: Promise<string>
  readonly exit: Promise<number | null>
}

let dataDir = ''
let started: Serve[] = []

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'leeway-serve-'))
})

/** Whatever a failed test leaves: the servers first, then the PostgreSQL of this very directory. */
afterEach(async () => {
  for (const { process: child, exit } of started) {
    child.kill('SIGKILL')
    await exit
  }
  started = []
  const pid = postgresPid()
  if (pid !== undefined && isPostgres(pid)) await endOf(pid, 'SIGQUIT')
  rmSync(dataDir, { recursive: true, force: true })
})

function serve(...args: readonly string[]): Serve {
  const child = spawn(
    process.execPath,
    [...leewayProgram(), 'serve', '--data-dir', dataDir, '--log-level', 'warn']
      .concat(args.includes('--port') ? [] : ['--port', '0'])
      .concat(args),
    { stdio: ['ignore', 'pipe', 'pipe'], env: { PATH: process.env.PATH, HOME: process.env.HOME } },
  )
  const lines: string[] = []
  const exit = new Promise<number | null>((done) => child.once('close', (code) => done(code)))
  const address = new Promise<string>((done, fail) => {
    createInterface(child.stdout).on('line', (line) => {
      lines.push(line)
      const found = LISTENING.exec(line)?.[1]
      if (found !== undefined) done(found)
    })
    createInterface(child.stderr).on('line', (line) => lines.push(line))
    void exit.then((code) => fail(new Error(`exit ${code}: ${lines.join('\n')}`)))
  })
  address.catch(() => {})
  const server = { process: child, lines, address, exit }
  started.push(server)
  return server
}

function postgresPid(): number | undefined {
  const file = join(dataDir, 'postgres', 'postmaster.pid')
  return existsSync(file) ? Number(readFileSync(file, 'utf8').split('\n')[0]) : undefined
}

/** Of this directory: a pid file may name anybody. */
function isPostgres(pid: number): boolean {
  return isAlive(pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(dataDir)
}

const isAlive = (pid: number): boolean => existsSync(`/proc/${pid}`)

async function endOf(pid: number, signal: NodeJS.Signals): Promise<void> {
  if (isAlive(pid)) process.kill(pid, signal)
  await expect.poll(() => isAlive(pid), { timeout: 20_000, interval: 20 }).toBe(false)
}

async function api(address: string, path: string, body?: unknown): Promise<Response> {
  return fetch(`${address}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      authorization: `Bearer ${readFileSync(join(dataDir, 'admin-token'), 'utf8').trim()}`,
      'content-type': 'application/json',
      'idempotency-key': 'serve-test-key-1',
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
}

async function projectSlugs(address: string): Promise<string[]> {
  const page = (await (await api(address, '/api/projects')).json()) as { items: { slug: string }[] }
  return page.items.map(({ slug }) => slug)
}

test('of two that start at once one serves; the other prints its address and leaves with 0', async () => {
  const both = [serve(), serve()]
  const address = await Promise.any(both.map((one) => one.address))
  const [first, second] = both[0]?.lines.includes(`listening on ${address}`) ? both : both.toReversed()
  expect(await second?.exit).toBe(0)
  expect(second?.lines.filter((line) => line.startsWith('already'))).toEqual([
    `already listening on ${address} (process ${first?.process.pid})`,
  ])

  expect((await fetch(`${address}/readyz`)).status).toBe(200)
  expect(statSync(join(dataDir, 'admin-token')).mode & 0o777).toBe(0o600)
  for (const name of ['ledger-key.pem', 'secrets.key', 'postgres-password']) {
    expect(statSync(join(dataDir, name)).mode & 0o777).toBe(0o600)
  }
  expect(await projectSlugs(address)).toEqual(['default'])
  expect((await fetch(`${address}/api/projects`)).status).toBe(401)

  // A stop takes its PostgreSQL and its lock along.
  const postgres = postgresPid() as number
  expect(isAlive(postgres)).toBe(true)
  first?.process.kill('SIGTERM')
  expect(await first?.exit).toBe(0)
  expect(isAlive(postgres)).toBe(false)
  expect(existsSync(join(dataDir, 'server.json'))).toBe(false)
})

test('after kill -9 the next start adopts the orphaned PostgreSQL and has what was acknowledged', async () => {
  const killed = serve()
  const before = await killed.address
  expect((await api(before, '/api/projects', { slug: 'kept', name: 'Kept' })).status).toBe(201)
  const keyBefore = readFileSync(join(dataDir, 'ledger-key.pem'), 'utf8')
  killed.process.kill('SIGKILL')
  await killed.exit
  const orphan = postgresPid() as number
  expect(isAlive(orphan)).toBe(true)

  const next = serve()
  const address = await next.address
  expect(postgresPid()).toBe(orphan)
  expect(await projectSlugs(address)).toEqual(['default', 'kept'])
  expect(readFileSync(join(dataDir, 'ledger-key.pem'), 'utf8')).toBe(keyBefore)
})

test('after kill -9 of server and PostgreSQL, or a pid file of somebody else, the next start works', async () => {
  const killed = serve()
  expect((await api(await killed.address, '/api/projects', { slug: 'kept', name: 'Kept' })).status).toBe(201)
  killed.process.kill('SIGKILL')
  await killed.exit
  const postgres = postgresPid() as number
  await endOf(postgres, 'SIGKILL')
  expect(existsSync(join(dataDir, 'postgres', 'postmaster.pid'))).toBe(true)

  const next = serve()
  expect(await projectSlugs(await next.address)).toEqual(['default', 'kept'])
  expect(postgresPid()).not.toBe(postgres)
  // PostgreSQL alone: the server says so and ends, for whatever supervises it to start it again.
  process.kill(postgresPid() as number, 'SIGKILL')
  expect(await next.exit).toBe(1)
  expect(next.lines.join()).toContain('leeway: PostgreSQL ended while Leeway ran.')

  // Numbers of processes are used again after a restart of the machine.
  const stranger = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
  const pid = stranger.pid as number
  const lines = [String(pid), join(dataDir, 'postgres'), '1', '1', '', '127.0.0.1', '', 'ready']
  writeFileSync(join(dataDir, 'postgres', 'postmaster.pid'), `${lines.join('\n')}\n`)
  writeFileSync(join(dataDir, 'server.json'), JSON.stringify({ pid, startTicks: '1', address: 'http://x' }))
  expect(await projectSlugs(await serve().address)).toEqual(['default', 'kept'])
  expect(isAlive(pid)).toBe(true)
  stranger.kill('SIGKILL')
})

test('SIGTERM waits for a request that is under way, and takes no new ones', async () => {
  const server = serve()
  const address = await server.address
  const body = JSON.stringify({ slug: 'slow', name: 'Slow' })
  const slow = request(`${address}/api/projects`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${readFileSync(join(dataDir, 'admin-token'), 'utf8').trim()}`,
      'content-type': 'application/json',
      'content-length': body.length,
      'idempotency-key': 'serve-test-key-2',
    },
  })
  const answered = once(slow, 'response')
  slow.write(body.slice(0, 10))
  // A later request was answered, so the server has the beginning of the slow one.
  expect((await fetch(`${address}/healthz`, { headers: { connection: 'close' } })).status).toBe(200)
  server.process.kill('SIGTERM')
  const refused = () =>
    fetch(`${address}/healthz`, { headers: { connection: 'close' } }).then(
      () => false,
      () => true,
    )
  await expect.poll(refused, { timeout: 10_000, interval: 20 }).toBe(true)
  slow.end(body.slice(10))
  const [response] = (await answered) as [{ statusCode: number; resume(): void }]
  response.resume()
  expect(response.statusCode).toBe(201)
  expect(await server.exit).toBe(0)
})

test('a port in use, and a data directory that is none: one line each, and nothing is left running', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  const { port } = other.address() as { port: number }
  const server = serve('--port', String(port))
  expect(await server.exit).toBe(1)
  const said = server.lines.filter((line) => line.startsWith('leeway:'))
  expect(said).toEqual([
    `leeway: Port ${port} on 127.0.0.1 is in use by another program. Stop it, or choose another with --port (0 takes any free one).`,
  ])
  expect(postgresPid()).toBeUndefined()
  expect(existsSync(join(dataDir, 'server.json'))).toBe(false)
  other.close()

  const file = join(dataDir, 'file')
  writeFileSync(file, '')
  const second = serve('--data-dir', file)
  expect(await second.exit).toBe(1)
  expect(second.lines.filter((line) => line.startsWith('leeway:')).join()).toContain(`${file} cannot be used`)

  const wrong = serve('--port', 'none')
  expect(await wrong.exit).toBe(2)
  expect(wrong.lines.join()).toContain('--port is "none".')
})

test('below a closed folder it works, or says which folder is closed', async () => {
  chmodSync(dataDir, 0o700)
  const inner = join(dataDir, 'inner')
  const server = serve('--data-dir', inner)
  const outcome = await Promise.race([server.address, server.exit.then(() => 'refused')])
  if (outcome === 'refused')
    expect(server.lines.join('\n')).toContain(`The folder ${dataDir} is closed to other users`)
  else {
    expect((await fetch(`${outcome}/readyz`)).status).toBe(200)
    expect(statSync(dataDir).mode & 0o777).toBe(0o700)
    server.process.kill('SIGTERM')
    expect(await server.exit).toBe(0)
  }
})
