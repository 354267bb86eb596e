import { createServer } from 'node:net'
import type { GatewayView } from '@leeway/contract/gateway'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { testDatabase } from '../testing/database.ts'
import { DESK_TOOLS, testGateway } from '../testing/test-gateway.ts'

const database = await testDatabase({ connectionsMax: 12 })
let nowMs = 0
const world = await testGateway(database.db, { nowMs: () => nowMs })
const { upstream, candidateUpstream: other } = world
afterAll(async () => {
  await world.close()
  await database.close()
})
const serving = { agent: 'desk', policy: 'v1', model: 'model-1' }
const serve = (more: Readonly<Record<string, unknown>>) =>
  world.api('/gateway/servings', { ...serving, ...more })
beforeEach(async () => {
  // Whatever was stopped may be tried again.
  nowMs += 60_000
  upstream.requests.length = 0
  other.requests.length = 0
  upstream.otherwise(() => ({ text: 'Hello.' }))
  other.otherwise(() => ({ text: 'From the other.' }))
  await serve({ upstream: 'one' })
  await world.gateway.refresh()
  expect((await world.chat({})).status).toBe(200)
  upstream.requests.length = 0
})

/** An address where nobody listens. */
async function nowhere(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((done) => server.once('listening', done))
  const { port } = server.address() as { port: number }
  await new Promise((done) => server.close(done))
  return `http://127.0.0.1:${port}/v1`
}
const countsOf = (name: string) => world.gateway.upstreams().find(({ upstream: own }) => own === name)
const agentNow = async () => {
  await world.gateway.flush()
  const view = await world.server.request(`/api/projects/${world.server.project.slug}/gateway`, {
    token: world.adminKey,
  })
  return ((await view.json()) as GatewayView).agents[0]
}
const busy = (seconds: number, status = 503) => ({ status, headers: { 'retry-after': String(seconds) } })

test.each([
  [false, 503],
  [true, 429],
])('who is told when to come back comes back; streamed: %s, told by %i', async (stream, status) => {
  const before = countsOf('one')?.retries ?? 0
  upstream.script(busy(0.05, status), busy(0, status))
  const answer = await world.chat({ stream })
  expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining('Hello.')])
  expect(upstream.requests).toHaveLength(3)
  expect(countsOf('one')?.retries).toBe(before + 2)
})

test.each([
  ['told to wait longer than a client should without knowing', busy(3)],
  ['not told when', { status: 503 }],
  ['another failure', { status: 500, headers: { 'retry-after': '0' } }],
])('nothing is tried again: %s', async (_, reply) => {
  upstream.script(reply)
  expect((await world.chat({})).status).toBe(reply.status)
  expect(upstream.requests).toHaveLength(1)
})

test('what is busy for ever is tried three times, and its own answer goes on', async () => {
  upstream.otherwise(() => busy(0, 429))
  const answer = await world.chat({})
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '0'])
  expect(upstream.requests).toHaveLength(3)
})

test('an answer that was cut is not asked for again: it may have been carried out', async () => {
  upstream.script({ text: 'x'.repeat(500), cutAfter: 100 })
  expect((await world.chat({})).status).toBe(502)
  expect(upstream.requests).toHaveLength(1)
})

test('a request whose hosted tools change something is sent once, whoever says that it was not carried out', async () => {
  const tools = [...DESK_TOOLS, { name: 'code_interpreter', stakes: 'reversible' as const }]
  await world.contract({ tools })
  const running = [{ type: 'code_interpreter' }]
  for (const asked of [{ tools: running }, { input: [{ type: 'additional_tools', tools: running }] }]) {
    upstream.requests.length = 0
    upstream.script(busy(0))
    expect((await world.respond(asked)).status).toBe(503)
    expect(upstream.requests).toHaveLength(1)
  }
  await world.contract()
})

test('an upstream that fails five times in a row is left alone, and one call finds out when it is back', async () => {
  const before = await agentNow()
  upstream.otherwise(() => ({ status: 500 }))
  for (let at = 0; at < 5; at++) expect((await world.chat({})).status).toBe(500)
  const refused = await world.chat({})
  expect([refused.status, refused.headers.get('retry-after'), await refused.json()]).toMatchObject([
    503,
    '10',
    { error: { code: 'upstream_paused', type: 'server_error' } },
  ])
  expect(upstream.requests).toHaveLength(5)
  expect(countsOf('one')).toMatchObject({ isOpen: true })
  const { turns = 0, failed = 0, refused: denied } = before ?? {}
  // Those that nobody asked a model for got no answer, either, and none was refused by a contract.
  expect(await agentNow()).toMatchObject({ turns: turns + 6, failed: failed + 6, refused: denied })
  nowMs += 10_000
  upstream.otherwise(() => ({ text: 'Back.' }))
  expect((await world.chat({})).status).toBe(200)
  expect(countsOf('one')).toMatchObject({ isOpen: false })
})

test('answers that are cut count as failures, however well they began', async () => {
  const { failures = 0 } = countsOf('one') ?? {}
  upstream.otherwise(() => ({ text: 'x'.repeat(500), cutAfter: 100 }))
  for (let at = 0; at < 5; at++) await (await world.chat({ stream: true })).text()
  expect(countsOf('one')).toMatchObject({ failures: failures + 5, isOpen: true })
})

test('an answer that its client leaves is no failure', async () => {
  const { failures = 0 } = countsOf('one') ?? {}
  upstream.otherwise(() => ({ text: 'x'.repeat(500), pieceBytes: 20, pauseMs: 20 }))
  for (let at = 0; at < 5; at++) {
    const answer = await world.chat({ stream: true })
    await answer.body?.getReader().read()
    await answer.body?.cancel().catch(() => {})
  }
  expect(countsOf('one')).toMatchObject({ failures, isOpen: false })
})

test('where another upstream has the same model it answers, for one that cannot be reached and for one that is left alone', async () => {
  const url = await nowhere()
  await world.api('/gateway/upstreams', { name: 'gone', baseUrl: url })
  await serve({ upstream: 'gone' })
  await world.gateway.refresh()
  expect((await world.chat({})).status).toBe(502)
  await serve({ upstream: 'gone', fallback: 'two' })
  await world.gateway.refresh()
  for (let at = 0; at < 3; at++) {
    const answer = await world.chat({ stream: at === 1 })
    expect(await answer.text()).toContain('other')
  }
  expect(other.requests.map(({ body }) => body.model)).toEqual(['model-1', 'model-1', 'model-1'])
  expect(countsOf('gone')).toMatchObject({ isOpen: true, opened: 1 })
  expect(countsOf('two')?.fallbacks).toBe(3)
})

test('a fallback that nobody set is refused', async () => {
  await expect(serve({ upstream: 'one', fallback: 'nobody' })).rejects.toThrow(/There is no upstream/)
})
