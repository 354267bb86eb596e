/** Incidents over HTTP: what is frozen, who is rolled back, what becomes of the episode, and who may know. */
import { createHash } from 'node:crypto'
import { IncidentDetail, IncidentPage } from '@leeway/contract/incidents'
import { LedgerPage } from '@leeway/contract/ledger'
import type { Problem } from '@leeway/contract/problem'
import { episodeLine } from '@leeway/core/episodes/formats/leeway-jsonl'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { canonicalJson } from '../episodes/canonical-json.ts'
import { eraseExpiredBodies } from '../episodes/retention.ts'
import { sampleEpisode } from '../episodes/sample-episode.ts'
import { assembleEpisodes } from '../gateway/assemble-episodes.ts'
import { testDatabase } from '../testing/database.ts'
import { joinProject } from '../testing/join-project.ts'
import { testGateway } from '../testing/test-gateway.ts'
import { tellOf } from '../webhooks/compose-message.ts'

const database = await testDatabase({ connectionsMax: 12 })
const world = await testGateway(database.db, { webhooksPrivate: true })
const { effects, project } = world.server
const rater = await joinProject(world.server, 'rater', 'Rita')
const releaseKey = await world.server.key(['read', 'release'])
afterAll(async () => {
  await world.close()
  await database.close()
})

const path = (rest: string) => `/api/projects/${project.slug}${rest}`
const get = async <Value>(rest: string, token = world.adminKey) =>
  (await (await world.server.request(path(rest), { token })).json()) as Value
const post = (rest: string, json: unknown, token = world.adminKey) =>
  world.server.request(path(rest), { token, json })
const report = async (json: object, token = world.adminKey) => {
  const answer = await post('/incidents', { severity: 'minor', reason: 'it paid twice', ...json }, token)
  const body: unknown = await answer.json()
  if (answer.status !== 201) throw new Error(`${answer.status} ${(body as Problem).detail}`)
  return IncidentDetail.parse(body)
}
const entries = async (action: string) =>
  LedgerPage.parse(await get(`/ledger?action=${action}`)).items.map(
    ({ body }) => body as Record<string, unknown>,
  )

let episodes: readonly { id: string; policyName: string }[] = []
let question = { sha256: '', value: 'no' }
beforeAll(async () => {
  for (const [policy, numbers] of [
    ['v1', [1, 2, 3]],
    ['v2', [4, 5, 6, 7, 8]],
  ] as const) {
    const text = numbers.map((number) => episodeLine(sampleEpisode(number))).join('\n')
    const answer = await world.server.request(path(`/episodes/import?agent=till&policy=${policy}`), {
      token: world.adminKey,
      body: text,
      headers: { 'content-type': 'application/octet-stream' },
    })
    await answer.text()
  }
  episodes = (await get<{ items: typeof episodes }>('/episodes')).items
  const source = 'name: paid\nquestion: Did it pay once?\n'
  const { id } = (await world.api('/rubrics', { agent: 'till', source })) as { id: string }
  const { nodes } = await get<{ nodes: { criterion: { sha256: string } | null }[] }>(`/rubrics/${id}`)
  question = { sha256: nodes[0]?.criterion?.sha256 ?? '', value: 'no' }
})
const episodeOf = (policy: string, at = 0) =>
  episodes.filter(({ policyName }) => policyName === policy)[at]?.id ?? ''
const startRelease = async () =>
  (
    (await world.api('/releases', {
      agent: 'till',
      baseline: 'v1',
      candidate: 'v2',
      unitSource: 'stream',
    })) as {
      id: string
    }
  ).id
const stateOf = async (release: string) => (await get<{ state: string }>(`/releases/${release}`)).state

test('a minor incident leaves the release; a major one rolls it back at once, and the ledger holds what was frozen', async () => {
  const release = await startRelease()
  const minor = await report({ episode: episodeOf('v2') })
  expect(minor).toMatchObject({ rolledBack: false, closed: null, isGold: false })
  expect(minor.words).toBe('v2 stays at shadow: incidents roll back from major on.')
  expect(await stateOf(release)).toBe('climbing')
  const ofBaseline = await report({ episode: episodeOf('v1'), severity: 'critical' })
  expect(ofBaseline.words).toContain('was the baseline')
  expect(await stateOf(release)).toBe('climbing')

  const major = await report({ episode: episodeOf('v2', 1), severity: 'major' }, releaseKey)
  expect(major).toMatchObject({ rolledBack: true, words: 'v2 was rolled back from shadow at once.' })
  expect(await stateOf(release)).toBe('rolled-back')
  expect(major.frozen.release).toMatchObject({ id: release, role: 'candidate', state: 'climbing' })
  expect(major.frozen.contract?.version).toBeUndefined()
  const [entry] = await entries('incident.reported')
  expect(entry).toMatchObject({ incident: major.id, severity: 'major', stage: 'shadow', release })
  expect(JSON.stringify(entry)).not.toContain('it paid twice')
  expect(entry?.frozenSha256).toBe(
    createHash('sha256')
      .update(canonicalJson(major.frozen as never))
      .digest('hex'),
  )
  const [rolled] = await entries('release.rolled-back')
  expect(rolled).toMatchObject({ release })
  const page = IncidentPage.parse(await get(`/incidents?release=${release}&limit=1`))
  expect(page.items.map(({ id }) => id)).toEqual([major.id])
  expect(page.nextCursor).not.toBeNull()
  // Ended as it is, the next is a fact alone.
  const later = await report({ episode: episodeOf('v2', 2), severity: 'critical' })
  expect(later).toMatchObject({ rolledBack: false, words: 'v2 had been rolled back already.' })
})

test('text of an open incident outlives retention and cannot be erased; closing needs a reason and is told once', async () => {
  const [kept, other] = [episodeOf('v2', 3), episodeOf('v2', 4)]
  const { id } = await report({ episode: kept })
  await expect(report({ episode: kept })).rejects.toThrow('409 An incident of this episode is open already.')
  await world.server.request(path('/episode-rules'), {
    method: 'PUT',
    token: world.adminKey,
    json: { redaction: [], retentionDays: 1 },
  })
  effects.advance(3 * 86_400_000)
  await eraseExpiredBodies(effects)
  const hasBody = async (episode: string) => (await get<{ hasBody: boolean }>(`/episodes/${episode}`)).hasBody
  expect([await hasBody(kept), await hasBody(other)]).toEqual([true, false])
  expect((await post(`/episodes/${kept}/erase`, { reason: 'asked for' })).status).toBe(409)

  expect((await post(`/incidents/${id}/close`, { reason: ' ' })).status).toBe(400)
  const closed = IncidentDetail.parse(
    await (await post(`/incidents/${id}/close`, { reason: 'the money came back' })).json(),
  )
  expect(closed.closed).toMatchObject({ reason: 'the money came back' })
  expect((await post(`/incidents/${id}/close`, { reason: 'again and again' })).status).toBe(409)
  expect(await entries('incident.closed')).toEqual([{ incident: id, episode: kept }])
  const open = IncidentPage.parse(await get('/incidents?state=open'))
  expect(open.items.some((one) => one.id === id)).toBe(false)
  await eraseExpiredBodies(effects)
  expect(await hasBody(kept)).toBe(false)
})

test('the episode becomes a known answer, for admins alone; what the gold says is told nobody', async () => {
  const violated = { criterionSha256: question.sha256, value: question.value }
  await expect(report({ episode: episodeOf('v1', 1), violated }, releaseKey)).rejects.toThrow(
    '403 Only admins record known answers.',
  )
  // An answer that the question does not have: nothing of it stands.
  await expect(
    report({ episode: episodeOf('v1', 1), violated: { ...violated, value: 'perhaps' } }),
  ).rejects.toThrow('"perhaps" is no answer')
  const incident = await report({ episode: episodeOf('v1', 1), violated })
  expect(incident.isGold).toBe(true)
  expect(JSON.stringify(incident)).not.toContain(question.sha256)
  const gold = await effects.db.execute(
    sql`select value, explanation from gold_answers where episode_id = ${episodeOf('v1', 1)}`,
  )
  expect(gold.rows).toEqual([{ value: 'no', explanation: '' }])
  for (const rest of ['/incidents', `/incidents/${incident.id}`, `/incidents/${crypto.randomUUID()}`]) {
    const answer = await world.server.request(path(rest), { cookie: rater })
    expect([answer.status, ((await answer.json()) as Problem).detail]).toEqual([
      403,
      'The role rater does not include read.',
    ])
  }
})

test('of a conversation that the gateway served, every turn and the contract in force are frozen; webhooks tell of it', async () => {
  await world.api('/webhooks', {
    url: 'http://127.0.0.1:9/',
    events: ['incident.reported', 'incident.closed'],
  })
  await world.contract({ grant: { withoutReview: 1 } })
  world.upstream.script(
    { text: 'I refund it.', calls: [{ tool: 'refund', arguments: { amount: 20 } }] },
    { text: 'Done, and a secret.' },
  )
  const first = [{ role: 'user', content: 'a secret of mine' }]
  await (await world.chat({ messages: first })).text()
  await world.turns()
  effects.advance(3_600_000)
  await expect.poll(() => assembleEpisodes(effects, 0)).toBe(1)
  const { items } = await get<{ items: typeof episodes }>('/episodes')
  const served = items.find(({ id }) => !episodes.some((old) => old.id === id))?.id ?? ''
  // The contract has changed since: what held when the turn was served is what is frozen.
  await world.contract({ grant: { withoutReview: 0 } })
  const incident = await report({ episode: served, severity: 'critical' })
  const { turns, contract } = incident.frozen
  expect(turns).toHaveLength(1)
  expect(turns[0]).toMatchObject({ role: 'baseline', outcome: 'release', contractVersion: contract?.version })
  expect(JSON.stringify(turns[0]?.decisions)).toContain('refund')
  expect(JSON.stringify(incident.frozen)).not.toContain('secret')

  await post(`/incidents/${incident.id}/close`, { reason: 'looked at it' })
  const noted = await effects.db.execute<{ kind: string; subject: string }>(
    sql`select kind, subject from webhook_events where kind like 'incident%' order by kind desc`,
  )
  expect(noted.rows).toEqual([
    { kind: 'incident.reported', subject: incident.id },
    { kind: 'incident.closed', subject: incident.id },
  ])
  const told = await tellOf(effects.db, 'https://l.example.org', {
    projectId: project.id,
    kind: 'incident.reported',
    subject: incident.id,
  })
  expect(told.sentence).toBe('A critical incident of v1 of desk was reported.')
  expect(JSON.stringify(told)).not.toContain('it paid twice')
})
