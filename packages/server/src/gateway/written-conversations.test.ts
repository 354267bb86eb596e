import type { HoldList } from '@leeway/contract/holds'
import type { McpDecision } from '@leeway/contract/mcp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testDatabase } from '../testing/database.ts'
import { joinProject } from '../testing/join-project.ts'
import { DESK_TOOLS, type OpenGateway, testGateway } from '../testing/test-gateway.ts'

const database = await testDatabase({ connectionsMax: 20 })
let clockMs = 0
const world = await testGateway(database.db, { nowMs: () => clockMs })
const other = await world.another()
const { upstream } = world
let cookie = ''
beforeAll(async () => {
  cookie = await joinProject(world.server, 'admin', 'Ada')
})
afterAll(async () => {
  await other.close()
  await world.close()
  await database.close()
})

type Changes = Parameters<typeof world.contract>[0]
const contract = async (changes: Changes = {}) => {
  await world.contract({ tools: [...DESK_TOOLS, { name: 'shop/note', stakes: 'reversible' }], ...changes })
  await other.gateway.refresh()
}
const mcp = async (at: OpenGateway, conversation: string, tool: string): Promise<McpDecision> => {
  const answer = await fetch(`${at.url}/v1/mcp/decisions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${world.key}` },
    body: JSON.stringify({
      agent: 'desk',
      server: 'shop',
      conversation,
      tool,
      argumentsText: '{}',
      waitSeconds: 0,
    }),
  })
  const decision = (await answer.json()) as McpDecision
  await at.gateway.flush()
  return decision
}
const STOPPED = { kind: 'refuse', text: expect.stringContaining('stopped') }
const isTold = (body: Readonly<Record<string, unknown>>) =>
  (body.messages as { role: string }[]).at(-1)?.role === 'tool'
const holdsApi = (path: string, json?: unknown) =>
  world.server.request(`/api/projects/${world.server.project.slug}/holds${path}`, {
    cookie,
    ...(json === undefined ? {} : { json }),
  })
const answer = async (json: unknown) => {
  const open = async () => ((await (await holdsApi('')).json()) as HoldList).open
  await expect.poll(async () => (await open()).length).toBe(1)
  expect((await holdsApi(`/${(await open())[0]?.id}/answer`, json)).status).toBe(200)
}

test('where no history comes, a stop at one replica holds a second later at another that knows the conversation', async () => {
  await contract()
  const conversation = 'known at both'
  expect(await mcp(other, conversation, 'shop/note')).toMatchObject({ kind: 'release' })
  for (let at = 0; at < 4; at++) await mcp(world, conversation, 'shop/wipe')
  expect(await mcp(world, conversation, 'shop/note')).toMatchObject(STOPPED)
  clockMs += 1_001
  expect(await mcp(other, conversation, 'shop/note')).toMatchObject(STOPPED)
})

test('steps at one replica count at the other: a conversation gets no younger', async () => {
  await contract({ grant: { horizonSteps: 6 } })
  const kinds: string[] = []
  for (const at of [world, other, world, other]) {
    clockMs += 1_001
    kinds.push((await mcp(at, 'by calls', 'shop/note')).kind)
  }
  expect(kinds).toEqual(['release', 'release', 'release', 'refuse'])
  let previous: unknown
  const texts: string[] = []
  upstream.otherwise(() => ({ text: 'Well. ', calls: [{ tool: 'note', arguments: { text: 'x' } }] }))
  for (const at of [world, other, world]) {
    clockMs += 1_001
    const answered = await at.respond({ previous_response_id: previous })
    const body = (await answered.json()) as { id: string }
    previous = body.id
    texts.push(JSON.stringify(body))
    await at.gateway.flush()
  }
  expect(texts.map((text) => text.includes('function_call'))).toEqual([true, true, false])
})

/** Each once, in a conversation of its own. */
const REFUSALS: readonly (readonly [string, boolean, (conversation: string) => Promise<unknown>])[] = [
  ['a call that the contract denies', true, (named) => chat(named, 99)],
  ['a call that a person denies', true, (named) => chat(named, 20, { kind: 'denied', reason: 'not this' })],
  ['a call about which nobody decided', true, (named) => chat(named, 20)],
  [
    'a call that was approved and is not allowed any more',
    true,
    async (named) => {
      const asking = chat(named, 20, null)
      await expect.poll(async () => ((await (await holdsApi('')).json()) as HoldList).open.length).toBe(1)
      await contract({ ...ASKING, grant: { ...ASKING.grant, stakes: 'read' } })
      await answer({ kind: 'approved' })
      await asking
      await contract(ASKING)
    },
  ],
  ['a call of an MCP server that the contract denies', true, (named) => mcp(world, named, 'shop/wipe')],
  [
    'a call of an MCP server that waits and comes again',
    false,
    async (named) => {
      for (let at = 0; at < 3; at++) await mcp(world, named, 'shop/note')
      await answer({ kind: 'approved' })
    },
  ],
]
const ASKING = {
  grant: { withoutReview: 0 },
  limits: { denialsMax: 1, holdSeconds: 2 },
} satisfies Changes

async function chat(conversation: string, amount: number, decided: unknown = null): Promise<void> {
  upstream.otherwise(({ body }) =>
    isTold(body) ? { text: 'Well.' } : { calls: [{ tool: 'refund', arguments: { amount } }] },
  )
  const asking = world.chat({}, { 'x-leeway-conversation-id': conversation })
  if (decided !== null) await answer(decided)
  expect((await asking).status).toBe(200)
  await world.gateway.flush()
}

test.each(REFUSALS)('%s counts the same in memory and as it is written down', async (_, counts, refuse) => {
  await contract(ASKING)
  for (const at of [world, other]) {
    const conversation = `counted ${clockMs} ${at === world ? 'here' : 'there'}`
    await refuse(conversation)
    // One denial is allowed: the next one stops it.
    const { text } = (await mcp(at, conversation, 'shop/wipe')) as { readonly text: string }
    expect(text.includes('stopped')).toBe(counts)
  }
  clockMs += 1
  // What nobody answered is not open any more.
  world.server.effects.advance(2_001)
})
