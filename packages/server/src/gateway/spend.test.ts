import { afterAll, beforeEach, expect, test } from 'vitest'
import { testDatabase } from '../testing/database.ts'
import { logStatements } from '../testing/statement-log.ts'
import { testGateway } from '../testing/test-gateway.ts'

const database = await testDatabase({ connectionsMax: 12 })
const world = await testGateway(database.db)
const { upstream, server } = world
afterAll(async () => {
  await world.close()
  await database.close()
})
const DAY_MS = 86_400_000
const serving = { agent: 'desk', policy: 'v1', upstream: 'one', model: 'model-1' }
// An answer of the upstream: 12 tokens in, 5 out.
const usdPerMillion = { input: 50_000, output: 80_000 }
const ANSWER_USD = 1
beforeEach(async () => {
  // Every test has a day of its own.
  server.effects.advance(DAY_MS)
  await world.api('/gateway/servings', { ...serving, usdPerMillion })
  upstream.otherwise(() => ({ text: 'Hello.' }))
})
const limit = (usdPerDay: number) => world.contract({ limits: { usdPerDay } })
/** As all processes have shipped it. */
async function spentToday(): Promise<number | undefined> {
  const found = await database.db.$client.query<{ usd: number }>(
    "select usd from gateway_spend where project_id = $1 and day = ($2::timestamptz at time zone 'utc')::date",
    [server.project.id, server.effects.now().toISOString()],
  )
  return found.rows[0]?.usd
}
const codeOf = async (answer: Response) =>
  ((await answer.json()) as { error?: { code?: string } }).error?.code ?? answer.status

test('what is spent is spent for the day: 429 until midnight, and then it begins anew', async () => {
  await limit(2 * ANSWER_USD)
  expect([await codeOf(await world.chat({})), await codeOf(await world.respond({}))]).toEqual([200, 200])
  const refused = await world.chat({})
  expect(refused.status).toBe(429)
  expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(86_400)
  expect(await codeOf(refused)).toBe('spend_limit_reached')
  expect(await codeOf(await world.respond({ stream: true }))).toBe('spend_limit_reached')
  server.effects.advance(DAY_MS)
  expect((await world.chat({})).status).toBe(200)
})

test('answers that were refused were paid for, too', async () => {
  await limit(2 * ANSWER_USD)
  upstream.script({ calls: [{ tool: 'refund', arguments: { amount: 99 } }] }, { text: 'No.' })
  expect((await world.chat({})).status).toBe(200)
  expect((await world.chat({})).status).toBe(429)
})

test('a stream counts though its client asks for no use, and is told of none', async () => {
  await limit(ANSWER_USD)
  const answer = await world.chat({ stream: true })
  expect(await answer.text()).not.toContain('prompt_tokens')
  expect(upstream.requests.at(-1)?.body.stream_options).toEqual({ include_usage: true })
  expect((await world.chat({})).status).toBe(429)
})

test('what was cut has been paid for as far as it was asked', async () => {
  await limit(0.001)
  upstream.script({ text: 'x'.repeat(500), cutAfter: 100 })
  expect((await world.chat({})).status).toBe(502)
  expect((await world.chat({})).status).toBe(429)
})

test('embeddings are spent, too: what their answer counts, or their length; an error costs nothing', async () => {
  await limit(ANSWER_USD)
  const embed = (input: string) =>
    fetch(`${world.url}/v1/embeddings`, {
      method: 'POST',
      headers: { authorization: `Bearer ${world.key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'desk', input }),
    })
  upstream.script({ status: 400 })
  expect((await embed('no')).status).toBe(400)
  expect(await spentToday()).toBeUndefined()
  upstream.script({ embedded: 8 })
  expect(await (await embed('one')).json()).toMatchObject({ data: [{ embedding: [0.5] }] })
  // Eight tokens at five cents.
  expect(await spentToday()).toBeCloseTo(0.4)
  const asked = JSON.stringify({ model: 'model-1', input: 'x'.repeat(60) }).length
  await (await embed('x'.repeat(60))).text()
  const spent = 0.4 + 0.05 * (asked / 4)
  expect(await spentToday()).toBeCloseTo(spent, 1)
  // What is left is less than nothing: chats are refused, and embeddings.
  expect(spent).toBeGreaterThan(ANSWER_USD)
  expect(await codeOf(await world.chat({}))).toBe('spend_limit_reached')
  expect(await codeOf(await embed('more'))).toBe('spend_limit_reached')
})

test('embeddings whose price nobody knows are refused where money is limited', async () => {
  await limit(5)
  await world.api('/gateway/servings', serving)
  await world.gateway.refresh()
  const answer = await fetch(`${world.url}/v1/embeddings`, {
    method: 'POST',
    headers: { authorization: `Bearer ${world.key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'desk', input: 'x' }),
  })
  expect([answer.status, await codeOf(answer)]).toEqual([503, 'price_unknown'])
  await world.contract()
})

test('another process knows, and counts nothing twice', async () => {
  await limit(3 * ANSWER_USD)
  const other = await world.another()
  try {
    expect((await world.chat({})).status).toBe(200)
    await world.gateway.flush()
    expect((await other.chat({})).status).toBe(200)
    await other.gateway.flush()
    await expect.poll(spentToday).toBeCloseTo(2 * ANSWER_USD)
    expect((await other.chat({})).status).toBe(200)
    await other.gateway.flush()
    // Read once a second.
    await expect.poll(async () => (await world.chat({})).status, { timeout: 5_000 }).toBe(429)
  } finally {
    await other.close()
  }
})

test('a turn that this process has shipped counts once, by the reading, and no more by itself', async () => {
  await limit(2 * ANSWER_USD)
  expect((await world.chat({})).status).toBe(200)
  await world.gateway.flush()
  await expect.poll(spentToday).toBeCloseTo(ANSWER_USD)
  const log = logStatements()
  try {
    // Once a second: the second one that begins from now on has the first, which knows what was shipped, behind it.
    let readings = 0
    await expect
      .poll(
        () => {
          readings += log.take().filter((statement) => statement.includes('as shipped')).length
          return readings
        },
        { timeout: 10_000 },
      )
      .toBeGreaterThan(1)
  } finally {
    log.stop()
  }
  expect((await world.chat({})).status).toBe(200)
  expect((await world.chat({})).status).toBe(429)
})

test('a limit without a price is refused when the contract is written, and where the price went later', async () => {
  await limit(5)
  await world.api('/gateway/servings', serving)
  await world.gateway.refresh()
  expect(await codeOf(await world.chat({}))).toBe('price_unknown')
  await expect(limit(5)).rejects.toThrow(/nobody has said what .*v1.* costs/)
  await world.contract()
  expect((await world.chat({})).status).toBe(200)
})
