import type { AlertList } from '@leeway/contract/alerts'
import type { DriftView } from '@leeway/contract/drift'
import type { Step } from '@leeway/core/episodes/episode'
import { seededRandom } from '@leeway/core/numeric/seeded-random'
import { afterAll, expect, test } from 'vitest'
import { importEpisodes } from '../episodes/import-service.ts'
import { sampleEpisode, sampleStep } from '../episodes/sample-episode.ts'
import { testDatabase } from '../testing/database.ts'
import { joinProject } from '../testing/join-project.ts'
import { testServer } from '../testing/test-server.ts'
import { readDrift } from './read-drift.ts'

const database = await testDatabase()
const server = await testServer(database.db)
const { effects, project } = server
const adminKey = await server.key(['read', 'ingest', 'admin'])
afterAll(async () => {
  await server.close()
  await database.close()
})

const HOUR = 3_600_000
const random = seededRandom(5)
const pick = (words: string) => {
  const all = words.split(' ')
  return all[Math.floor(random() * all.length)] as string
}
const USUAL = 'refund money charged card payment statement parcel late delivery courier address door'
const NEW = 'visa embassy passport border consulate permit stamp customs'
const GLUE = 'please the my is not can you about with for today help'

function conversation(number: number, words: string, tools: readonly string[], success: number | null) {
  const said = Array.from({ length: 12 }, (_, at) => pick(at % 5 < 2 ? words : GLUE)).join(' ')
  const calls: Step[] = tools.map((name, at) => sampleStep(at + 1, { kind: 'tool_call', name, content: {} }))
  return sampleEpisode(number, {
    startedAt: effects.now().toISOString(),
    steps: [sampleStep(0, { content: said }), ...calls],
    outcome: { success, severe: false, detail: null },
  })
}
let number = 0
const bring = (many: number, words: string, tools: readonly string[], success: number | null = null) =>
  importEpisodes(effects, {
    projectId: project.id,
    actor: 'test',
    fileName: 'test',
    agent: 'desk',
    policy: 'v1',
    source: {
      episodes: Array.from({ length: many }, () => conversation(number++, words, tools, success)),
    },
  })
const api = (path: string, json?: unknown, token = adminKey) =>
  server.request(`/api/projects/${project.slug}${path}`, { token, ...(json === undefined ? {} : { json }) })
const drift = async () => (await (await api('/drift')).json()) as DriftView
const alertsNow = async () => ((await (await api('/alerts')).json()) as AlertList).items
const read = async () => {
  effects.advance(HOUR)
  await readDrift(effects)
  return (await drift()).readings[0]
}

test('where too few were rated nothing is known, and says why', async () => {
  await bring(20, USUAL, ['find', 'refund'], 1)
  await bring(5, USUAL, ['find', 'refund'])
  const reading = await read()
  expect(reading?.asked.estimate).toBeNull()
  expect(reading?.asked.words).toBe(
    'Whether what was asked this week is like what was rated is not known: 20 rated conversations are too few (at least 99).',
  )
  expect(await alertsNow()).toEqual([])
})

test('the same is called the same; a new topic is found, named, and alerted once until it is rated', async () => {
  await bring(180, USUAL, ['find', 'refund'], 1)
  await bring(95, USUAL, ['find', 'refund'])
  const same = await read()
  expect(same?.asked.estimate).toMatchObject({ rated: 200, fresh: 100 })
  expect(same?.asked.estimate?.share).toBeLessThan(0.06)
  expect(same?.done.estimate?.unlike).toBe(0)
  await bring(40, NEW, ['find', 'refund'])
  const shifted = await read()
  expect(shifted?.asked.estimate?.unlike).toBeGreaterThanOrEqual(36)
  expect(shifted?.asked.words).toMatch(
    /^\d\d % of this week's conversations are unlike anything that was rated \(/,
  )
  expect(shifted?.done.estimate?.unlike).toBe(0)
  const [alert, ...others] = await alertsNow()
  expect(others).toEqual([])
  expect(alert?.kind).toBe('drift')
  // What is unlike is shown.
  const shown = await database.db.$client.query<{ title: string }>(
    'select count(*)::int as many from episodes where id = any($1) and success is null',
    [shifted?.asked.episodes],
  )
  expect(shown.rows).toEqual([{ many: 10 }])
  await bring(1, NEW, ['find', 'refund'])
  await read()
  expect((await alertsNow()).map(({ id }) => id)).toEqual([alert?.id])
  // Somebody looks at conversations of that kind: they are news no more.
  await bring(60, NEW, ['find', 'refund'], 0)
  expect((await read())?.asked.estimate?.share).toBeLessThan(0.05)
  expect(await alertsNow()).toEqual([])
})

test('what the agent does is compared by itself', async () => {
  await bring(40, USUAL, ['find', 'delete_account'])
  const reading = await read()
  expect(reading?.done.estimate?.unlike).toBe(40)
  expect(reading?.asked.estimate?.share).toBeLessThan(0.06)
  expect((await alertsNow()).map(({ sentence }) => sentence)).toEqual([
    expect.stringContaining('the agent acted unlike in any that was rated'),
  ])
})

test('an agent is not read again before an hour is over, nor without news before a day is', async () => {
  const at = (await drift()).readings[0]?.at
  effects.advance(HOUR - 1)
  await readDrift(effects)
  effects.advance(2 * HOUR)
  await readDrift(effects)
  expect((await drift()).readings[0]?.at).toBe(at)
  effects.advance(22 * HOUR)
  await readDrift(effects)
  expect((await drift()).readings[0]?.at).not.toBe(at)
})

test('conversations of an earlier week are not fresh', async () => {
  effects.advance(8 * 24 * HOUR)
  await bring(3, USUAL, ['find'])
  expect((await read())?.asked.estimate?.fresh).toBe(3)
})

test('a project sets its limit; without one an alert ends; a limit within reach of chance is refused', async () => {
  await bring(30, NEW, ['delete_account', 'delete_account'])
  await read()
  expect(await alertsNow()).toHaveLength(1)
  expect((await api('/drift/limit', { shareMax: 0.01 })).status).toBe(400)
  expect(((await (await api('/drift/limit', { shareMax: null })).json()) as DriftView).shareMax).toBeNull()
  await bring(1, USUAL, ['find'])
  await read()
  expect(await alertsNow()).toEqual([])
})

test('the gauge says the same', async () => {
  const text = await (await api('/metrics')).text()
  const share = (await drift()).readings[0]?.done.estimate?.share
  expect(text).toContain(`leeway_drift_unlike_share{agent="desk",of="done"} ${share}`)
  expect(text).toContain('leeway_drift_rated{agent="desk"}')
})

test('raters and agents read nothing of it', async () => {
  const cookie = await joinProject(server, 'rater', 'Rae')
  const act = await server.key(['act'])
  for (const path of ['/drift', '/alerts']) {
    const answer = await server.request(`/api/projects/${project.slug}${path}`, { cookie })
    expect([answer.status, (await api(path, undefined, act)).status]).toEqual([403, 403])
  }
})
