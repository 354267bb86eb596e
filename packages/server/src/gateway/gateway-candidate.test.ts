import type { GatewayView } from '@leeway/contract/gateway'
import type { ReleaseView } from '@leeway/contract/releases'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { releases, selections } from '../releases/tables.ts'
import { testDatabase } from '../testing/database.ts'
import { moveRelease } from '../testing/move-release.ts'
import { DESK_TOOLS, testGateway } from '../testing/test-gateway.ts'

const database = await testDatabase({ connectionsMax: 12 })
const world = await testGateway(database.db)
const { upstream, candidateUpstream } = world
const { effects, project } = world.server
afterAll(async () => {
  await world.close()
  await database.close()
})

const api = (path: string, json?: unknown) =>
  world.server.request(`/api/projects/${project.slug}${path}`, {
    token: world.adminKey,
    ...(json === undefined ? {} : { json }),
  })
const contractNow = async () =>
  (
    (await (await api('/contracts/one?agent=desk')).json()) as {
      contract: { version: number; candidate: { autonomy: string; withoutReview: number } | null }
    }
  ).contract
let release: typeof releases.$inferSelect
const move = async (kind: 'promote' | 'close', toStage: string) => {
  await moveRelease(effects, release, kind, { to: toStage })
  await world.gateway.refresh()
}

const terms = {
  tools: [
    ...DESK_TOOLS,
    { name: 'wire', stakes: 'costly' as const },
    { name: 'code_interpreter', stakes: 'reversible' as const },
  ],
  grant: { stakes: 'costly' as const },
}

beforeAll(async () => {
  await world.contract(terms)
  const started = await api('/releases', {
    agent: 'desk',
    baseline: 'v1',
    candidate: 'v2',
    unitSource: 'stream',
  })
  const { id } = (await started.json()) as { id: string }
  release = (await database.db.select().from(releases).where(eq(releases.id, id)))[0] as typeof release
  expect((await contractNow()).candidate).toMatchObject({ autonomy: 'shadow', withoutReview: 0 })
  await move('promote', 'sample-2')
})
beforeEach(() => {
  for (const one of [upstream, candidateUpstream]) one.requests.length = 0
  upstream.otherwise(() => ({ text: 'From the baseline.' }))
  candidateUpstream.otherwise(() => ({ text: 'From the candidate.' }))
})

const say = async (conversation: string, more: Readonly<Record<string, unknown>> = {}) => {
  const answer = await world.chat(more, { 'x-leeway-conversation-id': conversation })
  return answer.text()
}
/** A conversation that the candidate serves; each block of two has one. */
const candidateConversation = async (name: string) => {
  for (let at = 0; at < 4; at++)
    if ((await say(`${name}-${at}`)).includes('From the candidate.')) return `${name}-${at}`
  throw new Error('of four conversations none went to the candidate')
}

test('a contract follows its release, version by version', async () => {
  const contract = await contractNow()
  expect(contract.candidate).toMatchObject({ autonomy: 'act', withoutReview: 0.98 })
  expect(contract.version).toBe(4)
})

test('at an exposure of one half every second conversation is the candidate’s, and stays it', async () => {
  const first = await Promise.all(Array.from({ length: 20 }, (_, at) => say(`exposed-${at}`)))
  const again = await Promise.all(Array.from({ length: 20 }, (_, at) => say(`exposed-${at}`)))
  expect(again).toEqual(first)
  expect(first.filter((text) => text.includes('candidate'))).toHaveLength(10)
  expect(candidateUpstream.requests).toHaveLength(20)
  expect(candidateUpstream.requests[0]?.body).toMatchObject({ model: 'model-2', temperature: 0 })
})

const traffic = async () => {
  await world.gateway.flush()
  const { agents } = (await (await api('/gateway')).json()) as GatewayView
  return agents[0]
}

test('the traffic of the stage is told beside what was drawn for it', async () => {
  expect(await traffic()).toMatchObject({
    agent: 'desk',
    releaseId: release.id,
    stage: 'sample-2',
    baseline: 'v1',
    candidate: 'v2',
    conversations: 20,
    turns: 40,
    split: {
      exposure: 0.5,
      notDrawn: 0,
      drawn: { conversations: 20, byCandidate: 10, share: 0.5, standing: 'as-drawn' },
    },
  })
})

test('each is written down with its propensity before it is served', async () => {
  await say('written')
  const rows = await database.db.select().from(selections).where(eq(selections.unitKey, 'session:written'))
  expect(rows).toMatchObject([{ armPropensity: 0.5, stage: 'sample-2' }])
})

test('what the candidate may not do the baseline does in its place, for the rest of the conversation', async () => {
  const conversation = await candidateConversation('replaced')
  candidateUpstream.otherwise(() => ({ calls: [{ tool: 'wire', arguments: {} }] }))
  expect(await say(conversation)).toContain('From the baseline.')
  candidateUpstream.requests.length = 0
  expect(await say(conversation)).toContain('From the baseline.')
  expect(candidateUpstream.requests).toHaveLength(0)
  const turns = (await world.turns()).filter((turn) => turn.conversation === conversation)
  expect(turns.at(-2)?.decisions).toMatchObject([
    { role: 'candidate', outcome: 'replace', calls: [{ tool: 'wire', rule: 'stakes-above' }] },
    { role: 'baseline' },
  ])
})

test('a tool at the provider that the candidate may not use alone is used by the baseline in its place', async () => {
  const conversation = await candidateConversation('hosted')
  candidateUpstream.requests.length = 0
  const answer = await world.respond(
    { tools: [{ type: 'code_interpreter' }] },
    { 'x-leeway-conversation-id': conversation },
  )
  expect(await answer.text()).toContain('From the baseline.')
  expect(candidateUpstream.requests).toHaveLength(0)
})

test('a response tells by nothing that it repeats whose answer it is', async () => {
  const conversation = await candidateConversation('repeated')
  for (const stream of [false, true]) {
    const answer = await world.respond(
      { stream, temperature: 0.7 },
      { 'x-leeway-conversation-id': conversation },
    )
    const text = await answer.text()
    expect(text).toContain('candidate.')
    expect(candidateUpstream.requests.at(-1)?.body).toMatchObject({ model: 'model-2', temperature: 0 })
    const told = [...text.matchAll(/"(?:temperature|model|instructions)":[^,]*/g)].map(String)
    expect(new Set(told)).toEqual(new Set(['"temperature":0.7', '"model":"desk"', '"instructions":null']))
  }
})

test('a candidate whose price nobody has said does not serve where spending is limited', async () => {
  const conversation = await candidateConversation('unpriced')
  const serving = { agent: 'desk', policy: 'v1', upstream: 'one', model: 'model-1' }
  await world.api('/gateway/servings', { ...serving, usdPerMillion: { input: 1, output: 1 } })
  await world.contract({ ...terms, limits: { usdPerDay: 100 } })
  expect(await say(conversation)).toContain('From the baseline.')
  await world.contract(terms)
})

test('a halt is everywhere at once, says how long it took, and holds back what a candidate was about to do', async () => {
  const conversation = await candidateConversation('halted')
  candidateUpstream.otherwise(() => ({ calls: [{ tool: 'refund', arguments: { amount: 1 } }], afterMs: 400 }))
  const asked = say(conversation)
  await expect.poll(() => candidateUpstream.requests.length).toBeGreaterThan(0)
  const halted = (await (await api('/gateway/halt', { halted: true, reason: 'try it' })).json()) as {
    tookMs: number
    replicas: number
  }
  expect(halted).toMatchObject({ halted: true, replicas: 1, missing: 0 })
  expect(halted.tookMs).toBeLessThan(1_000)
  const told = (await (await api('/gateway')).json()) as GatewayView
  expect(told.halted?.reach).toEqual({ tookMs: halted.tookMs, replicas: 1, missing: 0 })
  const text = await asked
  expect(text).toContain('From the baseline.')
  expect(text).not.toContain('refund')
  const before = (await traffic())?.split
  const fresh = await Promise.all(Array.from({ length: 6 }, (_, at) => say(`during-halt-${at}`)))
  expect(fresh.every((one) => one.includes('From the baseline.'))).toBe(true)
  // Nobody drew for them, so they say nothing of the split.
  expect((await traffic())?.split).toEqual({ ...before, notDrawn: 6 })
  candidateUpstream.otherwise(() => ({ text: 'From the candidate.' }))
  await api('/gateway/halt', { halted: false, reason: 'tried it' })
  expect(await candidateConversation('resumed')).toBeTruthy()
})

test('a candidate that was closed back to a stage that does not act serves nobody', async () => {
  const conversation = await candidateConversation('closed')
  await move('close', 'shadow')
  candidateUpstream.requests.length = 0
  expect(await say(conversation)).toContain('From the baseline.')
  expect(candidateUpstream.requests).toHaveLength(0)
  expect((await traffic())?.split).toBeNull()
  await move('promote', 'sample-2')
})

test('a halt counts whatever clocks said before it', async () => {
  const ahead = effects.now()
  effects.advance(60_000)
  await api('/gateway/halt', { halted: false, reason: 'ahead of time' })
  effects.setNow(ahead)
  await api('/gateway/halt', { halted: true, reason: 'a clock went back' })
  expect(await (await api('/gateway')).json()).toMatchObject({ halted: { reason: 'a clock went back' } })
  const fresh = await Promise.all(Array.from({ length: 4 }, (_, at) => say(`clock-${at}`)))
  expect(fresh.every((one) => one.includes('From the baseline.'))).toBe(true)
  await api('/gateway/halt', { halted: false, reason: 'tried it' })
})

test('a rollback ends the candidate’s conversations too', async () => {
  const conversation = await candidateConversation('rolled')
  const ended = await api(`/releases/${release.id}/rollback`, { reason: 'seen enough' })
  const { decisions } = (await ended.json()) as ReleaseView
  expect(decisions.at(-1)).toMatchObject({ kind: 'rollback', reach: { replicas: 1, missing: 0 } })
  expect(decisions.at(-1)?.reach?.tookMs).toBeLessThan(1_000)
  // Nobody refreshed it: the process has read it by itself before the answer.
  expect(await say(conversation)).toContain('From the baseline.')
  expect((await contractNow()).candidate).toBeNull()
})
