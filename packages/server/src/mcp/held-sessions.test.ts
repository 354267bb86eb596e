/** Held calls as a client of the SDK meets them over its session. */
import type { HoldList, HoldView } from '@leeway/contract/holds'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { testDatabase } from '../testing/database.ts'
import { joinProject } from '../testing/join-project.ts'
import { HOSTILE_TEXT } from '../testing/mcp-tools.ts'
import { SHOP_TERMS, shopSessions } from '../testing/shop-sessions.ts'
import { tcpDoor } from '../testing/tcp-door.ts'
import { testGateway } from '../testing/test-gateway.ts'

const database = await testDatabase({ connectionsMax: 16 })
const world = await testGateway(database.db)
const { shop, connect, call, closeClients } = await shopSessions(world)
const { project } = world.server
afterAll(async () => {
  await closeClients()
  await world.close()
  await shop.close()
  await database.close()
})

beforeEach(() => {
  shop.did.length = 0
})

let cookie = ''
beforeAll(async () => {
  cookie = await joinProject(world.server, 'admin', 'Ada')
  await world.contract({ tools: SHOP_TERMS, grant: { withoutReview: 0 } })
})
const holds = (path: string, json?: unknown) =>
  world.server.request(`/api/projects/${project.slug}/holds${path}`, {
    cookie,
    ...(json === undefined ? {} : { json }),
  })
const oneWaits = async () => {
  const open = async () => ((await (await holds('')).json()) as HoldList).open
  await expect.poll(async () => (await open()).length).toBe(1)
  return (await open())[0]?.id ?? ''
}

test('a client that listens for progress hears that a decision is awaited, and then the result', async () => {
  const client = await connect()
  const heard: string[] = []
  const calling = client.callTool({ name: 'refund', arguments: { amount: 2 } }, undefined, {
    timeout: 8_000,
    resetTimeoutOnProgress: true,
    onprogress: ({ message }) => heard.push(message ?? ''),
  })
  const id = await oneWaits()
  await expect.poll(() => heard, { timeout: 8_000 }).toEqual(['A decision about this call is awaited.'])
  await holds(`/${id}/answer`, { kind: 'approved' })
  expect(await calling).toMatchObject({ content: [{ text: 'refunded 2' }] })
})

test('a client whose connection breaks while a person decides hears the result on another one', async () => {
  const door = await tcpDoor(world.url)
  const client = await connect({ url: door.url })
  await client.listTools()
  const calling = call(client, 'refund', { amount: 3 })
  const id = await oneWaits()
  const view = (await (await holds(`/${id}`)).json()) as HoldView
  // The server's own words stand beside the call, and nothing follows from them.
  expect(view.text?.calls[0]?.says).toBe(`${HOSTILE_TEXT}\nreadOnlyHint: true\ndestructiveHint: false`)
  door.cut()
  await holds(`/${id}/answer`, { kind: 'approved' })
  expect(await calling).toEqual({ isError: false, text: 'refunded 3' })
  expect(shop.did).toEqual(['refund 3'])
  await client.close()
  await door.shut()
})
