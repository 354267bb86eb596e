/** Requests that admins write, or take from an incident: planted once at the same draw, like any other call, and known to nobody else. */
import type { IncidentDetail } from '@leeway/contract/incidents'
import { IncidentCalls, type PlantedRequestReport, WrittenRequests } from '@leeway/contract/planted-requests'
import type { Problem } from '@leeway/contract/problem'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { testDatabase } from '../testing/database.ts'
import { ASKED, askForRefund, decidingPeople } from '../testing/deciding-people.ts'
import { joinProject } from '../testing/join-project.ts'
import { testGateway } from '../testing/test-gateway.ts'
import { setPlantedRequestRules } from './rules.ts'
import { plantedRequestDraws, plantedRequests, writtenRequestTexts } from './tables.ts'

const database = await testDatabase({ connectionsMax: 12 })
const world = await testGateway(database.db)
const { effects, project } = world.server
const MINUTE = 60_000
afterAll(async () => {
  await world.close()
  await database.close()
})

const { ada, grace, api, listed, shown, decide, ask, askAndApprove, recorded, drawNow } =
  await decidingPeople(world)
const MAKERS = { role: 'system', content: 'You are the desk of a shop.' }
const PAID = 'I paid 9 and want it back.'
const WRITTEN = {
  agent: 'desk',
  tool: 'refund',
  arguments: { amount: 49 },
  reason: 'more than was paid',
}
const BEFORE = [
  { role: 'user', text: PAID },
  { role: 'assistant', text: 'I refund it. ' },
]
beforeAll(async () => {
  await world.contract({ grant: { withoutReview: 0 }, limits: { holdSeconds: 600 } })
  askForRefund(world)
})
beforeEach(async () => {
  // What was drawn before has run out, and is told.
  effects.advance(48 * 60 * MINUTE)
  await setPlantedRequestRules(effects, project.id, 'person:test', { share: 1 })
})

const write = async (more: object = {}, as = ada) => {
  const answer = await api('/planted-requests/written', { ...WRITTEN, ...more }, as)
  const body: unknown = await answer.json()
  if (answer.status !== 201) throw new Error(`${answer.status} ${(body as Problem).detail}`)
  return WrittenRequests.parse(body).items[0]?.id ?? ''
}
const own = async (as = ada) =>
  WrittenRequests.parse(await (await api('/planted-requests/written', undefined, as)).json()).items
const stateOf = async (id: string) => (await own()).find((one) => one.id === id)?.state
const newest = async () =>
  (await database.db.select().from(plantedRequests).orderBy(sql`at desc, hold_id desc`).limit(1))[0]
const plantedOf = async (id: string) =>
  (await database.db.select().from(plantedRequests)).find(({ writtenId }) => writtenId === id)
const words = async () => (await database.db.select().from(writtenRequestTexts)).length
const refusal = async (answer: Response) => {
  expect(answer.status).toBe(422)
  return ((await answer.json()) as Problem).detail
}

test('what would come before nobody is not kept, and only admins write', async () => {
  const nobody = 'The contract would not have a person decide about this call.'
  for (const call of [
    { tool: 'find_order', arguments: {} },
    { tool: 'refund', arguments: { amount: 51 } },
    { tool: 'wire', arguments: {} },
  ])
    expect(await refusal(await api('/planted-requests/written', { ...WRITTEN, ...call }))).toBe(nobody)
  expect((await api('/planted-requests/written', { ...WRITTEN, agent: 'nobody' })).status).toBe(404)
  expect((await api('/planted-requests/written', { ...WRITTEN, reason: '' })).status).toBe(400)
  const rita = await joinProject(world.server, 'rater', 'Rita')
  expect((await api('/planted-requests/written', WRITTEN, rita)).status).toBe(403)
  expect((await api('/planted-requests/written', undefined, rita)).status).toBe(403)
  expect(await own()).toEqual([])
})

test('it comes once, after a decision of somebody else, at the probability of every other, and is like a call that waits', async () => {
  const id = await write({ before: BEFORE })
  await askAndApprove(ada, [MAKERS, ASKED])
  await drawNow()
  // There is no recorded call to copy yet, and Ada wrote it.
  expect(await newest()).toBeUndefined()
  await askAndApprove(grace, [MAKERS, ASKED])
  await drawNow()
  const planted = await plantedOf(id)
  expect(planted).toMatchObject({ operator: 'written', originalId: id })
  const draws = await database.db.select().from(plantedRequestDraws)
  expect(draws.map(({ outcome, probability }) => [outcome, probability])).toEqual([
    ['nothing', 1],
    ['planted', 1],
  ])
  const { answer, id: real } = await ask([MAKERS, { role: 'user', content: PAID }])
  const both = [planted?.holdId ?? '', real]
  const like = (value: unknown) =>
    both
      .reduce((text, one) => text.replaceAll(one, 'ID'), JSON.stringify(value))
      .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'WHEN')
      .replaceAll(/[\da-f]{64}/g, 'SHA')
      .replaceAll(/\\"amount\\":\d+/g, 'AMOUNT')
  const same = async (read: (id: string) => Promise<unknown>) => {
    const [one, other] = [await read(both[0] ?? ''), await read(real)]
    expect(like(one)).toBe(like(other))
    return one
  }
  const view = await same(shown)
  expect(view).toMatchObject({
    text: {
      before: [MAKERS, { role: 'user', content: PAID }, { role: 'assistant', content: 'I refund it. ' }],
      calls: [{ argumentsText: '{"amount":49}' }],
    },
  })
  await same(async (hold) => (await listed()).open.find((one) => one.id === hold))
  await same(async (hold) => (await decide(hold, { kind: 'approved', lookedMs: 400 }, grace)).json())
  await answer
  effects.advance(3_000)
  await same(shown)
  await askAndApprove(grace)
  await drawNow()
  // Once.
  expect(await newest()).toMatchObject({ writtenId: id })
  expect(await words()).toBe(0)
  // Told as late as what Grace made of it, and to nobody but Ada.
  expect(await stateOf(id)).toBe('kept')
  effects.advance(48 * 60 * MINUTE)
  expect(await stateOf(id)).toBe('planted')
  expect(await own(grace)).toEqual([])
  const { people } = (await (await api('/planted-requests')).json()) as PlantedRequestReport
  expect(people).toMatchObject([{ name: 'Grace', caught: 0, answers: 1 }])
})

test('its JSON is spaced as in the call that was decided last', async () => {
  const id = await write({ before: BEFORE })
  world.upstream.otherwise(() => ({ calls: [{ tool: 'refund', arguments: '{"amount": 20}' }] }))
  await askAndApprove(grace)
  askForRefund(world)
  await drawNow()
  const view = await shown((await plantedOf(id))?.holdId ?? '')
  expect(view.text?.calls[0]?.argumentsText).toBe('{"amount": 49}')
  await decide(view.id, { kind: 'denied', reason: 'too much' }, grace)
})

test('who wrote it may meet it in the list; what they make of it is not counted', async () => {
  const id = await write({ before: BEFORE })
  await askAndApprove(grace)
  await drawNow()
  await decide((await plantedOf(id))?.holdId ?? '', { kind: 'denied', reason: 'I know it' }, ada)
  effects.advance(48 * 60 * MINUTE)
  const { people } = (await (await api('/planted-requests')).json()) as PlantedRequestReport
  expect(people.map(({ name }) => name)).toEqual(['Grace'])
})

test('without words it stands where a recorded call of its tool stood, unless it says the same', async () => {
  const same = await write({ arguments: { amount: 20 } })
  const id = await write({ arguments: { amount: 3 } })
  await recorded(2)
  await askAndApprove(grace)
  await drawNow()
  const planted = await plantedOf(id)
  expect(await plantedOf(same)).toBeUndefined()
  expect(planted?.originalId).not.toBe(id)
  expect((await shown(planted?.holdId ?? '')).text).toMatchObject({
    before: expect.arrayContaining([ASKED, { role: 'assistant', content: 'I refund it. ' }]),
    calls: [{ argumentsText: '{"amount":3}' }],
  })
  await api(`/planted-requests/written/${same}/withdraw`, {})
  await drawNow()
})

test('a withdrawn one never comes, its words go, and only who wrote it withdraws it', async () => {
  const id = await write({ before: BEFORE })
  expect((await api(`/planted-requests/written/${id}/withdraw`, {}, grace)).status).toBe(404)
  expect(await stateOf(id)).toBe('kept')
  for (const _ of ['once', 'again'])
    expect((await api(`/planted-requests/written/${id}/withdraw`, {})).status).toBe(200)
  expect(await stateOf(id)).toBe('withdrawn')
  await askAndApprove(grace)
  await drawNow()
  expect(await plantedOf(id)).toBeUndefined()
  expect(await words()).toBe(0)
})

/** An episode of a call that was approved, reported by Grace. */
async function incident() {
  await recorded(1)
  const { items } = (await (await api('/episodes?limit=1')).json()) as { items: { id: string }[] }
  const episode = items[0]?.id ?? ''
  const json = { episode, severity: 'major', reason: 'it was never late' }
  const reported = (await (await api('/incidents', json, grace)).json()) as IncidentDetail
  return { episode, at: `/incidents/${reported.id}/planted-request`, id: reported.id }
}
const callsAt = async (at: string) => IncidentCalls.parse(await (await api(at)).json())

test('the call of an incident comes as it was, to others than who reported it', async () => {
  const { at, id } = await incident()
  const { calls, none, reason } = await callsAt(at)
  expect([none, reason]).toEqual([null, 'it was never late'])
  expect(calls).toMatchObject([{ tool: 'refund', argumentsText: '{"amount":20}', cannot: null }])
  const step = calls[0]?.step ?? 0
  expect(await refusal(await api(at, { step: step + 1, reason }))).toMatch(/is no call/)
  const kept = await api(at, { step, reason })
  expect(kept.status).toBe(201)
  const [written] = WrittenRequests.parse(await kept.json()).items
  expect(written).toMatchObject({ tool: 'refund', incidentId: id, reason, state: 'kept' })
  expect((await api(at, { step, reason })).status).toBe(409)
  // Another admin is not told that it was done, and the call comes once all the same.
  expect((await api(at, { step, reason }, grace)).status).toBe(201)
  const carl = await joinProject(world.server, 'admin', 'Carl')
  // Nothing of the episode is kept a second time.
  expect(await words()).toBe(0)
  await askAndApprove(grace)
  await drawNow()
  expect(await plantedOf(written?.id ?? '')).toBeUndefined()
  for (const _ of [1, 2]) {
    await askAndApprove(carl)
    await drawNow()
  }
  const { rows } = await database.db.execute<{ hold_id: string }>(sql`
    select hold_id from planted_requests join written_requests written on written.id = written_id where incident_id = ${id}::uuid`)
  expect(rows).toHaveLength(1)
  expect((await shown(rows[0]?.hold_id ?? '')).text).toMatchObject({
    before: [ASKED, { role: 'assistant', content: 'I refund it. ' }],
    calls: [{ argumentsText: '{"amount":20}' }],
  })
})

test('an incident says where it has no call, and what nobody would be asked about', async () => {
  const { at } = await incident()
  await world.contract({ grant: { withoutReview: 1 }, limits: { holdSeconds: 600 } })
  const { calls } = await callsAt(at)
  expect(calls[0]?.cannot).toBe('Under the contract of today nobody would be asked about this call.')
  const { step = 0 } = calls[0] ?? {}
  expect(await refusal(await api(at, { step, reason: 'it was not late' }))).toBe(calls[0]?.cannot)
  await world.contract({ grant: { withoutReview: 0 }, limits: { holdSeconds: 600 } })
  const spoken = await world.server.request(
    `/api/projects/${project.slug}/episodes/import?agent=desk&policy=v1`,
    {
      token: world.adminKey,
      body: JSON.stringify({ taskKey: 'words', steps: [{ kind: 'user', content: 'Hi' }] }),
      headers: { 'content-type': 'application/octet-stream' },
    },
  )
  await spoken.text()
  const { items } = (await (await api('/episodes?limit=50')).json()) as {
    items: { id: string; taskKey: string | null }[]
  }
  const episode = items.find(({ taskKey }) => taskKey === 'words')?.id
  const told = (await (
    await api('/incidents', { episode, severity: 'minor', reason: 'a rude word' })
  ).json()) as IncidentDetail
  expect(await callsAt(`/incidents/${told.id}/planted-request`)).toMatchObject({
    calls: [],
    none: expect.stringContaining('Its episode has no call'),
  })
})

test('what is erased with the episode of an incident is planted no more', async () => {
  const { at, id, episode } = await incident()
  const { calls, reason } = await callsAt(at)
  expect((await api(at, { step: calls[0]?.step, reason })).status).toBe(201)
  await api(`/incidents/${id}/close`, { reason: 'money is back' })
  const erased = await api(`/episodes/${episode}/erase`, { reason: 'they asked for it' })
  expect(erased.status).toBe(200)
  expect((await callsAt(at)).none).toBe('The text of its episode is gone, and with it every call.')
  const [written] = await own()
  const dora = await joinProject(world.server, 'admin', 'Dora')
  await askAndApprove(dora)
  await drawNow()
  expect(await plantedOf(written?.id ?? '')).toBeUndefined()
})
