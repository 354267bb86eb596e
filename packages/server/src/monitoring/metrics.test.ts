import { afterAll, expect, test } from 'vitest'
import { testDatabase } from '../testing/database.ts'
import { DESK_TOOLS, testGateway } from '../testing/test-gateway.ts'

const database = await testDatabase({ connectionsMax: 12 })
const world = await testGateway(database.db)
afterAll(async () => {
  await world.close()
  await database.close()
})

async function scrape(token?: string): Promise<string> {
  const answer = await world.server.request('/api/projects/default/metrics', {
    token: token ?? (await world.server.key(['read'])),
  })
  expect([answer.status, answer.headers.get('content-type')]).toEqual([
    200,
    'text/plain; version=0.0.4; charset=utf-8',
  ])
  return answer.text()
}
/** The value of a series, by its name and all its labels. */
function sampleOf(text: string, name: string, labels: Readonly<Record<string, string>> = {}): number | null {
  const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`)
  const line = text
    .split('\n')
    .find(
      (one) =>
        (one.startsWith(`${name}{`) || one.startsWith(`${name} `)) &&
        wanted.every((label) => one.includes(label)),
    )
  return line === undefined ? null : Number(line.split(' ').at(-1))
}

test('turns, calls, tokens and failures are counted as they are recorded', async () => {
  world.upstream.script(
    { text: 'Hello.' },
    { calls: [{ tool: 'refund', arguments: { amount: 4_000 } }] },
    { calls: [{ tool: 'refund', arguments: { amount: 4 } }] },
    { status: 500 },
  )
  for (let turn = 0; turn < 3; turn++) await (await world.chat({})).text()
  const text = await scrape()
  const which = { agent: 'desk', role: 'baseline' }
  expect(sampleOf(text, 'leeway_gateway_turns_total', { ...which, outcome: 'release' })).toBe(2)
  expect(sampleOf(text, 'leeway_gateway_turns_total', { ...which, outcome: 'failed' })).toBe(1)
  expect(sampleOf(text, 'leeway_gateway_calls_total', { outcome: 'deny', rule: 'arguments-outside' })).toBe(1)
  expect(sampleOf(text, 'leeway_gateway_calls_total', { outcome: 'allow', rule: 'granted' })).toBe(1)
  expect(sampleOf(text, 'leeway_gateway_tokens_total', { direction: 'input' })).toBe(36)
  expect(sampleOf(text, 'leeway_gateway_upstream_failures_total', { status: '500' })).toBe(1)
  expect(sampleOf(text, 'leeway_gateway_turn_seconds_count')).toBe(3)
  expect(sampleOf(text, 'leeway_gateway_spool_damaged_lines')).toBe(0)
  expect(sampleOf(text, 'leeway_upstream_calls_total', { upstream: 'one' })).toBe(4)
  expect(sampleOf(text, 'leeway_upstream_failures_total', { upstream: 'one' })).toBe(1)
  expect(sampleOf(text, 'leeway_upstream_stopped', { upstream: 'one' })).toBe(0)
})

test('a call of an MCP server is one turn, whatever its server answers', async () => {
  const tools = [...DESK_TOOLS, { name: 'shop/note', stakes: 'read' as const }]
  await world.contract({ tools })
  const turns = async () =>
    sampleOf(await scrape(), 'leeway_gateway_turns_total', { role: 'baseline', outcome: 'release' }) ?? 0
  const before = await turns()
  const place = { agent: 'desk', server: 'shop', conversation: 'one call' }
  const post = async (path: string, more: object) =>
    (
      await fetch(`${world.url}/v1/mcp/${path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${world.key}` },
        body: JSON.stringify({ ...place, ...more }),
      })
    ).text()
  const decided = await post('decisions', { tool: 'shop/note', argumentsText: '{}', waitSeconds: 0 })
  const { callId } = JSON.parse(decided) as { callId: string }
  await post('results', { callId, outcome: 'returned', text: 'noted' })
  expect(await turns()).toBe(before + 1)
  await world.contract()
})

test('a call that waits for a person is there while it waits', async () => {
  await world.contract({ grant: { withoutReview: 0 } })
  world.upstream.script({ calls: [{ tool: 'refund', arguments: { amount: 4 } }] })
  const left = new AbortController()
  const asked = fetch(`${world.url}/v1/chat/completions`, {
    method: 'POST',
    signal: left.signal,
    headers: { authorization: `Bearer ${world.key}` },
    body: JSON.stringify({ model: 'desk', messages: [{ role: 'user', content: 'Hi' }] }),
  }).catch(() => {})
  await expect.poll(async () => sampleOf(await scrape(), 'leeway_holds_waiting', { agent: 'desk' })).toBe(1)
  left.abort()
  await asked
  await world.contract()
})

test('a halt shows, and ends', async () => {
  expect(sampleOf(await scrape(), 'leeway_halted')).toBe(0)
  const halt = (halted: boolean) =>
    world.server.request('/api/projects/default/gateway/halt', {
      token: world.adminKey,
      json: { halted, reason: 'for a test' },
    })
  expect((await halt(true)).status).toBeLessThan(300)
  expect(sampleOf(await scrape(), 'leeway_halted')).toBe(1)
  await halt(false)
  expect(sampleOf(await scrape(), 'leeway_halted')).toBe(0)
})

test('the key of an agent reads nothing of it: what it could learn of its stage it would learn here', async () => {
  const answer = await world.server.request('/api/projects/default/metrics', { token: world.key })
  expect(answer.status).toBe(403)
})

test('a project sees its own numbers only', async () => {
  const other = await testGateway(database.db, { slug: 'other' })
  try {
    await (await other.chat({})).text()
    const answer = await other.server.request('/api/projects/other/metrics', { token: other.adminKey })
    const text = await answer.text()
    expect(sampleOf(text, 'leeway_gateway_turns_total', { outcome: 'release' })).toBe(1)
    expect(sampleOf(text, 'leeway_gateway_turns_total', { outcome: 'failed' })).toBeNull()
  } finally {
    await other.close()
  }
})
