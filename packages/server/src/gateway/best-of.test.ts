/** The best of several answers, over real HTTP. */
import { bestOfNKlBound } from '@leeway/core/divergence/best-of-n'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { testDatabase } from '../testing/database.ts'
import type { UpstreamReply } from '../testing/fake-upstream.ts'
import { DESK_TOOLS, testGateway } from '../testing/test-gateway.ts'

const database = await testDatabase({ connectionsMax: 12 })
const world = await testGateway(database.db)
const { upstream } = world
afterAll(async () => {
  await world.close()
  await database.close()
})
beforeAll(() => world.contract({ limits: { bestOfMax: 4 } }))
beforeEach(() => {
  upstream.requests.length = 0
})

const RUBRIC = `name: polite
question: Was it polite?
combine: weighted
children:
  - id: thanks
    question: Did it thank?
    check: { kind: text, from: assistant, pattern: "[Tt]hank" }
  - id: sorry
    question: Was it sorry?
    check: { kind: text, from: assistant, pattern: "[Ss]orry" }
`
const ask = async (n: number | string, more: Readonly<Record<string, unknown>> = {}) => {
  const answer = await world.chat(more, { 'x-leeway-best-of': String(n) })
  const told = (name: string) => answer.headers.get(`x-leeway-best-of${name}`)
  return {
    status: answer.status,
    text: await answer.text(),
    told: { drawn: told(''), by: told('-chosen-by'), nats: told('-kl-nats-at-most'), gold: told('-gold') },
  }
}
const nats = (...sizes: readonly number[]) => sizes.reduce((sum, n) => sum + bestOfNKlBound(n), 0).toFixed(6)
const newest = async () => {
  await world.gateway.flush()
  const found = await database.db.execute<{ input_tokens: number; usd: number | null; decisions: unknown }>(
    'select input_tokens, usd, decisions from gateway_turns order by id desc limit 1',
  )
  return found.rows[0]
}

test('while programs cannot tell all of it, the first is taken, which says so and spends nothing', async () => {
  // What came of an answer nobody knows before it is given.
  const source = `${RUBRIC.replace('polite', 'solved')}  - id: solved
    question: Was it solved?
    check: { kind: outcome, schema: { type: number, minimum: 1 } }
`
  await world.api('/rubrics', { agent: 'desk', source })
  upstream.otherwise(() => ({ text: 'Hello.' }))
  const { status, told } = await ask(2)
  expect(status).toBe(200)
  expect(told).toEqual({ drawn: '2', by: 'first', nats: '0.000000', gold: 'unknown' })
  expect(upstream.requests).toHaveLength(2)
})

test('the answer with the best reward is given; all of them are paid for and written down', async () => {
  await world.api('/rubrics', { agent: 'desk', source: RUBRIC })
  const usdPerMillion = { input: 1, output: 1 }
  const serving = { agent: 'desk', policy: 'v1', upstream: 'one', model: 'model-1', usdPerMillion }
  await world.api('/gateway/servings', serving)
  await world.gateway.refresh()
  upstream.script({ text: 'Thanks.' }, { text: 'Thank you, sorry.' }, { text: 'No.' })
  const { text, told } = await ask(3)
  expect(text).toContain('Thank you, sorry.')
  expect(told).toEqual({ drawn: '3', by: 'reward', nats: nats(3), gold: 'unknown' })
  const row = await newest()
  expect(row).toMatchObject({
    input_tokens: 36,
    decisions: [{ bestOf: { drawn: 3, known: 3, by: 'reward' } }],
  })
  expect(row?.usd).toBeCloseTo(3 * 17e-6, 12)
})

test('it is decided about like any other; of a refused one its divergence counts as well', async () => {
  upstream.otherwise(
    ({ body }): UpstreamReply =>
      body.messages.at(-1)?.role === 'tool'
        ? { text: 'Then not. Sorry.' }
        : { text: 'Thanks, sorry.', calls: [{ tool: 'refund', arguments: { amount: 51 } }] },
  )
  const { text, told } = await ask(2)
  expect(text).toContain('Then not.')
  expect(text).not.toContain('refund')
  expect(told).toMatchObject({ drawn: '2', nats: nats(2, 2) })
  expect(upstream.requests).toHaveLength(4)
})

test('of those that do not come it is not chosen; where none comes the failure goes on as it is', async () => {
  upstream.script({ status: 500 }, { text: 'Thanks.' }, { text: 'No.' })
  const { text, told } = await ask(3)
  expect(text).toContain('Thanks.')
  expect(told).toMatchObject({ drawn: '2', nats: nats(2) })
  upstream.script({ status: 400 }, { status: 400 })
  const failed = await ask(2)
  expect(failed.status).toBe(400)
  expect(failed.told.drawn).toBeNull()
})

test('what changes something at the provider is asked for once', async () => {
  await world.contract({
    tools: [...DESK_TOOLS, { name: 'web_search', stakes: 'reversible' }],
    limits: { bestOfMax: 4 },
  })
  upstream.otherwise(() => ({ text: 'Hello.' }))
  const { told } = await ask(3, { web_search_options: {} })
  expect(told).toMatchObject({ drawn: '1', nats: '0.000000' })
  expect(upstream.requests).toHaveLength(1)
})

test.each([
  ['no number', 'many', {}, 400, 'invalid_best_of'],
  ['none', 0, {}, 400, 'invalid_best_of'],
  ['more than the contract allows', 5, {}, 403, 'best_of_not_allowed'],
  ['a stream', 2, { stream: true }, 400, 'unsupported_parameter'],
  ['several choices', 2, { n: 2 }, 400, 'unsupported_parameter'],
])('is refused in the words of the API: %s', async (_, n, more, status, code) => {
  const answer = await ask(n, more)
  expect(answer.status).toBe(status)
  expect(JSON.parse(answer.text)).toMatchObject({ error: { code } })
  expect(upstream.requests).toHaveLength(0)
})

test('a response is not searched for, nor anything where the contract does not say so', async () => {
  const two = { 'x-leeway-best-of': '2' }
  const response = await world.respond({}, two)
  expect([response.status, await response.json()]).toMatchObject([
    400,
    { error: { code: 'unsupported_parameter' } },
  ])
  await world.contract()
  const chat = await world.chat({}, two)
  expect([chat.status, await chat.json()]).toMatchObject([403, { error: { code: 'best_of_not_allowed' } }])
  expect(upstream.requests).toHaveLength(0)
})
