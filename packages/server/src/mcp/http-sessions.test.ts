import type { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { ToolListChangedNotificationSchema } from '@modelcontextprotocol/sdk/types.js'
import { sql } from 'drizzle-orm'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { storedEpisodes } from '../episodes/stored-episode.ts'
import { assembleEpisodes } from '../gateway/assemble-episodes.ts'
import type { TurnRecord } from '../gateway/turn-record.ts'
import { testDatabase } from '../testing/database.ts'
import { SHOP_TERMS, shopSessions } from '../testing/shop-sessions.ts'
import { testGateway } from '../testing/test-gateway.ts'

const database = await testDatabase({ connectionsMax: 16 })
const shipped: TurnRecord[] = []
const world = await testGateway(database.db, { onShipped: (turns) => void shipped.push(...turns) })
const { shop, connect, call, closeClients } = await shopSessions(world)
const { effects, project } = world.server

afterAll(async () => {
  await closeClients()
  await world.close()
  await shop.close()
  await database.close()
})
const newest = async () => (await world.turns()).at(-1)

beforeEach(async () => {
  shop.did.length = 0
})

describe('an unchanged client of the SDK', () => {
  test('lists what the contract allows, calls it, and the server gets the key that the admin stored', async () => {
    const client = await connect()
    const { tools } = await client.listTools()
    expect(tools.map(({ name }) => name).sort()).toEqual([
      'find_and_die',
      'find_by_asking',
      'find_more',
      'find_order',
      'find_slowly',
      'note',
      'refund',
    ])
    expect(await call(client, 'find_order', { id: 'A1' })).toEqual({ isError: false, text: 'order A1' })
    expect(shop.did).toEqual(['find A1'])
    expect(shop.headers.every(({ authorization }) => authorization === 'Bearer shop-secret')).toBe(true)
    await client.ping()
  })

  test('the record of a call is in the database as it was decided, and its result after it', async () => {
    const client = await connect({ headers: { 'x-leeway-conversation-id': 'recorded' } })
    await call(client, 'refund', { amount: 20 })
    const own = (await world.turns()).filter(({ conversation }) => conversation === 'recorded')
    expect(own).toMatchObject([
      {
        role: 'baseline',
        outcome: 'release',
        unit_key: 'session:recorded',
        decisions: [
          { outcome: 'release', calls: [{ tool: 'shop/refund', outcome: 'allow', rule: 'granted' }] },
        ],
      },
      { outcome: 'release', decisions: [] },
    ])
  })

  test('what the contract sets is what the server gets', async () => {
    await call(await connect(), 'note', { text: 'a', draft: false })
    expect(shop.did).toEqual(['note {"text":"a","draft":true}'])
  })

  test.each([
    ['outside its range', 'refund', { amount: 51 }, 'outside what is allowed'],
    ['above the grant, whatever its annotations say', 'wire_money', {}, 'may not be called at this stage'],
    ['that the contract does not name', 'steal', {}, 'no tool "shop/steal" that may be called'],
  ])('a call %s is refused with a result that a model can act on', async (_, name, given, why) => {
    const { isError, text } = await call(await connect(), name, given)
    expect([isError, text]).toEqual([true, expect.stringContaining(why)])
    expect(shop.did).toEqual([])
    expect(await newest()).toMatchObject({ outcome: 'deny' })
  })

  test('one that insists is stopped, with the rest of its conversation', async () => {
    const client = await connect()
    for (let at = 0; at < 3; at++) await call(client, 'wire_money')
    expect((await call(client, 'wire_money')).text).toContain('This conversation was stopped.')
    expect(await call(client, 'find_order', { id: 'A' })).toMatchObject({ isError: true })
    expect((await client.listTools()).tools).toEqual([])
    expect(shop.did).toEqual([])
  })

  test('of what the client says beside the call, the server gets the token of its progress and the trace', async () => {
    const client = await connect()
    await client.callTool({
      name: 'refund',
      arguments: { amount: 1 },
      _meta: { progressToken: 'p', traceparent: 't', 'evil/dry-run': false },
    })
    expect(shop.did).toEqual(['refund 1 progressToken,traceparent'])
    await world.gateway.flush()
    expect(shipped.findLast(({ rounds }) => rounds.length > 0)?.traceparent).toBe('t')
  })

  test('progress comes through, and a cancellation reaches the server', async () => {
    const client = await connect()
    const leaving = new AbortController()
    const heard: number[] = []
    const calling = client.callTool({ name: 'find_slowly', arguments: {} }, undefined, {
      signal: leaving.signal,
      onprogress: ({ progress }) => {
        heard.push(progress)
        if (heard.length === 3) leaving.abort()
      },
    })
    await expect(calling).rejects.toThrow()
    await expect.poll(() => shop.did).toEqual(['began', 'was cancelled'])
    expect(heard.slice(0, 3)).toEqual([1, 2, 3])
    await expect.poll(async () => (await newest())?.outcome).toBe('aborted')
  })
})

test('a server that dies in the middle of a call: nobody knows whether it was carried out, and that is said', async () => {
  const client = await connect()
  const { isError, text } = await call(client, 'find_and_die')
  expect([isError, text]).toEqual([
    true,
    expect.stringContaining('Whether the call was carried out is not known'),
  ])
  expect((await newest())?.outcome).toBe('failed')
})

test('a server that grows a tool: the client hears of a new list, and neither sees nor calls it', async () => {
  const client = await connect()
  let changes = 0
  client.setNotificationHandler(ToolListChangedNotificationSchema, () => {
    changes += 1
  })
  await call(client, 'find_more')
  await expect.poll(() => changes).toBeGreaterThan(0)
  expect((await client.listTools()).tools.map(({ name }) => name)).not.toContain('steal')
  expect(await call(client, 'steal')).toMatchObject({ isError: true })
  expect(shop.did).toEqual([])
})

test('the server may know the roots of the client; its model and its user it may not ask', async () => {
  const { text } = await call(await connect(), 'find_by_asking')
  expect(text).toContain('{"roots":{}}\n')
  expect(text).toContain('roots/list: {"roots":[{"uri":"file:///home"}]}')
  expect(text).toContain('sampling/createMessage: ')
  expect(text).not.toContain('"model"')
  expect(text).toMatch(/elicitation\/create: .*(not passed on|not support)/)
})

test('resources and prompts are there once the contract names them, and are decided like calls', async () => {
  const without = await connect()
  expect(without.getServerCapabilities()).toEqual({ tools: { listChanged: true }, logging: {} })
  await expect(without.readResource({ uri: 'order://1' })).rejects.toThrow('no tool "shop:resources/read"')
  await world.contract({
    tools: [
      ...SHOP_TERMS,
      {
        name: 'shop:resources/read',
        stakes: 'read',
        arguments: { properties: { uri: { const: 'order://1' } } },
      },
    ],
  })
  const client = await connect()
  expect(client.getServerCapabilities()).toMatchObject({ resources: { listChanged: true } })
  expect((await client.listResources()).resources).toHaveLength(1)
  expect(await client.readResource({ uri: 'order://1' })).toMatchObject({ contents: [{ text: 'one book' }] })
  await expect(client.readResource({ uri: 'order://2' })).rejects.toThrow('outside what is allowed')
  await expect(client.getPrompt({ name: 'greet' })).rejects.toThrow('no tool')
  expect(shop.did).toEqual(['read order://1'])
  await world.contract({ tools: SHOP_TERMS })
})

test('a narrower contract holds on an open session within a second, and the client hears of it', async () => {
  const client = await connect()
  let changes = 0
  client.setNotificationHandler(ToolListChangedNotificationSchema, () => {
    changes += 1
  })
  // The client's own stream is open a moment after it has connected.
  await new Promise((done) => setTimeout(done, 200))
  await world.api('/contracts', {
    agent: 'desk',
    baseline: 'v1',
    tools: SHOP_TERMS,
    grant: { stakes: 'read' },
    reason: 'narrower',
  })
  const startedMs = performance.now()
  await expect.poll(() => changes, { interval: 10 }).toBe(1)
  expect(performance.now() - startedMs).toBeLessThan(1_000)
  expect((await client.listTools()).tools.map(({ name }) => name)).not.toContain('refund')
  expect(await call(client, 'refund', { amount: 1 })).toMatchObject({ isError: true })
  expect(shop.did).toEqual([])
  await world.contract({ tools: SHOP_TERMS })
})

test.each([
  ['no key', { authorization: '' }, 401],
  ['a key that may not act', { authorization: `Bearer ${world.adminKey}` }, 401],
  ['the page of another site', { origin: 'https://evil.example' }, 403],
  [
    'the page of another site by another name of this machine',
    { origin: 'http://evil.example', host: 'evil.example' },
    403,
  ],
  ['a session that is not known', { 'mcp-session-id': 'f00' }, 404],
])('%s is refused', async (_, headers, status) => {
  const answer = await fetch(`${world.url}/mcp/desk/shop`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${world.key}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...headers,
    },
    body: '{"jsonrpc":"2.0","id":1,"method":"tools/list"}',
  })
  expect(answer.status).toBe(status)
})

test('the session of one key is nobody else’s, and ends with its key', async () => {
  const own = await world.server.key(['act'])
  await world.gateway.refresh()
  const client = await connect({ key: own })
  const { sessionId } = client.transport as unknown as StreamableHTTPClientTransport
  const answer = await fetch(`${world.url}/mcp/desk/shop`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${world.key}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-session-id': sessionId ?? '',
    },
    body: '{"jsonrpc":"2.0","id":1,"method":"tools/list"}',
  })
  expect(answer.status).toBe(404)
  await database.db.execute(sql`update api_keys set revoked_at = now() where name = 'act' and revoked_at is null
    and id = (select id from api_keys where name = 'act' order by id desc limit 1)`)
  await world.gateway.refresh()
  await expect(client.listTools()).rejects.toThrow()
})

test('agents and servers that are not there are said to be so', async () => {
  await expect(connect({ path: '/mcp/nobody/shop' })).rejects.toThrow('no contract')
  await expect(connect({ path: '/mcp/desk/nowhere' })).rejects.toThrow('no server')
})

test('a server that cannot be reached: said, and no session is left behind', async () => {
  await world.api('/mcp/servers', { name: 'away', url: 'http://127.0.0.1:9/mcp' })
  await world.gateway.refresh()
  const post = (headers: Readonly<Record<string, string>>, method: string, params = {}) =>
    fetch(`${world.url}/mcp/desk/away`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${world.key}`,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        ...headers,
      },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    })
  const clientInfo = { name: 'test', version: '1' }
  const begun = await post({}, 'initialize', { protocolVersion: '2025-11-25', capabilities: {}, clientInfo })
  expect(await begun.text()).toContain('The server does not answer.')
  const again = await post({ 'mcp-session-id': begun.headers.get('mcp-session-id') ?? '' }, 'tools/list')
  expect(again.status).toBe(404)
})

test('calls and their results, refused ones too, become steps of an episode', async () => {
  const client = await connect({ headers: { 'x-leeway-conversation-id': 'episode' } })
  await call(client, 'refund', { amount: 500 })
  await call(client, 'refund', { amount: 5 })
  await world.gateway.flush()
  effects.advance(11 * 60_000)
  await assembleEpisodes(effects)
  const found = await database.db.execute<{ id: string }>(
    sql`select id from episodes where source_id like 'gateway:%:episode'`,
  )
  const [stored] = await storedEpisodes(database.db, project.id, [found.rows[0]?.id ?? ''])
  expect(stored?.episode.steps.map(({ kind, name, content }) => [kind, name, content])).toEqual([
    ['tool_call', 'shop/refund', { amount: 500 }],
    ['tool_result', 'shop/refund', expect.stringContaining('Not allowed.')],
    ['tool_call', 'shop/refund', { amount: 5 }],
    ['tool_result', 'shop/refund', 'refunded 5'],
  ])
})
