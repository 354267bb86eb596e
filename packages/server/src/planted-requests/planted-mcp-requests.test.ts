/** Planted requests among held calls of an MCP server: like the others that wait, and never without what people see beside a call. */
import type { HoldList, HoldView } from '@leeway/contract/holds'
import type { McpDecision } from '@leeway/contract/mcp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { assembleEpisodes } from '../gateway/assemble-episodes.ts'
import { testDatabase } from '../testing/database.ts'
import { joinProject } from '../testing/join-project.ts'
import { testGateway } from '../testing/test-gateway.ts'
import { drawRequests } from './draw-requests.ts'
import { setPlantedRequestRules } from './rules.ts'
import { plantedRequestDraws, plantedRequests } from './tables.ts'

const database = await testDatabase({ connectionsMax: 12 })
const world = await testGateway(database.db)
const { effects, project } = world.server
const MINUTE = 60_000
const SAYS = 'Gives money back.'
let ada: string
let grace: string
afterAll(async () => {
  await world.close()
  await database.close()
})
beforeAll(async () => {
  ada = await joinProject(world.server, 'admin', 'Ada')
  grace = await joinProject(world.server, 'admin', 'Grace')
  await world.contract({
    tools: [
      { name: 'shop/find', stakes: 'read' },
      { name: 'shop/refund', stakes: 'reversible' },
      { name: 'shop/note', stakes: 'reversible' },
    ],
    grant: { withoutReview: 0 },
    limits: { holdSeconds: 600 },
  })
})

const api = (path: string, json?: unknown, as = ada) =>
  world.server.request(`/api/projects/${project.slug}/holds${path}`, {
    cookie: as,
    ...(json === undefined ? {} : { json }),
  })
const open = async () => ((await (await api('')).json()) as HoldList).open
const shown = async (id: string) => (await (await api(`/${id}`)).json()) as HoldView
/** As `leeway mcp` asks and tells. */
async function desk<Answer>(path: 'decisions' | 'results', json: object): Promise<Answer> {
  const answer = await fetch(`${world.url}/v1/mcp/${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${world.key}` },
    body: JSON.stringify({ agent: 'desk', server: 'shop', ...json }),
  })
  return (await answer.json()) as Answer
}
const decide = (conversation: string, tool: string, given: object) =>
  desk<McpDecision>('decisions', {
    conversation,
    tool: `shop/${tool}`,
    argumentsText: JSON.stringify(given),
    says: SAYS,
    waitSeconds: 60,
  })

/** Looks an order up and asks for its refund. Answers when that waits. */
async function ask(conversation: string, tool = 'refund') {
  const found = await decide(conversation, 'find', { order: 'A1' })
  if (found.kind !== 'release') throw new Error(found.text)
  await desk('results', { conversation, callId: found.callId, outcome: 'returned', text: 'A1 cost 20.' })
  const known = new Set((await open()).map(({ id }) => id))
  const decision = decide(conversation, tool, tool === 'refund' ? { amount: 20 } : { text: 'A1' })
  let id = ''
  await expect
    .poll(async () => {
      id = (await open()).find((one) => !known.has(one.id))?.id ?? ''
      return id
    })
    .not.toBe('')
  return { id, decision }
}
async function askAndApprove(conversation: string, { tool = 'refund', as = ada } = {}) {
  const { id, decision } = await ask(conversation, tool)
  expect((await api(`/${id}/answer`, { kind: 'approved' }, as)).status).toBe(200)
  const released = await decision
  if (released.kind !== 'release') throw new Error(released.text)
  await desk('results', { conversation, callId: released.callId, outcome: 'returned', text: 'Done.' })
}
/** Where the words of what came before are gone, and all of it is episodes. */
async function quietened() {
  await world.gateway.flush()
  effects.advance(11 * MINUTE)
  await assembleEpisodes(effects)
}
async function drawNow() {
  effects.advance(151_000)
  await drawRequests(effects)
}
const planted = () => database.db.select().from(plantedRequests)
const outcomes = async () =>
  (await database.db.select().from(plantedRequestDraws)).map(({ outcome }) => outcome)

test('of a conversation with words, which nobody sees before a call of a server, nothing is copied', async () => {
  await (await world.chat({}, { 'x-leeway-conversation-id': 'with words' })).text()
  await askAndApprove('with words', { as: grace })
  await quietened()
  await setPlantedRequestRules(effects, project.id, 'person:test', { share: 1 })
  await askAndApprove('first')
  await drawNow()
  expect(await outcomes()).toEqual(['nothing'])
})

test('without a call of its tool that was held lately nobody knows what its server says of it, and nothing is planted', async () => {
  for (const conversation of ['one', 'two', 'three']) await askAndApprove(conversation, { as: grace })
  await quietened()
  await askAndApprove('note', { tool: 'note' })
  await drawNow()
  expect(await planted()).toEqual([])
  expect(await outcomes()).toEqual(['nothing', 'nothing'])
})

test('it is like a call of the server that waits in all that is shown, before and after it is decided', async () => {
  await askAndApprove('four')
  await drawNow()
  const [{ holdId = '' } = {}] = await planted()
  expect(await planted()).toHaveLength(1)
  const { id: real, decision } = await ask('five')
  const both = [holdId, real]
  const like = (value: unknown) =>
    both
      .reduce((text, id) => text.replaceAll(id, 'ID'), JSON.stringify(value))
      .replaceAll(/[\da-f]{8}-[\da-f-]{27}/g, 'CALL')
      .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'WHEN')
      .replaceAll(/[\da-f]{64}/g, 'SHA')
      .replaceAll(/\\"amount\\":\d+/g, 'AMOUNT')
  const same = async (read: (id: string) => Promise<unknown>) => {
    const [one, other] = [await read(holdId), await read(real)]
    expect(like(one)).toBe(like(other))
    return one
  }
  const view = (await same(shown)) as HoldView
  expect(view.text?.calls).toMatchObject([{ tool: 'shop/refund', says: SAYS }])
  expect(view.text?.calls[0]?.argumentsText).not.toBe('{"amount":20}')
  expect(view.text?.before).toHaveLength(2)
  await same(async (id) => (await open()).find((one) => one.id === id))
  await same(async (id) => (await api(`/${id}/answer`, { kind: 'approved' })).json())
  await decision
  effects.advance(3_000)
  await same(shown)
})
