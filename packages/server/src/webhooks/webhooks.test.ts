import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { WebhookList } from '@leeway/contract/webhooks'
import { WEBHOOK_EVENTS } from '@leeway/contract/webhooks'
import { Webhook } from 'standardwebhooks'
import { afterAll, beforeEach, expect, test, vi } from 'vitest'
import { deriveKeys } from '../accounts/derived-keys.ts'
import { testDatabase } from '../testing/database.ts'
import { joinProject } from '../testing/join-project.ts'
import { testGateway } from '../testing/test-gateway.ts'
import { testServer } from '../testing/test-server.ts'
import { BOTH_SECRETS_MS, claimMessages, type Delivering, RETRY_MS, sendClaimed } from './deliver-messages.ts'

type Got = { readonly path: string; readonly headers: IncomingHttpHeaders; readonly body: string }
const got: Got[] = []
/** What the receiver answers, by path. */
const answers = new Map<
  string,
  { readonly status: number; readonly location?: string; readonly after?: Promise<void> }
>()
const receiver = createServer(async (incoming, response) => {
  const pieces: Buffer[] = []
  for await (const piece of incoming) pieces.push(piece as Buffer)
  const path = incoming.url ?? ''
  got.push({ path, headers: incoming.headers, body: Buffer.concat(pieces).toString() })
  const { status, location, after } = answers.get(path) ?? { status: 204 }
  await after
  response.writeHead(status, location === undefined ? {} : { location }).end()
})
await new Promise<void>((done) => receiver.listen(0, '127.0.0.1', done))
const receiverUrl = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`

const database = await testDatabase({ connectionsMax: 12 })
const world = await testGateway(database.db, { webhooksPrivate: true })
const { effects, project } = world.server
const cookie = await joinProject(world.server, 'admin', 'Ada')
afterAll(async () => {
  await world.close()
  await database.close()
  await new Promise((done) => receiver.close(done))
})

const delivering: Delivering = {
  sealingKey: deriveKeys(new Uint8Array(32).fill(7)).sealingKey,
  pageUrl: 'https://leeway.example.org',
  allowsPrivate: true,
}
const api = (path: string, json?: unknown) =>
  world.server.request(`/api/projects/${project.slug}/webhooks${path}`, {
    token: world.adminKey,
    ...(json === undefined ? {} : { json }),
  })
const list = async () => ((await (await api('')).json()) as WebhookList).items
const add = async (path: string, more: object = {}) => {
  const answer = await api('', { url: `${receiverUrl}${path}`, events: [...WEBHOOK_EVENTS], ...more })
  expect(answer.status).toBe(201)
  return (await answer.json()) as { webhook: { id: string }; secret: string }
}
const deliver = async () => sendClaimed(effects, delivering, await claimMessages(effects))
const halt = (halted: boolean, reason = 'try <it>') =>
  world.server.request(`/api/projects/${project.slug}/gateway/halt`, {
    token: world.adminKey,
    json: { halted, reason },
  })
/** Standard Webhooks' own verification, at the time at which the message was sent. */
const verified = (secret: string, { headers, body }: Got) => {
  vi.useFakeTimers({ toFake: ['Date'], now: Number(headers['webhook-timestamp']) * 1_000 })
  try {
    return new Webhook(secret).verify(body, headers as Record<string, string>) as Record<string, unknown>
  } finally {
    vi.useRealTimers()
  }
}

beforeEach(async () => {
  for (const { id } of await list()) await api(`/${id}/remove`, {})
  // What happened before is nothing to whoever is added now.
  effects.advance(5 * 60_000)
  got.length = 0
  answers.clear()
})

test('what happens is told once, signed as the standard’s own library verifies, without words of a conversation', async () => {
  const { secret } = await add('/all')
  await world.contract({ grant: { withoutReview: 0 }, limits: { holdSeconds: 2 } })
  world.upstream.script(
    { text: 'I refund it.', calls: [{ tool: 'refund', arguments: { amount: 20 } }] },
    { text: 'Then not.' },
  )
  const answer = world.chat({ messages: [{ role: 'user', content: 'a secret of mine' }] })
  await expect.poll(deliver).toBe(1)
  const told = verified(secret, got[0] as Got)
  expect(told).toMatchObject({
    type: 'hold.opened',
    data: {
      agent: 'desk',
      tools: ['refund'],
      stakes: 'reversible',
      url: `https://leeway.example.org/p/${project.slug}/holds`,
    },
  })
  expect(got[0]?.body).not.toMatch(/secret of mine|amount|I refund it|v1|policy/)
  await (await answer).text()
  effects.advance(3_000)
  expect(await deliver()).toBe(1)
  expect(JSON.parse(got[1]?.body ?? '')).toMatchObject({ type: 'hold.expired' })
  await halt(true)
  await halt(false)
  expect(await deliver()).toBe(2)
  // Sent side by side, so in any order.
  expect(
    got
      .slice(2)
      .map(({ body }) => JSON.parse(body).type)
      .sort(),
  ).toEqual(['halt.lifted', 'halt.set'])
  expect(await deliver()).toBe(0)
  expect(new Set(got.map(({ headers }) => headers['webhook-id'])).size).toBe(4)
})

test('a changed byte, another secret or another id is not verified', async () => {
  const { secret } = await add('/changed')
  await halt(true)
  await deliver()
  const [message] = got as [Got]
  expect(() => verified(secret, { ...message, body: `${message.body} ` })).toThrow()
  expect(() => verified(`whsec_${Buffer.alloc(32).toString('base64')}`, message)).toThrow()
  expect(() =>
    verified(secret, { ...message, headers: { ...message.headers, 'webhook-id': 'msg_1' } }),
  ).toThrow()
})

test('after a rotation both secrets verify for a day, then the new one alone', async () => {
  const { webhook, secret } = await add('/rotated')
  effects.advance(1_000)
  const { secret: fresh } = (await (await api(`/${webhook.id}/rotate`, {})).json()) as { secret: string }
  expect(fresh).not.toBe(secret)
  await halt(true)
  await deliver()
  const both = got.at(-1) as Got
  expect(String(both.headers['webhook-signature']).split(' ')).toHaveLength(2)
  verified(secret, both)
  verified(fresh, both)
  effects.advance(BOTH_SECRETS_MS + 2_000)
  await halt(false)
  await deliver()
  expect(String(got.at(-1)?.headers['webhook-signature']).split(' ')).toHaveLength(1)
})

test('what failed is tried again later and later with the same id; the log says how', async () => {
  const { webhook } = await add('/down')
  answers.set('/down', { status: 503 })
  await halt(true)
  expect(await deliver()).toBe(1)
  expect(await deliver()).toBe(0)
  effects.advance(RETRY_MS[0])
  expect(await deliver()).toBe(1)
  effects.advance(RETRY_MS[0])
  expect(await deliver()).toBe(0)
  answers.set('/down', { status: 200 })
  effects.advance(RETRY_MS[1])
  expect(await deliver()).toBe(1)
  effects.advance(RETRY_MS[2])
  expect(await deliver()).toBe(0)
  expect(new Set(got.map(({ headers }) => headers['webhook-id'])).size).toBe(1)
  const own = (await list()).find(({ id }) => id === webhook.id)
  expect(own?.deliveries.map(({ attempt, status, problem }) => [attempt, status, problem])).toEqual([
    [3, 200, null],
    [2, 503, 'It answered 503.'],
    [1, 503, 'It answered 503.'],
  ])
})

test('one that fails for three days is disabled, and one that says it is gone at once; both say why', async () => {
  const down = await add('/never')
  answers.set('/never', { status: 500 })
  await halt(true)
  for (const wait of [0, ...RETRY_MS]) {
    effects.advance(wait)
    expect(await deliver()).toBe(1)
  }
  expect((await list()).find(({ id }) => id === down.webhook.id)?.disabled?.reason).toContain(
    `failed ${RETRY_MS.length + 1} times`,
  )
  const gone = await add('/gone')
  answers.set('/gone', { status: 410 })
  await halt(false)
  expect(await deliver()).toBe(1)
  expect((await list()).find(({ id }) => id === gone.webhook.id)?.disabled?.reason).toContain('410')
  await halt(true)
  expect(await deliver()).toBe(0)
})

test('Slack gets a text with a link, in which nobody can write a link or call everybody', async () => {
  await add('/slack', { shape: 'slack', events: ['halt.set'] })
  await halt(true, 'see <!channel> <https://evil.example|here> & there')
  await halt(false)
  expect(await deliver()).toBe(1)
  const { text, ...rest } = JSON.parse(got[0]?.body ?? '') as { text: string }
  expect(rest).toEqual({})
  expect(text).toBe(
    `All candidates were halted. see &lt;!channel&gt; &lt;https://evil.example|here&gt; &amp; there\n<https://leeway.example.org/p/${project.slug}/holds>`,
  )
})

test('redirects are not followed', async () => {
  const { webhook } = await add('/away')
  answers.set('/away', { status: 302, location: `${receiverUrl}/inside` })
  const tested = (await (await api(`/${webhook.id}/test`, {})).json()) as { delivery: { problem: string } }
  expect(tested.delivery.problem).toBe('It answered 302.')
  expect(got.map(({ path }) => path)).toEqual(['/away'])
})

test('a test message is sent at once, signed, and never again', async () => {
  const { webhook, secret } = await add('/try')
  answers.set('/try', { status: 500 })
  await api(`/${webhook.id}/test`, {})
  expect(verified(secret, got[0] as Got)).toMatchObject({ type: 'webhook.test' })
  effects.advance(RETRY_MS[0])
  expect(await deliver()).toBe(0)
})

test('nothing is sent to private networks unless the setting lets it, by address or by name, when added or later', async () => {
  const strict = await testServer(database.db, { slug: 'strict' })
  const token = await strict.key(['read', 'admin'])
  const post = (url: string) =>
    strict.request('/api/projects/strict/webhooks', { token, json: { url, events: ['halt.set'] } })
  for (const url of [
    'http://example.org/',
    'https://127.0.0.1/',
    'https://[::1]/',
    'https://2130706433/',
    'https://0x7f.1/',
    'https://169.254.169.254/latest',
    'https://[::ffff:10.0.0.1]/',
    'https://ada:pw@example.org/',
  ])
    expect([url, (await post(url)).status]).toEqual([url, 422])
  expect((await post('file:///etc/passwd')).status).toBe(400)
  const named = await post('https://localhost/')
  expect(named.status).toBe(201)
  const { webhook } = (await named.json()) as { webhook: { id: string } }
  const tested = await strict.request(`/api/projects/strict/webhooks/${webhook.id}/test`, { token, json: {} })
  expect(((await tested.json()) as { delivery: { problem: string } }).delivery.problem).toContain(
    'private network',
  )
  await strict.request(`/api/projects/strict/webhooks/${webhook.id}/remove`, { token, json: {} })
  await strict.close()
})

test('raters, keys without admin and other projects see nothing of it', async () => {
  await add('/mine')
  const rater = await joinProject(world.server, 'rater', 'Rita')
  const seen = await world.server.request(`/api/projects/${project.slug}/webhooks`, { cookie: rater })
  expect(seen.status).toBe(403)
  const admin = await world.server.request(`/api/projects/${project.slug}/webhooks`, { cookie })
  expect(await admin.text()).not.toContain('whsec_')
})

test('a webhook that does not answer keeps nobody waiting, nor is it called by all its messages at once', async () => {
  await add('/slow')
  let resolve = () => {}
  const promise = new Promise<void>((done) => {
    resolve = done
  })
  answers.set('/slow', { status: 204, after: promise })
  for (let at = 0; at < 30; at++) await halt(at % 2 === 0)
  const slow = deliver()
  await expect.poll(() => got.length).toBe(4)
  effects.advance(1_000)
  await add('/quick', { events: ['halt.set'] })
  await halt(true)
  expect(await deliver()).toBe(1)
  expect(got.map(({ path }) => path)).toEqual(['/slow', '/slow', '/slow', '/slow', '/quick'])
  resolve()
  expect(await slow).toBe(4)
})

test('a message that cannot be written is nothing to the others', async () => {
  await add('/all')
  await database.db.$client.query(
    `insert into webhook_events (project_id, kind, subject, at) values ($1, 'hold.opened', 'no id', $2)`,
    [project.id, effects.now()],
  )
  await halt(true)
  expect(await deliver()).toBe(2)
  expect(got.map(({ body }) => JSON.parse(body).type)).toEqual(['halt.set'])
  expect((await list())[0]?.deliveries.map(({ problem }) => problem)).toContain(
    'The message could not be written.',
  )
})

test('what a process claimed and never sent is sent by another one, a minute later', async () => {
  await add('/all')
  await halt(true)
  expect(await claimMessages(effects)).toHaveLength(1)
  expect(await deliver()).toBe(0)
  effects.advance(60_000)
  expect(await deliver()).toBe(1)
})

test('holds that ran out are looked for twice a minute, and not where there is no webhook', async () => {
  const noting = { lastMs: Number.NEGATIVE_INFINITY }
  await claimMessages(effects, noting)
  expect(noting.lastMs).toBe(Number.NEGATIVE_INFINITY)
  await add('/all')
  await claimMessages(effects, noting)
  const first = noting.lastMs
  expect(first).toBe(effects.now().getTime())
  effects.advance(29_999)
  await claimMessages(effects, noting)
  expect(noting.lastMs).toBe(first)
  effects.advance(1)
  await claimMessages(effects, noting)
  expect(noting.lastMs).toBe(first + 30_000)
})
