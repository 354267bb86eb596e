/** Planted requests: they look like calls that wait, approve nothing, follow decisions within the share, and are measured late. */
import type { HoldView } from '@leeway/contract/holds'
import { OwnPauseNote } from '@leeway/contract/planted-faults'
import type { PlantedRequestReport } from '@leeway/contract/planted-requests'
import { AWAY_MS, LAG_MAX, LAG_MIN } from '@leeway/core/planted-faults/pause-advice'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { assembleEpisodes } from '../gateway/assemble-episodes.ts'
import { plantedRequests } from '../planted-requests/tables.ts'
import { testDatabase } from '../testing/database.ts'
import { ASKED, askForRefund, decidingPeople } from '../testing/deciding-people.ts'
import { testGateway } from '../testing/test-gateway.ts'
import { adviseApprovers } from './advise-approvers.ts'
import { drawRequests } from './draw-requests.ts'
import { setPlantedRequestRules } from './rules.ts'

const database = await testDatabase({ connectionsMax: 12 })
const world = await testGateway(database.db, { webhooksPrivate: true })
const { effects, project } = world.server
const MINUTE = 60_000
afterAll(async () => {
  await world.close()
  await database.close()
})

const { ada, grace, api, listed, shown, decide, ask, askAndApprove, recorded, drawNow } =
  await decidingPeople(world)
beforeAll(async () => {
  await world.contract({ grant: { withoutReview: 0 }, limits: { holdSeconds: 600 } })
  await world.api('/webhooks', { url: 'http://127.0.0.1:9/', events: ['hold.opened', 'hold.expired'] })
  askForRefund(world)
})

const plantedIds = async () => (await database.db.select().from(plantedRequests)).map(({ holdId }) => holdId)
const outcomes = async () =>
  (
    await database.db.execute<{ outcome: string; probability: number }>(sql`
      select outcome, probability from planted_request_draws order by at, decided_id`)
  ).rows

test('nothing is planted while the share is not set, and the share is at most a fifth', async () => {
  await recorded(6)
  await askAndApprove()
  await drawNow()
  expect(await plantedIds()).toEqual([])
  expect((await api('/planted-requests', { share: 0.3 })).status).toBe(400)
  const { share } = (await (await api('/planted-requests')).json()) as PlantedRequestReport
  expect(share).toBeNull()
})

test('it comes after a decision of somebody who is there, not at once, and only where the draw says so', async () => {
  await setPlantedRequestRules(effects, project.id, 'person:test', { share: 1 })
  await drawRequests(effects)
  expect(await plantedIds()).toEqual([])
  await askAndApprove()
  await drawRequests(effects)
  // Not at the moment of the decision.
  expect(await plantedIds()).toEqual([])
  effects.advance(5 * MINUTE)
  await drawRequests(effects)
  // And not when the person may have gone.
  expect(await plantedIds()).toEqual([])
  await askAndApprove()
  await drawNow()
  expect(await outcomes()).toEqual([
    { outcome: 'late', probability: 1 },
    { outcome: 'planted', probability: 1 },
  ])
  await drawRequests(effects)
  expect((await plantedIds()).length).toBe(1)
})

test('it is like a call that waits in all that anybody is shown, before and after it is decided', async () => {
  const [planted = ''] = await plantedIds()
  const { answer, id: real } = await ask()
  const open = (await listed()).open
  expect(open.map(({ id }) => id).sort()).toEqual([planted, real].sort())
  const like = (value: unknown, ids: readonly string[]) =>
    ids
      .reduce((text, id) => text.replaceAll(id, 'ID'), JSON.stringify(value))
      .replaceAll(/"requestId":"[^"]*"/g, 'REQUEST')
      .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'WHEN')
      .replaceAll(/[0-9a-f]{64}/g, 'SHA')
      .replaceAll(/\\"amount\\":\d+/g, 'AMOUNT')
  const both = [planted, real]
  const same = async (read: (id: string) => Promise<unknown>) => {
    const [one, other] = [await read(planted), await read(real)]
    expect(like(one, both)).toBe(like(other, both))
    return one
  }
  const view = (await same(shown)) as HoldView
  expect(view.text?.calls[0]?.argumentsText).toMatch(/^\{"amount":(2|21|19)\}$/)
  expect(view.text?.before).toEqual([ASKED, { role: 'assistant', content: 'I refund it. ' }])
  await same(async (id) => open.find((one) => one.id === id))
  const events = async (id: string) =>
    (
      await database.db.execute<{ kind: string }>(
        sql`select kind, at = (select asked_at from holds where id = ${id}::uuid) as at from webhook_events where subject = ${id}`,
      )
    ).rows
  expect(await same(events)).toHaveLength(1)
  const pair = { holds: both, answer: { kind: 'approved' } }
  // Each is of a card of its own.
  expect((await api('/holds/answer', pair)).status).toBe(422)
  await same(async (id) => (await decide(id, { kind: 'edited', reason: 'less', argumentsTexts: [] })).status)
  await same(async (id) => (await decide(id, { kind: 'escalated', reason: 'above me' })).json())
  await same(async (id) => (await decide(id)).json())
  await answer
  await same(async (id) => (await decide(id)).json())
  await same(shown)
  effects.advance(3_000)
  expect(await same(shown)).toMatchObject({ answer: { kind: 'approved', used: true, countsFor: 'gate' } })
  const ledger = async (id: string) =>
    (
      await database.db.execute(sql`
        select action, actor, jsonb_object_keys(body) as key from ledger_entries where body->>'hold' = ${id}`)
    ).rows
  expect(await same(ledger)).not.toHaveLength(0)
  // A week on nothing tells them apart either: the words of both are gone.
  await world.gateway.flush()
  effects.advance(11 * MINUTE)
  await assembleEpisodes(effects)
  await drawRequests(effects)
  expect(await same(shown)).toMatchObject({ text: null })
})

test('what is signed for it is bound to no call and used up as it is given', async () => {
  const [planted = ''] = await plantedIds()
  const { rows } = await database.db.execute<{ uses: number; others: number }>(sql`
    select (select count(*)::int from hold_uses where hold_id = holds.id) as uses,
      (select count(*)::int from holds other where other.conversation = holds.conversation or other.turn_id = holds.turn_id) as others
    from holds where id = ${planted}::uuid`)
  expect(rows).toEqual([{ uses: 1, others: 1 }])
  const { answer, id } = await ask()
  await decide(id, { kind: 'denied', reason: 'not this one' })
  expect(await answer).toContain('Then not.')
})

test('it takes the place of no call that waits', async () => {
  await world.contract({ grant: { withoutReview: 0 }, limits: { holdSeconds: 600, holdsMax: 3 } })
  await drawNow()
  // Those that were drawn by now have run out.
  effects.advance(11 * MINUTE)
  await askAndApprove()
  await drawNow()
  const before = (await plantedIds()).length
  expect((await listed()).open).toHaveLength(1)
  const waiting = [await ask(), await ask(), await ask()]
  expect((await listed()).open).toHaveLength(4)
  const open = new Set((await listed()).open.map(({ id }) => id))
  const [first, ...others] = waiting
  await decide(first?.id ?? '')
  await drawNow()
  // As many wait as may: one more would show.
  expect((await plantedIds()).length).toBe(before)
  for (const { id } of others) await decide(id, { kind: 'stopped', reason: 'an attack' })
  await Promise.all(waiting.map(({ answer }) => answer))
  // Not carried out as it is: caught.
  const planted = (await plantedIds()).find((id) => open.has(id)) ?? ''
  expect((await decide(planted, { kind: 'denied', reason: 'not what was asked for' }, grace)).status).toBe(
    200,
  )
  const drawn = await outcomes()
  expect(drawn.filter(({ outcome }) => outcome === 'crowded')).toHaveLength(1)
})

test('never more than the share of what somebody decided', async () => {
  await world.contract({ grant: { withoutReview: 0 }, limits: { holdSeconds: 600 } })
  const before = (await plantedIds()).length
  const drawn = (await outcomes()).length
  const fresh = async () => (await outcomes()).slice(drawn)
  // Of the first four decisions at a fifth none may be followed by one, whatever is drawn. It is drawn often enough in 48.
  for (let begun = 0; begun < 12; begun++) {
    effects.advance(20 * MINUTE)
    await setPlantedRequestRules(effects, project.id, 'person:test', { share: 0.2 })
    for (let decided = 0; decided < 4; decided++) {
      await askAndApprove()
      await drawNow()
    }
    if ((await fresh()).some(({ outcome }) => outcome === 'share')) break
  }
  expect((await plantedIds()).length).toBe(before)
  expect(new Set((await fresh()).map(({ probability }) => probability))).toEqual(new Set([0.2]))
  expect((await fresh()).some(({ outcome }) => outcome === 'share')).toBe(true)
  await api('/planted-requests', { share: 0 })
})

test('what somebody made of them is told to admins from the next day on, and on their card', async () => {
  const report = async () => (await (await api('/planted-requests')).json()) as PlantedRequestReport
  expect((await report()).people).toEqual([])
  effects.advance(48 * 60 * MINUTE)
  const { people, share } = await report()
  expect(share).toBe(0)
  expect(people.toSorted((one, other) => one.name.localeCompare(other.name))).toMatchObject([
    { name: 'Ada', caught: 0, answers: 1, low: 0, high: 0.975, fastMisses: 0, verdict: 'undecided' },
    { name: 'Grace', caught: 1, answers: 1, low: expect.closeTo(0.025, 6), high: 1, medianSeconds: null },
  ])
  await api('/inbox')
  const { items } = (await (await api('/raters')).json()) as { items: { id: string; name: string }[] }
  const card = items.find(({ name }) => name === 'Ada')
  const { words } = (await (await api(`/raters/${card?.id}`)).json()) as { words: string[] }
  expect(words.join(' ')).toContain('Caught 0 of 1 planted requests among held calls: between 0 and 98 %')
})

test('who approves them faster than they can be read is advised to take a pause: while away, late, and once', async () => {
  const person = (
    await database.db.execute<{ actor: string }>(sql`
    select distinct actor from hold_answers join planted_requests planted using (project_id, hold_id)`)
  ).rows[0]
  const actor = person?.actor ?? ''
  const one = async (kind: 'planted' | 'real', lookedMs: number) => {
    const id = effects.newId()
    effects.advance(MINUTE)
    const at = effects.now().toISOString()
    await database.db.execute(sql`
      insert into hold_answers (project_id, hold_id, kind, reason, arguments_sha256, signature, key_id, actor, looked_ms, at)
      values (${project.id}, ${id}, 'approved', '', 'a', '', '', ${actor}, ${lookedMs}, ${at}::timestamptz)`)
    if (kind === 'planted')
      await database.db.insert(plantedRequests).values({
        projectId: project.id,
        holdId: id,
        originalId: effects.newId(),
        decidedId: effects.newId(),
        operator: 'wrong-amount',
        seed: 1,
        argumentsSha256: 'a',
        readingSeconds: 4,
        at: effects.now(),
      })
  }
  const note = async (as = ada) =>
    OwnPauseNote.parse(await (await api('/approvals/pause', undefined, as)).json()).note
  // As many as the shortest lag: none of them counts yet.
  for (let at = 0; at < LAG_MIN; at++) await one('planted', 600)
  effects.advance(AWAY_MS)
  await adviseApprovers(effects)
  expect(await note()).toBeNull()
  for (let at = 0; at <= LAG_MAX; at++) await one('real', 600)
  await adviseApprovers(effects)
  expect(await note()).toBeNull()
  effects.advance(AWAY_MS)
  await adviseApprovers(effects)
  const advice = await note()
  expect(advice).toEqual({ id: expect.any(String), carefulSeconds: null })
  expect(await note(grace)).toBeNull()
  expect((await api(`/approvals/pause/${advice?.id}/read`, {}, grace)).status).toBe(404)
  expect((await api(`/approvals/pause/${advice?.id}/read`, {})).status).toBe(200)
  effects.advance(AWAY_MS)
  await adviseApprovers(effects)
  expect(await note()).toBeNull()
})
