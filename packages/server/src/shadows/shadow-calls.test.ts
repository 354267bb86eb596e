/** A candidate beside the baseline, over real HTTP. */
import { ShadowView } from '@leeway/contract/shadows'
import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { assembleEpisodes } from '../gateway/assemble-episodes.ts'
import { releases } from '../releases/tables.ts'
import { testDatabase } from '../testing/database.ts'
import type { UpstreamReply } from '../testing/fake-upstream.ts'
import { moveRelease } from '../testing/move-release.ts'
import { DESK_TOOLS, testGateway } from '../testing/test-gateway.ts'
import { shadowCalls } from './tables.ts'

const database = await testDatabase({ connectionsMax: 12 })
const world = await testGateway(database.db, { shadowsWaitingMax: 3 })
const { upstream, candidateUpstream, gateway } = world
const { effects, project } = world.server
afterAll(async () => {
  await world.close()
  await database.close()
})

let release: typeof releases.$inferSelect
beforeAll(async () => {
  const { id } = (await world.api('/releases', {
    agent: 'desk',
    baseline: 'v1',
    candidate: 'v2',
    unitSource: 'stream',
  })) as { id: string }
  release = (await database.db.select().from(releases).where(eq(releases.id, id)))[0] as typeof release
  await gateway.refresh()
})
beforeEach(() => {
  for (const one of [upstream, candidateUpstream]) one.requests.length = 0
  upstream.otherwise(() => refund(5))
  candidateUpstream.otherwise(() => refund(5))
})
const move = async (kind: 'promote' | 'close', fromStage: string, toStage: string) => {
  await moveRelease(effects, release, kind, { from: fromStage, to: toStage })
  await gateway.refresh()
}

const refund = (amount: number): UpstreamReply => ({ calls: [{ tool: 'refund', arguments: { amount } }] })
const say = async (conversation: string, more: Readonly<Record<string, unknown>> = {}) => {
  const answer = await world.chat(more, { 'x-leeway-conversation-id': conversation })
  const headers = Object.fromEntries(answer.headers)
  return { status: answer.status, text: await answer.text(), headers }
}
const rowsOf = async (conversation: string) => {
  await gateway.shadowed()
  const rows = await database.db.select().from(shadowCalls).where(eq(shadowCalls.conversation, conversation))
  return rows.sort((a, b) => (a.turnId < b.turnId ? -1 : 1))
}
const shown = async () => {
  const answer = await world.server.request(`/api/projects/${project.slug}/releases/${release.id}/shadow`, {
    token: world.adminKey,
  })
  return ShadowView.parse(await answer.json())
}
const history = [
  { role: 'user', content: 'Hi' },
  { role: 'assistant', content: 'Hello.' },
  { role: 'user', content: 'A refund, please.' },
]

test('at a stage that does not act the candidate is asked the same beside the baseline, and its calls are only recorded', async () => {
  candidateUpstream.otherwise(() => ({ calls: [{ tool: 'wire_everything', arguments: { to: 'me' } }] }))
  for (const stream of [false, true]) {
    const { text } = await say(`beside-${stream}`, { stream, seed: 7 })
    expect(text).toContain('refund')
    expect(text).not.toContain('wire')
    const [row, ...more] = await rowsOf(`beside-${stream}`)
    expect(more).toEqual([])
    expect(row).toMatchObject({
      stage: 'shadow',
      pairedAs: 'first-turn',
      baseline: { calls: [{ tool: 'refund' }] },
      candidate: { calls: [{ tool: 'wire_everything' }] },
      whyNone: null,
    })
    expect(row?.inputSha256).toMatch(/^[\da-f]{64}$/)
  }
  const [asked] = upstream.requests
  // Its own model and parameters, and all else as the client sent it.
  expect(candidateUpstream.requests[0]?.body).toEqual({ ...asked?.body, model: 'model-2', temperature: 0 })
})

test('a turn of a conversation that goes on is a step, and so is a first one that comes again', async () => {
  await say('goes-on', { messages: history })
  await say('comes-again')
  await say('comes-again')
  expect((await rowsOf('goes-on')).map(({ pairedAs }) => pairedAs)).toEqual(['step'])
  expect((await rowsOf('comes-again')).map(({ pairedAs }) => pairedAs)).toEqual(['first-turn', 'step'])
})

test('the client waits for no candidate and can read nothing of it; what too many ask at once is not asked, and says so', async () => {
  const other = await world.another()
  const ask = (at: number) => other.chat({}, { 'x-leeway-conversation-id': `slow-${at}` })
  const told = (answer: Response) => [answer.status, [...answer.headers.keys()]]
  const before = told(await ask(0))
  await other.gateway.shadowed()
  candidateUpstream.otherwise(() => ({ afterMs: 60_000 }))
  for (let at = 1; at <= 8; at++) expect(told(await ask(at))).toEqual(before)
  await expect.poll(() => candidateUpstream.requests.length).toBe(5)
  // Whoever waits now is not waited for.
  await other.close()
  const why: (string | null)[] = []
  for (let at = 1; at <= 8; at++) why.push((await rowsOf(`slow-${at}`))[0]?.whyNone ?? null)
  expect(why).toEqual([
    ...Array(4).fill('The process ended before it answered.'),
    ...Array(3).fill('The process ended before it was asked.'),
    'Too many waited to be asked.',
  ])
})

test('a candidate that fails is no reason to leave the upstream alone that it shares with the baseline', async () => {
  await world.api('/gateway/servings', { agent: 'desk', policy: 'v2', upstream: 'one', model: 'broken' })
  await gateway.refresh()
  // Its failures come in a row, behind all answers of the baseline.
  upstream.otherwise(({ body }) => (body.model === 'broken' ? { status: 500, afterMs: 300 } : refund(5)))
  await Promise.all(Array.from({ length: 6 }, (_, at) => say(`shared-${at}`)))
  await gateway.shadowed()
  expect((await say('shared-6')).status).toBe(200)
  for (let at = 0; at < 7; at++)
    expect((await rowsOf(`shared-${at}`))[0]).toMatchObject({
      candidate: null,
      whyNone: 'The candidate’s upstream answered 500.',
    })
  await world.api('/gateway/servings', CANDIDATE)
  await gateway.refresh()
})
const CANDIDATE = { agent: 'desk', policy: 'v2', upstream: 'two', model: 'model-2', set: { temperature: 0 } }

test('what would have an effect at the provider, or cannot be asked there, is not asked', async () => {
  await world.contract({
    tools: [...DESK_TOOLS, { name: 'web_search', stakes: 'read' }],
    limits: { bestOfMax: 2 },
  })
  const ask = async (conversation: string, more: Readonly<Record<string, unknown>>) => {
    await (await world.respond(more, { 'x-leeway-conversation-id': conversation })).text()
    return rowsOf(conversation)
  }
  upstream.otherwise(() => ({ text: 'Hello.' }))
  expect(await ask('searches', { tools: [{ type: 'web_search' }] })).toMatchObject([
    { askedAt: null, whyNone: 'It asks for tools that run where the model runs.' },
  ])
  expect(await ask('kept', { previous_response_id: 'resp_0' })).toMatchObject([
    { askedAt: null, whyNone: 'What was said before is kept by the baseline’s provider.' },
  ])
  await world.chat({}, { 'x-leeway-conversation-id': 'searched', 'x-leeway-best-of': '2' })
  expect(await rowsOf('searched')).toMatchObject([
    { askedAt: null, whyNone: 'The best of several answers was asked for.' },
  ])
  expect(candidateUpstream.requests).toHaveLength(0)
  for (const stream of [false, true])
    expect(await ask(`responds-${stream}`, { stream })).toMatchObject([
      { candidate: { calls: [{ tool: 'refund' }] } },
    ])
  // Nothing of it is kept where somebody could go on from it.
  expect(candidateUpstream.requests.map(({ body }) => body.store)).toEqual([false, false])
})

test('its money is its own: it takes nothing of the agent’s, and ends where the contract says', async () => {
  const usdPerMillion = { input: 1, output: 1 }
  await world.api('/gateway/servings', {
    agent: 'desk',
    policy: 'v1',
    upstream: 'one',
    model: 'model-1',
    usdPerMillion,
  })
  await world.contract({ limits: { usdPerDay: 100 } })
  await say('no-word')
  expect((await rowsOf('no-word'))[0]?.whyNone).toContain('says nothing of shadow calls')
  await world.contract({ limits: { usdPerDay: 100, shadowUsdPerDay: 20e-6 } })
  await say('no-price')
  expect((await rowsOf('no-price'))[0]?.whyNone).toContain('nobody has said')
  await world.api('/gateway/servings', { ...CANDIDATE, usdPerMillion })
  await gateway.refresh()
  for (const conversation of ['paid-1', 'paid-2', 'paid-3']) {
    expect((await say(conversation)).status).toBe(200)
    await gateway.shadowed()
  }
  // 17 tokens an answer.
  expect(await rowsOf('paid-2')).toMatchObject([{ usd: 17e-6, whyNone: null }])
  expect(await rowsOf('paid-3')).toMatchObject([{ usd: null, whyNone: expect.stringContaining('was spent') }])
  await gateway.flush()
  const spent = await database.db.execute<{ usd: number }>('select usd from gateway_spend')
  expect(spent.rows[0]?.usd).toBeCloseTo(5 * 17e-6, 12)
  await world.contract()
})

test('counts and agreement are shown by unit, and the newest that differ with the tools of both', async () => {
  const before = await shown()
  candidateUpstream.otherwise(() => refund(7))
  await say('same-tool')
  upstream.otherwise(() => ({ text: 'No.' }))
  await say('other-tool', { messages: history })
  await gateway.shadowed()
  const after = await shown()
  expect(after.turns).toBe(before.turns + 2)
  expect(after.firstTurns).toMatchObject({
    compared: before.firstTurns.compared + 1,
    units: before.firstTurns.units + 1,
    sameTools: before.firstTurns.sameTools + 1,
    sameCalls: before.firstTurns.sameCalls,
  })
  expect(after.steps).toMatchObject({
    compared: before.steps.compared + 1,
    sameTools: before.steps.sameTools,
  })
  expect(after.differing[0]).toMatchObject({
    conversation: 'other-tool',
    pairedAs: 'step',
    baselineTools: [],
    candidateTools: ['refund'],
  })
  expect(after.without[0]?.turns).toBeGreaterThan(0)
  expect(after.usd).toBeCloseTo(4 * 17e-6, 12)
})

test('where the truth is an outcome no unit, label, episode or word comes of it, whatever the stage is afterwards', async () => {
  await say('nothing-comes')
  await gateway.shadowed()
  await gateway.flush()
  effects.advance(3_600_000)
  await assembleEpisodes(effects)
  const counted = await database.db.execute(sql`select
    (select count(*)::int from episodes where policy_id = ${release.candidatePolicyId}) as episodes,
    (select count(*)::int from selections) as selections, (select count(*)::int from labels) as labels, (select count(*)::int from shadow_texts) as words`)
  expect(counted.rows).toEqual([{ episodes: 0, selections: 0, labels: 0, words: 0 }])
})

test('nobody is asked beside the baseline while candidates are halted, nor where the candidate may act; a stage that suggests has it', async () => {
  const halt = (halted: boolean) => world.api('/gateway/halt', { halted, reason: 'try it' })
  await halt(true)
  await gateway.refresh()
  await say('halted')
  expect(await rowsOf('halted')).toEqual([])
  await halt(false)
  await gateway.refresh()
  await move('promote', 'shadow', 'suggest')
  await say('suggested')
  expect(await rowsOf('suggested')).toMatchObject([
    { stage: 'suggest', candidate: { calls: [{ tool: 'refund' }] } },
  ])
  await move('promote', 'suggest', 'sample-2')
  for (let at = 0; at < 4; at++) {
    await say(`acts-${at}`)
    expect(await rowsOf(`acts-${at}`)).toEqual([])
  }
})
