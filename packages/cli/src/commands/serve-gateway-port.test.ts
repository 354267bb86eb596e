/** `leeway serve --gateway-port`: the real server with processes beside it, by the command, with the embedded PostgreSQL. */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fakeUpstream } from '@leeway/server/testing/fake-upstream'
import { v7 } from 'uuid'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { leewayProgram } from '../testing/leeway-program.ts'

/** Several processes start, on a machine that may be busy with other tests. */
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const dataDir = mkdtempSync(join(tmpdir(), 'leeway-gateway-port-'))
const upstream = await fakeUpstream()
let server: Awaited<ReturnType<typeof serve>>
let key = ''
let answered = 0

beforeAll(async () => {
  server = await serve(2)
  await api('/policies', { agent: 'desk', name: 'v1', config: { model: 'model-1' } })
  await api('/gateway/upstreams', { name: 'one', baseUrl: upstream.url })
  await api('/gateway/servings', { agent: 'desk', policy: 'v1', upstream: 'one', model: 'model-1' })
  await api('/contracts', {
    agent: 'desk',
    baseline: 'v1',
    tools: [{ name: 'find_order', stakes: 'read' }],
    reason: 'to serve it',
  })
  key = (await api<{ key: string }>('/keys', { name: 'agent', scopes: ['act'], expiresInDays: null })).key
  await heardByAll()
})
afterAll(async () => {
  await end('SIGTERM')
  await upstream.close()
  rmSync(dataDir, { recursive: true, force: true })
})

async function serve(processes: number) {
  const child = spawn(
    process.execPath,
    [...leewayProgram(), 'serve', '--data-dir', dataDir, '--log-level', 'error', '--port', '0'].concat([
      '--gateway-port',
      '0',
    ]),
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env.PATH, HOME: process.env.HOME, LEEWAY_GATEWAY_PROCESSES: String(processes) },
    },
  )
  const exit = new Promise<number | null>((done) => child.once('close', done))
  const lines: string[] = []
  const [address, agents] = await new Promise<readonly [string, string]>((done, fail) => {
    const read = (line: string) => {
      lines.push(line)
      const said = lines.join('\n')
      const own = /^listening on (http:\S+)$/m.exec(said)?.[1]
      const beside = /^for agents also on (http:\S+)\/v1$/m.exec(said)?.[1]
      if (own !== undefined && beside !== undefined) done([own, beside])
    }
    createInterface(child.stdout).on('line', read)
    createInterface(child.stderr).on('line', read)
    void exit.then((code) => fail(new Error(`exit ${code}: ${lines.join('\n')}`)))
  })
  return { child, exit, lines, address, agents }
}

async function end(signal: NodeJS.Signals): Promise<number | null> {
  server.child.kill(signal)
  return server.exit
}

async function api<Answer>(path: string, body?: unknown): Promise<Answer> {
  const answer = await fetch(`${server.address}/api/projects/default${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      authorization: `Bearer ${readFileSync(join(dataDir, 'admin-token'), 'utf8').trim()}`,
      'content-type': 'application/json',
      'idempotency-key': v7(),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`)
  return (path === '/metrics' ? text : JSON.parse(text)) as Answer
}

/** Over a connection of its own: connections are what the processes share. */
function ask(path = '/v1/chat/completions', token = key): Promise<{ status: number; text: string }> {
  const body = JSON.stringify({ model: 'desk', messages: [{ role: 'user', content: 'Hello?' }] })
  return new Promise((done, fail) => {
    const asking = request(
      `${server.agents}${path}`,
      {
        agent: new Agent({ keepAlive: false }),
        method: path.startsWith('/v1/') ? 'POST' : 'GET',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      },
      async (answer) => {
        let text = ''
        for await (const piece of answer.setEncoding('utf8')) text += piece
        done({ status: answer.statusCode ?? 0, text })
      },
    )
    asking.on('error', fail)
    asking.end(path.startsWith('/v1/') ? body : undefined)
  })
}

/** Each process hears of a key by itself; connections go to them in turn. */
async function heardByAll(): Promise<void> {
  await vi.waitFor(
    async () => {
      const answers = [await ask(), await ask(), await ask(), await ask()]
      const served = answers.filter(({ status }) => status === 200).length
      answered += served
      expect(served).toBe(4)
    },
    { timeout: 20_000 },
  )
}

async function askTimes(times: number): Promise<void> {
  const answers = await Promise.all(Array.from({ length: times }, () => ask()))
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
  answered += times
}

const counted = async () =>
  Number(/^leeway_gateway_turns_total\{.*\} (\d+)$/m.exec(await api<string>('/metrics'))?.[1] ?? 0)
const recorded = async () =>
  (await api<{ agents: { turns: number }[] }>('/gateway')).agents.reduce((sum, { turns }) => sum + turns, 0)
const segments = (folder: string) =>
  existsSync(join(dataDir, folder))
    ? readdirSync(join(dataDir, folder)).filter((name) => name.endsWith('.spool')).length
    : 0
/** The processes beside the server, by their ids. */
const beside = (child: ChildProcess) =>
  readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8')
    .trim()
    .split(' ')
    .filter((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('gateway-process'))
    .map(Number)

test('two processes share the port, each records what it answers, and both are counted together', async () => {
  await askTimes(20)
  expect([segments('spool-1'), segments('spool-2'), segments('spool')]).toEqual([1, 1, 0])
  await expect.poll(recorded, { timeout: 10_000 }).toBe(answered)
  await expect.poll(counted, { timeout: 10_000 }).toBe(answered)
})

test('the keys and contracts hold there, and nothing else is there', async () => {
  expect(await ask(undefined, 'lw_unknown')).toMatchObject({ status: 401 })
  for (const path of ['/', '/api/projects', '/mcp/desk/shop', '/v1/mcp/decisions', '/metrics'])
    expect(await ask(path), path).toEqual({
      status: 404,
      text: expect.stringContaining('This port serves agents alone'),
    })
  expect(await ask('/healthz')).toMatchObject({ status: 200 })
})

test('a process that is killed is started again, and neither its records nor its counts are lost', async () => {
  const [first, second] = beside(server.child) as [number, number]
  await askTimes(10)
  await expect.poll(counted, { timeout: 10_000 }).toBe(answered)
  process.kill(first, 'SIGKILL')
  await expect
    .poll(() => beside(server.child).filter((pid) => pid !== first).length, { timeout: 30_000 })
    .toBe(2)
  expect(beside(server.child)).toContain(second)
  await askTimes(10)
  await expect.poll(recorded, { timeout: 10_000 }).toBe(answered)
  await expect.poll(counted, { timeout: 10_000 }).toBe(answered)
})

test('without the first process none goes on; with fewer at the next start, what the last one left is shipped', async () => {
  const pids = beside(server.child)
  await askTimes(10)
  await end('SIGKILL')
  await expect.poll(() => pids.filter((pid) => existsSync(`/proc/${pid}`)), { timeout: 10_000 }).toEqual([])
  server = await serve(1)
  expect(await recorded()).toBe(answered)
  expect(segments('spool-2')).toBe(0)
  expect(existsSync(join(dataDir, 'spool-2'))).toBe(false)
  await askTimes(4)
  await expect.poll(recorded, { timeout: 10_000 }).toBe(answered)
})

test('a stop waits for what is under way, and ends all of them', async () => {
  const pids = beside(server.child)
  upstream.script({ text: 'Late.', afterMs: 1_500 })
  const before = upstream.requests.length
  const late = ask()
  await expect.poll(() => upstream.requests.length, { timeout: 10_000 }).toBe(before + 1)
  const exit = end('SIGTERM')
  expect(await late).toMatchObject({ status: 200, text: expect.stringContaining('Late.') })
  expect(await exit).toBe(0)
  expect(pids.filter((pid) => existsSync(`/proc/${pid}`))).toEqual([])
})
