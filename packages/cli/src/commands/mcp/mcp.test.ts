/** `leeway mcp` as a client of MCP starts it: real processes on both sides of it. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { testDatabase } from '@leeway/server/testing/database'
import { joinProject } from '@leeway/server/testing/join-project'
import { mcpHttpServer } from '@leeway/server/testing/mcp-http-server'
import { tcpDoor } from '@leeway/server/testing/tcp-door'
import { testGateway } from '@leeway/server/testing/test-gateway'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { ToolListChangedNotificationSchema } from '@modelcontextprotocol/sdk/types.js'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { leewayProgram } from '../../testing/leeway-program.ts'

const database = await testDatabase({ connectionsMax: 16 })
const world = await testGateway(database.db)
const directory = mkdtempSync(join(tmpdir(), 'leeway-mcp-'))
const didFile = join(directory, 'did')
const clients: Client[] = []
afterAll(async () => {
  await Promise.all(clients.map((client) => client.close()))
  await world.close()
  await database.close()
  rmSync(directory, { recursive: true, force: true })
})
const SHOP = fileURLToPath(new URL('../../../../server/src/testing/mcp-stdio-server.ts', import.meta.url))
const TERMS = [
  { name: 'shop/find_*', stakes: 'read' as const },
  { name: 'shop/refund', stakes: 'reversible' as const },
]
const { project } = world.server
let cookie = ''
beforeAll(async () => {
  cookie = await joinProject(world.server, 'admin', 'Ada')
  await world.contract({ tools: TERMS })
})

const did = () => {
  try {
    return readFileSync(didFile, 'utf8')
      .trim()
      .split('\n')
      .filter((line) => !line.startsWith('token'))
  } catch {
    return []
  }
}
const forget = () => rmSync(didFile, { force: true })

function start(more: readonly string[] = [], url = world.url) {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [
      ...leewayProgram(),
      'mcp',
      '--agent',
      'desk',
      '--server',
      'shop',
      ...more,
      ...(more.includes('--through') ? [] : ['--', process.execPath, '--import', 'tsx', SHOP, didFile]),
    ].filter((part) => part !== '--through'),
    env: { PATH: process.env.PATH ?? '', LEEWAY_URL: url, LEEWAY_TOKEN: world.key, SHOP_TOKEN: 'mine' },
    stderr: 'ignore',
  })
  return transport
}
async function connect(more: readonly string[] = [], url = world.url): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' })
  await client.connect(start(more, url) as never)
  clients.push(client)
  return client
}
type Said = { readonly isError?: boolean; readonly content: readonly { readonly text: string }[] }
const call = async (client: Client, name: string, given: Record<string, unknown> = {}) => {
  const { isError, content } = (await client.callTool({ name, arguments: given })) as Said
  return { isError: isError === true, text: content.map(({ text }) => text).join() }
}
const api = async (path: string, json?: unknown) =>
  (
    await world.server.request(`/api/projects/${project.slug}/holds${path}`, {
      cookie,
      ...(json === undefined ? {} : { json }),
    })
  ).json() as Promise<{ open: { id: string }[]; answered: { id: string; answer: { used: boolean } }[] }>
const oneWaits = async () => {
  await expect.poll(async () => (await api('')).open.length).toBe(1)
  return (await api('')).open[0]?.id ?? ''
}

test('before a server that it starts: tools of the contract, decided calls, and the server never sees our key', async () => {
  const client = await connect()
  expect((await client.listTools()).tools.map(({ name }) => name)).toEqual([
    'find_order',
    'refund',
    'find_slowly',
    'find_and_die',
    'find_more',
    'find_by_asking',
  ])
  expect(await call(client, 'find_order', { id: 'A' })).toEqual({ isError: false, text: 'order A' })
  expect(await call(client, 'wire_money')).toMatchObject({ isError: true })
  expect(did()).toEqual(['find A'])
  expect(readFileSync(didFile, 'utf8')).toContain('token none own mine')
  expect((await world.turns()).map(({ outcome }) => outcome)).toEqual(['release', 'release', 'deny'])
})

test('before a server that Leeway reaches', async () => {
  const shop = await mcpHttpServer()
  const set = await world.server.request(`/api/projects/${project.slug}/mcp/servers`, {
    token: world.adminKey,
    json: { name: 'shop', url: shop.url },
  })
  expect(set.status).toBe(200)
  await world.gateway.refresh()
  const client = await connect(['--through'])
  expect(await call(client, 'find_order', { id: 'B' })).toEqual({ isError: false, text: 'order B' })
  expect(await call(client, 'wire_money')).toMatchObject({ isError: true })
  expect(shop.did).toEqual(['find B'])
  await client.close()
  await shop.close()
})

test('its server dies in the middle of a call: said, written down, and the way is over', async () => {
  const client = await connect()
  const closed = new Promise<void>((done) => {
    client.onclose = done
  })
  expect((await call(client, 'find_and_die')).text).toContain('Whether the call was carried out is not known')
  await closed
  expect((await world.turns()).at(-1)?.outcome).toBe('failed')
})

test('other terms hold on an open session within a second', async () => {
  const client = await connect()
  let changes = 0
  client.setNotificationHandler(ToolListChangedNotificationSchema, () => {
    changes += 1
  })
  await client.listTools()
  await world.contract({ tools: TERMS, grant: { stakes: 'read' } })
  await expect.poll(() => changes, { interval: 10, timeout: 1_000 }).toBe(1)
  expect((await client.listTools()).tools.map(({ name }) => name)).not.toContain('refund')
  expect(await call(client, 'refund', { amount: 1 })).toMatchObject({ isError: true })
  await world.contract({ tools: TERMS })
})

test('killed while a person decides: nothing was carried out, and who comes again finds the approval, once', async () => {
  forget()
  await world.contract({ tools: TERMS, grant: { withoutReview: 0 } })
  const transport = start(['--conversation', 'killed'])
  const client = new Client({ name: 'test', version: '1' })
  await client.connect(transport as never)
  const asking = call(client, 'refund', { amount: 7, order: 'A' }).catch(() => 'gone')
  const hold = await oneWaits()
  process.kill(transport.pid ?? 0, 'SIGKILL')
  expect(await asking).toBe('gone')
  await api(`/${hold}/answer`, { kind: 'approved' })
  expect(did()).toEqual([])
  const again = await connect(['--conversation', 'killed'])
  // The same call, whatever the order in which its arguments are written.
  expect(await call(again, 'refund', { order: 'A', amount: 7 })).toEqual({
    isError: false,
    text: 'refunded 7',
  })
  world.server.effects.advance(2_000)
  const { answered } = await api('')
  expect(answered.find(({ id }) => id === hold)?.answer.used).toBe(true)
  const second = call(again, 'refund', { amount: 7, order: 'A' })
  await api(`/${await oneWaits()}/answer`, { kind: 'denied', reason: 'not twice' })
  expect(await second).toEqual({ isError: true, text: 'A person did not allow it: not twice' })
  expect(did()).toEqual(['refund 7'])
  await world.contract({ tools: TERMS })
})

test('while Leeway is away nothing is carried out', async () => {
  forget()
  const away = await tcpDoor(world.url)
  const client = await connect([], away.url)
  expect(await call(client, 'find_order', { id: 'C' })).toMatchObject({ isError: false })
  await away.shut()
  expect(await call(client, 'find_order', { id: 'D' })).toEqual({
    isError: true,
    text: 'Nobody can decide about this call at present, so it was not carried out. Try again later.',
  })
  expect(did()).toEqual(['find C'])
})
