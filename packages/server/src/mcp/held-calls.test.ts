import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { HoldList, HoldView } from '@leeway/contract/holds'
import type { McpDecision } from '@leeway/contract/mcp'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { deriveKeys } from '../accounts/derived-keys.ts'
import { startGateway } from '../gateway/start-gateway.ts'
import { listen } from '../launch/http-listener.ts'
import { testDatabase } from '../testing/database.ts'
import { joinProject } from '../testing/join-project.ts'
import { testGateway } from '../testing/test-gateway.ts'

const database = await testDatabase({ connectionsMax: 20 })
const world = await testGateway(database.db)
const { effects, project } = world.server
/** Another process in front of the same database. */
const directory = mkdtempSync(join(tmpdir(), 'leeway-second-'))
const second = startGateway(effects, {
  sealingKey: deriveKeys(new Uint8Array(32).fill(7)).sealingKey,
  directory,
  spoolBytesMax: 64 << 20,
})
const secondListener = await listen(() => new Response('', { status: 404 }), '127.0.0.1', 0, second.handle)
let cookie = ''
afterAll(async () => {
  await secondListener.drain(100)
  await second.stop()
  await world.close()
  await database.close()
  rmSync(directory, { recursive: true, force: true })
})

const TOOLS = [
  { name: 'shop/find', stakes: 'read' as const },
  { name: 'shop/note', stakes: 'reversible' as const },
  {
    name: 'shop/refund',
    stakes: 'reversible' as const,
    arguments: {
      type: 'object',
      properties: { amount: { type: 'number', maximum: 50 } },
      required: ['amount'],
    },
  },
]
const asked = async (changes: Parameters<typeof world.contract>[0] = {}) => {
  await world.contract({ tools: TOOLS, grant: { withoutReview: 0 }, ...changes })
  await second.refresh()
}
beforeAll(async () => {
  cookie = await joinProject(world.server, 'admin', 'Ada')
  await asked()
})

type Wanted = {
  readonly conversation: string
  readonly tool?: string
  readonly server?: string
  readonly given?: unknown
  readonly waitSeconds?: number
  readonly at?: string
  readonly signal?: AbortSignal
}
/** As `leeway mcp` asks. */
async function decide({
  conversation,
  server = 'shop',
  tool = `${server}/refund`,
  given = { amount: 20 },
  waitSeconds = 5,
  at = world.url,
  signal,
}: Wanted): Promise<McpDecision> {
  const answer = await fetch(`${at}/v1/mcp/decisions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${world.key}` },
    body: JSON.stringify({
      agent: 'desk',
      server,
      conversation,
      tool,
      argumentsText: JSON.stringify(given),
      waitSeconds,
    }),
    ...(signal === undefined ? {} : { signal }),
  })
  return (await answer.json()) as McpDecision
}
const api = (path: string, json?: unknown) =>
  world.server.request(`/api/projects/${project.slug}/holds${path}`, {
    cookie,
    ...(json === undefined ? {} : { json }),
  })
const waiting = async () => ((await (await api('')).json()) as HoldList).open
const oneWaits = async () => {
  await expect.poll(async () => (await waiting()).length).toBe(1)
  return (await waiting())[0]?.id ?? ''
}
const answer = async (id: string, json: unknown) =>
  expect((await api(`/${id}/answer`, json)).status).toBe(200)
const NO_DECISION =
  'There was no decision in time, so it was not carried out. Nobody denied it; ask again later if it is still needed. The same call with the same arguments finds the decision once there is one.'

test('a person approves while the client waits', async () => {
  const asking = decide({ conversation: 'waits' })
  const id = await oneWaits()
  const view = (await (await api(`/${id}`)).json()) as HoldView
  expect(view.text?.calls).toMatchObject([{ tool: 'shop/refund', argumentsText: '{"amount":20}' }])
  await answer(id, { kind: 'approved' })
  expect(await asking).toMatchObject({ kind: 'release', argumentsText: '{"amount":20}' })
})

test('what a person wrote in its place is what is released', async () => {
  const asking = decide({ conversation: 'edits' })
  await answer(await oneWaits(), { kind: 'edited', reason: 'less', argumentsTexts: ['{"amount":7}'] })
  expect(await asking).toMatchObject({ kind: 'release', argumentsText: '{"amount":7}' })
})

test('no decision in time is none, and is not said to be one; the same call finds the approval later, once', async () => {
  expect(await decide({ conversation: 'late', waitSeconds: 0.2 })).toEqual({
    kind: 'refuse',
    text: NO_DECISION,
  })
  // Asked again while nobody has decided, nobody is asked twice.
  expect(await decide({ conversation: 'late', waitSeconds: 0.2 })).toEqual({
    kind: 'refuse',
    text: NO_DECISION,
  })
  await answer(await oneWaits(), { kind: 'approved' })
  expect(await decide({ conversation: 'late', waitSeconds: 0.2 })).toMatchObject({ kind: 'release' })
  expect(await decide({ conversation: 'late', waitSeconds: 0.2 })).toEqual({
    kind: 'refuse',
    text: NO_DECISION,
  })
  await answer(await oneWaits(), { kind: 'denied', reason: 'not twice' })
})

test('a denial stands for the same call', async () => {
  const first = decide({ conversation: 'denied' })
  await answer(await oneWaits(), { kind: 'denied', reason: 'not this one' })
  const denied = { kind: 'refuse', text: 'A person did not allow it: not this one' }
  expect(await first).toEqual(denied)
  expect(await decide({ conversation: 'denied' })).toEqual(denied)
  expect(await waiting()).toEqual([])
})

test('who asks for what was denied again and again is stopped', async () => {
  const first = decide({ conversation: 'insists' })
  await answer(await oneWaits(), { kind: 'denied', reason: 'no, no' })
  await first
  for (let at = 0; at < 2; at++) await decide({ conversation: 'insists' })
  expect(await decide({ conversation: 'insists' })).toMatchObject({
    text: expect.stringContaining('was stopped'),
  })
  expect(await decide({ conversation: 'insists', tool: 'shop/find', given: {} })).toMatchObject({
    kind: 'refuse',
  })
})

test('an approval is for these arguments, this tool, this server, this conversation and this contract', async () => {
  const place = { conversation: 'bound', waitSeconds: 0.2 }
  await decide(place)
  const id = await oneWaits()
  await answer(id, { kind: 'approved' })
  const others: readonly Wanted[] = [
    { ...place, given: { amount: 21 } },
    { ...place, tool: 'shop/note' },
    { ...place, given: { amount: 20, order: 'A' } },
    { ...place, server: 'shop2', tool: 'shop2/refund' },
    { ...place, conversation: 'bound too' },
  ]
  for (const other of others) expect(await decide(other)).toMatchObject({ kind: 'refuse' })
  await asked({ limits: { holdSeconds: 299 } })
  expect(await decide(place)).toEqual({ kind: 'refuse', text: NO_DECISION })
  const { answered, open } = (await (await api('')).json()) as HoldList
  expect(answered.find((one) => one.id === id)?.answer?.used).toBe(false)
  for (const one of open) await answer(one.id, { kind: 'denied', reason: 'over' })
})

test('two processes that find one approval: one of them uses it', async () => {
  const place = { conversation: 'two', waitSeconds: 0.3 }
  await decide(place)
  await answer(await oneWaits(), { kind: 'approved' })
  const decisions = await Promise.all(
    Array.from({ length: 8 }, (_, at) =>
      decide({ ...place, at: at % 2 === 0 ? world.url : secondListener.address }),
    ),
  )
  expect(decisions.filter(({ kind }) => kind === 'release')).toHaveLength(1)
  for (const one of await waiting()) await answer(one.id, { kind: 'denied', reason: 'over' })
})

test('the same call twice at once asks once, and one of them is released', async () => {
  const both = [
    decide({ conversation: 'at once' }),
    decide({ conversation: 'at once', at: secondListener.address }),
  ]
  const id = await oneWaits()
  await answer(id, { kind: 'approved' })
  const kinds = (await Promise.all(both)).map(({ kind }) => kind)
  expect(kinds.sort()).toEqual(['refuse', 'release'])
})

test('an approval is worth nothing after its hour', async () => {
  await asked({ limits: { holdSeconds: 60 } })
  const place = { conversation: 'expires', waitSeconds: 0.2 }
  await decide(place)
  await answer(await oneWaits(), { kind: 'approved' })
  effects.advance(61_000)
  expect(await decide(place)).toEqual({ kind: 'refuse', text: NO_DECISION })
  await answer(await oneWaits(), { kind: 'denied', reason: 'over' })
})

test('an approval with a wrong signature carries nothing out', async () => {
  const place = { conversation: 'forged', waitSeconds: 0.2 }
  await decide(place)
  const id = await oneWaits()
  await database.db.execute(sql`
    insert into hold_answers (project_id, hold_id, kind, reason, arguments_sha256, signature, key_id, actor, at)
    select project_id, ${id}::uuid, 'approved', '', arguments_sha256, signature, key_id, actor, ${effects.now().toISOString()}::timestamptz
    from hold_answers where kind = 'approved' limit 1`)
  expect(await decide(place)).toMatchObject({ kind: 'refuse' })
})

test('a client that goes away while a person thinks leaves a record; the hold stays for its return', async () => {
  const leaving = new AbortController()
  const asking = decide({ conversation: 'leaves', signal: leaving.signal }).catch(() => null)
  const id = await oneWaits()
  leaving.abort()
  expect(await asking).toBeNull()
  await expect
    .poll(async () => (await world.turns()).filter(({ conversation }) => conversation === 'leaves'))
    .toMatchObject([{ outcome: 'aborted' }])
  await answer(id, { kind: 'approved' })
  expect(await decide({ conversation: 'leaves' })).toMatchObject({ kind: 'release' })
})

test('a narrower contract between the question and its answer is obeyed', async () => {
  const asking = decide({ conversation: 'narrower' })
  const id = await oneWaits()
  await asked({ grant: { withoutReview: 0, stakes: 'read' } })
  await answer(id, { kind: 'approved' })
  expect(await asking).toEqual({
    kind: 'refuse',
    text: 'It was approved, but the contract does not allow it any more.',
  })
  await asked()
})

test('a call that was held is not drawn again: asking until the lot falls well is no way past people', async () => {
  await asked({ grant: { withoutReview: 0.5 } })
  const place = { conversation: 'lot', waitSeconds: 0.05 }
  let first = 'release'
  // Some amount is drawn to be held.
  let amount = 0
  while (first === 'release') {
    amount += 1
    first = (await decide({ ...place, given: { amount } })).kind
  }
  for (let at = 0; at < 12; at++)
    expect(await decide({ ...place, given: { amount } })).toEqual({ kind: 'refuse', text: NO_DECISION })
  await answer(await oneWaits(), { kind: 'stopped', reason: 'enough' })
  await asked()
})

test('where too many wait nobody is asked, and nothing is carried out', async () => {
  await asked({ limits: { holdsMax: 1 } })
  await decide({ conversation: 'full', waitSeconds: 0.1 })
  expect(await decide({ conversation: 'full', given: { amount: 1 }, waitSeconds: 0.1 })).toMatchObject({
    kind: 'refuse',
    text: expect.stringContaining('no decision in time'),
  })
  expect(await waiting()).toHaveLength(1)
  await answer(await oneWaits(), { kind: 'denied', reason: 'over' })
  await asked()
})

test('what led there stands with the question', async () => {
  const place = { conversation: 'led' }
  const found = await decide({ ...place, tool: 'shop/find', given: { id: 'A' } })
  if (found.kind !== 'release') throw new Error('a read was not released')
  await fetch(`${world.url}/v1/mcp/results`, {
    method: 'POST',
    headers: { authorization: `Bearer ${world.key}` },
    body: JSON.stringify({
      agent: 'desk',
      server: 'shop',
      conversation: 'led',
      callId: found.callId,
      outcome: 'returned',
      text: 'order A, <script>alert(1)</script>',
    }),
  })
  const asking = decide(place)
  const id = await oneWaits()
  const view = (await (await api(`/${id}`)).json()) as HoldView
  expect(view.text?.before).toMatchObject([
    { role: 'assistant', tool_calls: [{ function: { name: 'shop/find', arguments: '{"id":"A"}' } }] },
    { role: 'tool', content: 'order A, <script>alert(1)</script>' },
  ])
  await answer(id, { kind: 'denied', reason: 'over' })
  await asking
})

test.each([
  ['a tool of another server', { tool: 'other/refund' }],
  ['a server that is none', { server: 'a/b', tool: 'a/b/refund' }],
  ['a conversation that no column holds', { conversation: 'a\u0000' }],
])('%s is refused', async (_, changes) => {
  const answered = await decide({ conversation: 'odd', ...changes })
  expect(answered).toMatchObject({ status: 400, code: 'bad_request' })
})
