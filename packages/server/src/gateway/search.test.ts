/** What chooses among answers beside programs, how many the contract draws, and what audits found of it, over real HTTP. */
import type { ReleaseView } from '@leeway/contract/releases'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { labels, selections } from '../releases/tables.ts'
import { testDatabase } from '../testing/database.ts'
import { FAKE_USAGE, fakeModelServer } from '../testing/fake-model-server.ts'
import { testGateway } from '../testing/test-gateway.ts'

const RUBRIC = `name: solved
question: Is it solved?
combine: weighted
children:
  - id: thanks
    question: Did it thank?
    check: { kind: text, from: assistant, pattern: "[Tt]hank" }
  - id: kind
    question: Was it kind?
    answeredBy: [human, model]
`
const PROGRAMS = `name: polite
question: Did it thank?
check: { kind: text, from: assistant, pattern: "[Tt]hank" }
`

const database = await testDatabase({ connectionsMax: 12 })
const world = await testGateway(database.db)
const models = await fakeModelServer()
const { upstream } = world
const { project, effects } = world.server
afterAll(async () => {
  await world.close()
  await models.close()
  await database.close()
})

let judge: string
const JUDGE = { provider: 'openai-compatible', model: 'm', timeoutSeconds: 30 } as const
const searching = (limits = {}) =>
  world.contract({ limits: { bestOfMax: 4, bestOfJudge: judge, bestOfJudgeSeconds: 60, ...limits } })
beforeAll(async () => {
  await world.api('/rubrics', { agent: 'desk', source: PROGRAMS })
  await world.api('/rubrics', { agent: 'desk', source: RUBRIC })
  const usdPerMillion = { input: 1, output: 1 }
  const declared = await world.api('/judges', { ...JUDGE, name: 'judge', baseUrl: models.url, usdPerMillion })
  judge = (declared as { id: string }).id
  await spendLimit(1)
  const serving = { agent: 'desk', policy: 'v1', upstream: 'one', model: 'model-1', usdPerMillion }
  await world.api('/gateway/servings', serving)
  await searching()
})
beforeEach(() => {
  upstream.requests.length = 0
  models.otherwise(({ text }) => ({ kind: 'answer', answer: text.includes('My dear') ? 'yes' : 'no' }))
})

async function spendLimit(usdPerDay: number) {
  const answer = await world.server.request(`/api/projects/${project.slug}/judges/spend`, {
    token: world.adminKey,
    method: 'PUT',
    json: { usdPerDay },
  })
  expect(answer.status).toBe(200)
}
const ask = async (n: number | null, more: Readonly<Record<string, unknown>> = {}, conversation?: string) => {
  const answer = await world.chat(more, {
    ...(n === null ? {} : { 'x-leeway-best-of': String(n) }),
    ...(conversation === undefined ? {} : { 'x-leeway-conversation-id': conversation }),
  })
  const told = (name: string) => answer.headers.get(`x-leeway-best-of${name}`)
  return {
    text: await answer.text(),
    told: { drawn: told(''), by: told('-chosen-by'), judge: told('-judge'), gold: told('-gold') },
  }
}
const newestUsd = async () => {
  await world.gateway.flush()
  const found = await database.db.execute<{ usd: number }>(
    'select usd from gateway_turns order by id desc limit 1',
  )
  return found.rows[0]?.usd
}
const calls = async () => {
  const found = await database.db.execute<{ status: string; cost_usd: number; response: unknown }>(
    'select status, cost_usd, response from model_calls order by id',
  )
  return found.rows
}

test('a model that the contract names chooses, is paid for by the agent and within the project’s money, and leaves no words', async () => {
  upstream.script({ text: 'Thanks.' }, { text: 'My dear.' }, { text: 'My dear, thank you.' }, { text: 'No.' })
  const { text, told } = await ask(4)
  expect(text).toContain('My dear, thank you.')
  expect(told).toEqual({ drawn: '4', by: 'judge', judge: 'answered', gold: 'unknown' })
  const cost = ((FAKE_USAGE.input + FAKE_USAGE.output) / 1e6) * 4
  expect(await newestUsd()).toBeCloseTo(4 * 17e-6 + cost, 12)
  const made = await calls()
  expect(made.map(({ cost_usd }) => cost_usd)).toEqual(Array(4).fill(cost / 4))
  expect(JSON.stringify(made)).not.toContain('Step 1')
  // What the program answers is not put to it.
  expect(models.requests.every(({ text: asked }) => asked.includes('Was it kind?'))).toBe(true)
})

test('when its time is over programs choose, which is said; what may have been answered is paid for', async () => {
  await searching({ bestOfJudgeSeconds: 1 })
  models.otherwise({ kind: 'silence' })
  upstream.script({ text: 'No.' }, { text: 'Thanks.' })
  const before = (await calls()).length
  const { text, told } = await ask(2)
  expect(text).toContain('Thanks.')
  expect(told).toMatchObject({ drawn: '2', by: 'reward', judge: 'no-time' })
  const late = (await calls()).slice(before)
  expect(late.map(({ status }) => status)).toEqual(['timeout', 'timeout'])
  for (const { cost_usd: usd } of late) expect(usd).toBeGreaterThan(FAKE_USAGE.output / 1e6)
})

test('without money for it nothing is asked, and programs choose', async () => {
  await spendLimit(0)
  const before = models.requests.length
  upstream.script({ text: 'No.' }, { text: 'Thanks.' })
  const { text, told } = await ask(2)
  expect(text).toContain('Thanks.')
  expect(told).toMatchObject({ by: 'reward', judge: 'no-money' })
  expect(models.requests).toHaveLength(before)
  await spendLimit(1)
})

test('the contract draws for clients that say nothing, where that can be; whoever wants one answer says so', async () => {
  await searching({ bestOf: 3, bestOfJudge: null })
  upstream.otherwise(() => ({ text: 'Thanks.' }))
  const drawn = async (n: number | null, more = {}) => {
    upstream.requests.length = 0
    const { told } = await ask(n, more)
    return [told.drawn, upstream.requests.length]
  }
  expect(await drawn(null)).toEqual(['3', 3])
  expect(await drawn(1)).toEqual([null, 1])
  expect(await drawn(2)).toEqual(['2', 2])
  expect(await drawn(null, { stream: true })).toEqual([null, 1])
  expect(await drawn(null, { n: 2 })).toEqual([null, 1])
})

test.each([
  ['more than it allows', { bestOf: 3, bestOfMax: 2 }, 'at most 2'],
  [
    'a rater that is no model',
    { bestOfMax: 2, bestOfJudge: '00000000-0000-7000-8000-000000000000' },
    'no such model',
  ],
])('a contract that cannot keep what it says is not signed: %s', async (_, limits, why) => {
  await expect(world.contract({ limits })).rejects.toThrow(why)
})

test('neither is one whose model has no price', async () => {
  const declared = await world.api('/judges', { ...JUDGE, name: 'unpriced', baseUrl: models.url })
  const limits = { bestOfMax: 2, bestOfJudge: (declared as { id: string }).id }
  await expect(world.contract({ limits })).rejects.toThrow('is not known')
})

test('what audits found of searching so far is told with its interval, and of no other n', async () => {
  await searching({ bestOfJudge: null })
  upstream.otherwise(() => ({ text: 'Thanks.' }))
  for (let at = 0; at < 24; at++) {
    await ask(2, {}, `audited-${at}`)
    await ask(3, {}, `other-${at}`)
  }
  // Of these not all was searched.
  await ask(2, {}, 'mixed')
  await ask(1, {}, 'mixed')
  await world.gateway.flush()
  const { id: releaseId } = (await world.api('/releases', {
    agent: 'desk',
    baseline: 'v1',
    candidate: 'v2',
    unitSource: 'stream',
  })) as ReleaseView
  const place = { projectId: project.id, releaseId }
  const at = effects.now()
  const units = [
    ...Array.from({ length: 24 }, (_, n) => ({ unitKey: `session:audited-${n}`, failure: n < 6 ? 1 : 0 })),
    ...Array.from({ length: 10 }, (_, n) => ({ unitKey: `session:other-${n}`, failure: 0 })),
    { unitKey: 'session:mixed', failure: 0 },
  ]
  await database.db.insert(selections).values(
    units.map(({ unitKey }, index) => ({
      ...place,
      sequence: index + 1,
      stage: 'review-all',
      region: '',
      unitKey,
      arm: 'baseline',
      armPropensity: 0.5,
      auditProbability: 1,
      audited: true,
      selectedAt: at,
    })),
  )
  await database.db.insert(labels).values(
    units.map(({ failure }, index) => ({
      ...place,
      sequence: index + 1,
      arm: 'baseline',
      failure,
      severe: 0,
      episodes: 1,
      labelledAt: at,
    })),
  )
  const kept = (await ask(2)).told.gold
  // Read within the last minute by this process; another reads anew.
  expect(kept).toBe('unknown')
  const other = await world.another()
  const answer = await other.chat({}, { 'x-leeway-best-of': '2' })
  expect(answer.headers.get('x-leeway-best-of-gold')).toMatch(
    /^0\.750; low=0\.5\d\d; high=0\.8\d\d; units=24$/,
  )
  const third = await other.chat({}, { 'x-leeway-best-of': '3' })
  // Ten are too few.
  expect(third.headers.get('x-leeway-best-of-gold')).toBe('unknown')
  await other.close()
  const turns = await database.db.execute<{ n: number }>(
    sql`select count(*)::int as n from gateway_turns where unit_key = 'session:mixed'`,
  )
  expect(turns.rows[0]?.n).toBe(2)
})
