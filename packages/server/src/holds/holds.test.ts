import { generateKeyPairSync } from 'node:crypto'
import type { HoldList, HoldView } from '@leeway/contract/holds'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ledgerSignerFrom } from '../launch/data-directory.ts'
import { testDatabase } from '../testing/database.ts'
import { joinProject } from '../testing/join-project.ts'
import { testGateway } from '../testing/test-gateway.ts'

const database = await testDatabase({ connectionsMax: 12 })
const privateKey = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' })
/** People talk to another process than agents do, and each signs with a key of its own. */
const world = await testGateway(database.db, { ledgerSigner: ledgerSignerFrom(String(privateKey)) })
const { upstream } = world
const { project } = world.server
afterAll(async () => {
  await world.close()
  await database.close()
})

let cookie: string
let other: string
beforeAll(async () => {
  cookie = await joinProject(world.server, 'admin', 'Ada')
  other = await joinProject(world.server, 'admin', 'Grace')
  await world.contract({ grant: { withoutReview: 0 } })
  upstream.otherwise(({ body }) =>
    body.messages.at(-1)?.role === 'tool'
      ? { text: 'Then not.' }
      : { text: 'I refund it. ', calls: [{ tool: 'refund', arguments: { amount: 20 } }] },
  )
})

const api = (path: string, json?: unknown, as = cookie) =>
  world.server.request(`/api/projects/${project.slug}/holds${path}`, {
    cookie: as,
    ...(json === undefined ? {} : { json }),
  })
const waiting = async () => ((await (await api('')).json()) as HoldList).open
/** An agent asks, and waits. */
async function ask(stream = false) {
  const answer = world.chat({ stream }).then((response) => response.text())
  await expect.poll(async () => (await waiting()).length).toBe(1)
  const [hold] = await waiting()
  if (hold === undefined) throw new Error('nothing waits')
  return { answer, id: hold.id, hold }
}
/** The amount that the client was told to refund; a stream brings its arguments in parts. */
const carried = (text: string) => {
  const parts = [...text.matchAll(/"arguments":("(?:[^"\\]|\\.)*")/g)].map(
    ([, part]) => JSON.parse(part ?? '""') as string,
  )
  return /"amount": ?(\d+)/.exec(parts.join(''))?.[1] ?? null
}

test.each([false, true])(
  'an approved call is carried out as it was proposed, once (streamed: %s)',
  async (stream) => {
    const { answer, id, hold } = await ask(stream)
    expect(hold).toMatchObject({ agent: 'desk', tools: ['refund'], stakes: 'reversible', answer: null })
    const view = (await (await api(`/${id}`)).json()) as HoldView
    expect(view.text).toMatchObject({
      calls: [{ tool: 'refund', argumentsText: '{"amount":20}', outcome: 'hold' }],
      before: [
        { role: 'user', content: 'Hi' },
        { role: 'assistant', content: 'I refund it. ' },
      ],
    })
    expect(JSON.stringify(view)).not.toMatch(/v1|v2|baseline|candidate/)
    expect((await api(`/${id}/answer`, { kind: 'approved' })).status).toBe(200)
    expect(carried(await answer)).toBe('20')
    world.server.effects.advance(2_000)
    const { answered } = (await (await api('')).json()) as HoldList
    expect(answered.find((one) => one.id === id)?.answer).toMatchObject({ kind: 'approved', used: true })
  },
)

test('the next of its kind comes beside the last that was approved', async () => {
  const { answer, id } = await ask()
  const view = (await (await api(`/${id}`)).json()) as HoldView
  expect(view.lastSimilar?.calls).toEqual([{ tool: 'refund', argumentsText: '{"amount":20}' }])
  await api(`/${id}/answer`, { kind: 'denied', reason: 'not twice' })
  expect(await answer).toContain('Then not.')
  expect(upstream.requests.at(-1)?.body.messages.at(-1)?.content).toBe('A person did not allow it: not twice')
})

test('what a person wrote in its place is carried out, within the contract', async () => {
  const { answer, id } = await ask()
  const edit = (...argumentsTexts: string[]) =>
    api(`/${id}/answer`, { kind: 'edited', reason: 'less', argumentsTexts })
  expect((await edit('{"amount":5000}')).status).toBe(422)
  expect((await edit('{"amount":')).status).toBe(422)
  expect((await edit('{"amount":7}', '{}')).status).toBe(422)
  expect((await edit('{"amount":7}')).status).toBe(200)
  expect(carried(await answer)).toBe('7')
})

test('what the contract sets is set over what a person wrote, too', async () => {
  upstream.script({ calls: [{ tool: 'note', arguments: { text: 'a' } }] })
  const { answer, id } = await ask()
  await api(`/${id}/answer`, {
    kind: 'edited',
    reason: 'shorter',
    argumentsTexts: ['{"text":"b","draft":false}'],
  })
  expect(await answer).toContain('{\\"text\\":\\"b\\",\\"draft\\":true}')
})

test('nobody need decide for an agent that has gone', async () => {
  const leaving = new AbortController()
  const asked = fetch(`${world.url}/v1/chat/completions`, {
    method: 'POST',
    signal: leaving.signal,
    headers: { authorization: `Bearer ${world.key}` },
    body: JSON.stringify({ model: 'desk', messages: [{ role: 'user', content: 'gone' }] }),
  }).catch(() => null)
  await expect.poll(async () => (await waiting()).length).toBe(1)
  leaving.abort()
  await asked
  await expect.poll(async () => (await waiting()).length).toBe(0)
})

test('to stop ends the conversation', async () => {
  const { answer, id } = await ask()
  await api(`/${id}/answer`, { kind: 'stopped', reason: 'this is an attack' })
  expect(await answer).toContain('This conversation was stopped. this is an attack')
})

test('to pass on decides nothing, and the second of two who decide is told so', async () => {
  const { answer, id } = await ask()
  expect(
    ((await (await api(`/${id}/answer`, { kind: 'escalated', reason: 'above me' })).json()) as HoldView)
      .answer,
  ).toBeNull()
  const both = await Promise.all([
    api(`/${id}/answer`, { kind: 'approved' }),
    api(`/${id}/answer`, { kind: 'denied', reason: 'no, no' }, other),
  ])
  expect(both.map(({ status }) => status).sort()).toEqual([200, 409])
  await answer
})

test('keys decide nothing, and nobody decides about what is not there', async () => {
  const { answer, id } = await ask()
  const byKey = await world.server.request(`/api/projects/${project.slug}/holds/${id}/answer`, {
    token: world.adminKey,
    json: { kind: 'approved' },
  })
  expect(byKey.status).toBe(403)
  expect((await api('/019bc0e2-1280-7000-8000-000000000000/answer', { kind: 'approved' })).status).toBe(404)
  await api(`/${id}/answer`, { kind: 'denied', reason: 'over' })
  await answer
})

test('an approval with a wrong signature, or for other arguments, carries nothing out', async () => {
  for (const [forge, key] of [
    [sql`'AAAA'`, sql`key_id`],
    [sql`signature`, sql`key_id`],
    [sql`signature`, sql`'nobody'`],
  ]) {
    const { answer, id } = await ask()
    await database.db.execute(sql`
      insert into hold_answers (project_id, hold_id, kind, reason, arguments_sha256, signature, key_id, actor, at)
      select project_id, ${id}::uuid, 'approved', '', arguments_sha256, ${forge}, ${key}, actor, now()
      from hold_answers where kind = 'approved' limit 1`)
    const text = await answer
    expect(carried(text)).toBeNull()
  }
})

test('nobody answered: no decision, and an approval that comes later carries nothing out', async () => {
  await world.contract({ grant: { withoutReview: 0 }, limits: { holdSeconds: 1 } })
  const { answer, id } = await ask()
  expect(await answer).toContain('Then not.')
  expect(upstream.requests.at(-1)?.body.messages.at(-1)?.content).toMatch(
    /no decision in time.*Nobody denied it/,
  )
  world.server.effects.advance(2_000)
  expect((await api(`/${id}/answer`, { kind: 'approved' })).status).toBe(409)
})

test('more than may wait at once are not asked about, and not carried out', async () => {
  await world.contract({ grant: { withoutReview: 0 }, limits: { holdsMax: 1 } })
  const { answer, id } = await ask()
  expect(carried(await (await world.chat({})).text())).toBeNull()
  await api(`/${id}/answer`, { kind: 'approved' })
  expect(carried(await answer)).toBe('20')
})

test('a halt or a narrower contract between the question and its answer is obeyed', async () => {
  const { answer, id } = await ask()
  await world.contract({ grant: { withoutReview: 0, stakes: 'read' }, limits: { holdsMax: 1 } })
  await api(`/${id}/answer`, { kind: 'approved' })
  expect(carried(await answer)).toBeNull()
})

test('like calls of one conversation are decided by one act, each with an approval of its own; all or none', async () => {
  await world.contract({ grant: { withoutReview: 0 } })
  const talk = (conversation: string) =>
    world.chat({}, { 'x-leeway-conversation-id': conversation }).then((response) => response.text())
  const answers = [talk('one'), talk('one'), talk('other')]
  await expect.poll(async () => (await waiting()).length).toBe(3)
  const cards = new Map<string, string[]>()
  for (const { id, card } of await waiting()) cards.set(card, [...(cards.get(card) ?? []), id])
  const [pair = [], [alone = ''] = []] = [...cards.values()].sort((a, b) => b.length - a.length)
  expect([...cards.values()].map(({ length }) => length).sort()).toEqual([1, 2])
  const together = (holds: readonly string[], as = cookie) =>
    api('/answer', { holds, answer: { kind: 'approved', lookedMs: 900 } }, as)
  expect((await together([...pair, alone])).status).toBe(422)
  expect((await together([pair[0] ?? '', crypto.randomUUID()])).status).toBe(404)
  expect((await waiting()).length).toBe(3)
  expect((await together(pair)).status).toBe(200)
  expect((await waiting()).map(({ id }) => id)).toEqual([alone])
  const signed = await database.db.execute<{ signature: string; uses: number }>(sql`
    select signature, (select count(*)::int from hold_uses where hold_uses.hold_id = hold_answers.hold_id) as uses
    from hold_answers where hold_id = any(${`{${pair.join(',')}}`}::uuid[])`)
  expect(new Set(signed.rows.map(({ signature }) => signature)).size).toBe(2)
  await expect.poll(async () => (await Promise.all(answers.slice(0, 2))).map(carried)).toEqual(['20', '20'])
  await api(`/${alone}/answer`, { kind: 'denied', reason: 'not this one' })
  await Promise.all(answers)
})

test('of a card that somebody has begun to decide about nothing is decided by one act', async () => {
  const talk = () =>
    world.chat({}, { 'x-leeway-conversation-id': 'begun' }).then((response) => response.text())
  const answers = [talk(), talk()]
  await expect.poll(async () => (await waiting()).length).toBe(2)
  const [first, second] = (await waiting()).map(({ id }) => id)
  await api(`/${first}/answer`, { kind: 'denied', reason: 'not this one' }, other)
  const both = await api('/answer', { holds: [first, second], answer: { kind: 'approved' } })
  expect(both.status).toBe(409)
  expect((await waiting()).map(({ id }) => id)).toEqual([second])
  await api(`/${second}/answer`, { kind: 'denied', reason: 'nor this one' })
  await Promise.all(answers)
})
