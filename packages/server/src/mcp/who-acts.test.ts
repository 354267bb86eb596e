import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { releases } from '../releases/tables.ts'
import { testDatabase } from '../testing/database.ts'
import { moveRelease } from '../testing/move-release.ts'
import { type OpenGateway, testGateway } from '../testing/test-gateway.ts'

const database = await testDatabase({ connectionsMax: 12 })
const world = await testGateway(database.db)
const other = await world.another()
const { effects, project } = world.server
afterAll(async () => {
  await other.close()
  await world.close()
  await database.close()
})

const api = (path: string, json: unknown) =>
  world.server.request(`/api/projects/${project.slug}${path}`, { token: world.adminKey, json })
let release: typeof releases.$inferSelect
const move = async (kind: 'promote' | 'rollback', toStage: string) => {
  await moveRelease(effects, release, kind, { to: toStage })
  await world.gateway.refresh()
}
const ask = async (
  path: 'decisions' | 'offered',
  conversation: string,
  more: object,
  at: OpenGateway = world,
) => {
  const answer = await fetch(`${at.url}/v1/mcp/${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${world.key}` },
    body: JSON.stringify({ agent: 'desk', server: 'shop', conversation, ...more }),
  })
  return (await answer.json()) as { kind: string; text: string; offered: string[] }
}
const TOOLS = ['shop/find', 'shop/note', 'shop/wire']
const offered = async (conversation: string) => (await ask('offered', conversation, { names: TOOLS })).offered
const decide = async (conversation: string, tool: string) =>
  (await ask('decisions', conversation, { tool, argumentsText: '{}', waitSeconds: 0 })).kind

/** Conversations that the gateway has served: one by the candidate, one by the baseline. */
const served = { candidate: '', baseline: '' }
beforeAll(async () => {
  await world.contract({
    tools: [
      { name: 'shop/find', stakes: 'read' },
      { name: 'shop/note', stakes: 'reversible' },
      { name: 'shop/wire', stakes: 'costly' },
    ],
    grant: { stakes: 'costly' },
  })
  const started = await api('/releases', {
    agent: 'desk',
    baseline: 'v1',
    candidate: 'v2',
    unitSource: 'stream',
  })
  const { id } = (await started.json()) as { id: string }
  release = (await database.db.select().from(releases).where(eq(releases.id, id)))[0] as typeof release
})

test('a candidate that only runs beside acts nowhere: all that acts is the baseline', async () => {
  expect(await offered('unknown')).toEqual(TOOLS)
})

test('who was drawn for the candidate has its grant, others theirs, and who is not known what both may do', async () => {
  await move('promote', 'sample-2')
  for (let at = 0; at < 4; at++) {
    const name = `served-${at}`
    world.upstream.otherwise(() => ({ text: 'baseline' }))
    world.candidateUpstream.otherwise(() => ({ text: 'candidate' }))
    const text = await (await world.chat({}, { 'x-leeway-conversation-id': name })).text()
    served[text.includes('candidate') ? 'candidate' : 'baseline'] = name
  }
  expect(await offered(served.baseline)).toEqual(TOOLS)
  const narrower = await offered(served.candidate)
  expect(narrower).toEqual(['shop/find', 'shop/note'])
  expect(await offered('unknown')).toEqual(narrower)
  expect(await decide(served.baseline, 'shop/wire')).toBe('release')
  expect(await decide(served.candidate, 'shop/wire')).toBe('refuse')
  expect(await decide('unknown', 'shop/wire')).toBe('refuse')
  expect((await world.turns()).at(-2)).toMatchObject({ role: 'candidate', outcome: 'deny' })
  // Written down as the baseline, for want of another word: at another replica nobody knows it better.
  await other.gateway.refresh()
  expect((await ask('offered', 'unknown', { names: TOOLS }, other)).offered).toEqual(narrower)
})

test('a unit that another process or program drew is found in the database', async () => {
  const drawn = await api(`/releases/${release.id}/assignments`, {
    units: ['session:elsewhere-1', 'session:elsewhere-2'],
  })
  const { assignments } = (await drawn.json()) as { assignments: { unit: string; arm: string }[] }
  for (const { unit, arm } of assignments)
    expect(await offered(unit.slice('session:'.length))).toHaveLength(arm === 'candidate' ? 2 : 3)
  expect(new Set(assignments.map(({ arm }) => arm)).size).toBe(2)
})

test('a halt holds at the next call: for the candidate, and for who might be it', async () => {
  const halted = await api('/gateway/halt', { halted: true, reason: 'enough' })
  expect(((await halted.json()) as { tookMs: number }).tookMs).toBeLessThan(1_000)
  expect(await decide(served.candidate, 'shop/find')).toBe('refuse')
  expect(await decide('unknown', 'shop/find')).toBe('refuse')
  expect(await decide(served.baseline, 'shop/wire')).toBe('release')
  expect(await offered(served.candidate)).toEqual([])
  await api('/gateway/halt', { halted: false, reason: 'go on' })
  expect(await decide(served.candidate, 'shop/find')).toBe('release')
})

test('a rollback ends what the candidate may do; who is not known is the baseline again', async () => {
  await move('rollback', 'shadow')
  expect(await offered(served.candidate)).toEqual([])
  expect(await offered('unknown again')).toEqual(TOOLS)
})
