import type { AlertList } from '@leeway/contract/alerts'
import { sql } from 'drizzle-orm'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { deriveKeys } from '../accounts/derived-keys.ts'
import { assignmentPurposes, assignments } from '../assignments/tables.ts'
import { importEpisodes } from '../episodes/import-service.ts'
import { sampleEpisode } from '../episodes/sample-episode.ts'
import type { UpstreamStanding } from '../gateway/patient-upstreams.ts'
import { assignUnits } from '../releases/assign-units.ts'
import { checkRelease } from '../releases/check-release.ts'
import { startRelease } from '../releases/start-release.ts'
import { checks } from '../releases/tables.ts'
import { testDatabase } from '../testing/database.ts'
import { testGateway } from '../testing/test-gateway.ts'
import { claimMessages, sendClaimed } from '../webhooks/deliver-messages.ts'
import { conditionWatch } from './condition-watch.ts'

const database = await testDatabase({ connectionsMax: 12 })
const world = await testGateway(database.db, { webhooksPrivate: true })
const { effects, project } = world.server
afterAll(async () => {
  await world.close()
  await database.close()
})

const own = { name: 'host one', bytes: 0, standings: null as readonly UpstreamStanding[] | null }
const look = conditionWatch(effects, {
  name: own.name,
  spool: () => ({ bytes: own.bytes }),
  spoolBytesMax: 1_000,
  upstreams: () => own.standings ?? world.gateway.upstreams(),
})
const standing = async () => {
  effects.advance(30_000)
  await look()
  const answer = await world.server.request(`/api/projects/${project.slug}/alerts`, { token: world.adminKey })
  return ((await answer.json()) as AlertList).items
}
const kinds = async () => (await standing()).map(({ kind }) => kind)

const opened = () =>
  startRelease(effects, {
    projectId: project.id,
    actor: 'person:ada',
    agent: 'desk',
    baseline: 'v1',
    candidate: 'v2',
    truth: { kind: 'outcome' },
    unitSource: 'stream',
  })

beforeEach(() => {
  own.bytes = 0
})

test('a spool that fills is said once, also while it wavers, and once when it has room again', async () => {
  const begun: (readonly string[])[] = []
  for (const bytes of [700, 801, 700, 900, 501, 499, 700]) {
    own.bytes = bytes
    begun.push(await kinds())
  }
  expect(begun).toEqual([[], ['spool'], ['spool'], ['spool'], ['spool'], [], []])
  own.bytes = 0
})

test('what a process said that is gone for good is over after a day', async () => {
  const gone = conditionWatch(effects, {
    name: 'host two',
    spool: () => ({ bytes: 900 }),
    spoolBytesMax: 1_000,
    upstreams: () => [],
  })
  await gone()
  expect(await kinds()).toEqual(['spool'])
  effects.advance(23 * 3_600_000)
  expect(await kinds()).toEqual(['spool'])
  effects.advance(3_600_000)
  expect(await kinds()).toEqual([])
})

test('an upstream that fails again and again is said by its name, and ends when it answers again', async () => {
  world.upstream.script(...Array.from({ length: 5 }, () => ({ status: 500 })))
  for (let turn = 0; turn < 5; turn++) await (await world.chat({})).text()
  const [alert] = await standing()
  expect(alert).toMatchObject({
    kind: 'upstream',
    sentence: expect.stringContaining('The upstream one failed'),
  })
  // Nobody asked it since: it is tried again, and nothing is known.
  own.standings = world.gateway.upstreams().map((one) => ({ ...one, isOpen: false }))
  expect((await standing()).map(({ id }) => id)).toEqual([alert?.id])
  own.standings = own.standings.map((one) => ({ ...one, calls: one.calls + 1 }))
  expect(await kinds()).toEqual([])
  own.standings = []
})

test('a release that proves nothing any more is said, and ends with its release', async () => {
  const release = await opened()
  const check = (ordinal: number, verdict: string, reason: string) =>
    database.db.insert(checks).values({
      projectId: project.id,
      id: effects.newId(),
      releaseId: release.id,
      ordinal,
      stage: 'suggest',
      uptoSequence: 0,
      rowsSha256: '',
      result: { verdict, reason },
      at: effects.now(),
    })
  await check(101, 'unhealthy', 'arms-unbalanced')
  expect(await standing()).toMatchObject([
    {
      kind: 'release',
      sentence:
        'The release of v2 of desk proves nothing any more: the split of its units is not as it was drawn.',
    },
  ])
  await check(102, 'hold', 'not-enough-evidence')
  expect(await kinds()).toEqual([])
  await check(103, 'unhealthy', 'labels-missing')
  expect(await kinds()).toEqual(['release'])
  // Questions that nobody answers for a day.
  const place = { projectId: project.id, id: effects.newId() }
  await database.db.insert(assignments).values({
    ...place,
    rubricId: place.id,
    episodeId: place.id,
    criterionSha256: 'none',
    position: 1,
    answersWanted: 1,
    createdAt: effects.now(),
  })
  await database.db.insert(assignmentPurposes).values({
    projectId: project.id,
    assignmentId: place.id,
    id: effects.newId(),
    purpose: 'audit',
    releaseId: release.id,
    sequence: 1,
    createdAt: effects.now(),
  })
  expect(await kinds()).toEqual(['release'])
  effects.advance(24 * 3_600_000)
  expect(await kinds()).toEqual(['release', 'audits'])
  await world.api(`/releases/${release.id}/rollback`, { reason: 'enough of it' })
  expect(await kinds()).toEqual([])
})

test('outcomes that do not come for a day are said, and end when one comes', async () => {
  const release = await opened()
  await assignUnits(effects, release, ['task:order-1', 'task:order-2'])
  effects.advance(23 * 3_600_000)
  expect(await kinds()).toEqual([])
  effects.advance(3_600_000)
  expect(await standing()).toMatchObject([
    {
      kind: 'audits',
      sentence: expect.stringMatching(/^No outcome of v2 of desk, .* 2 audited units wait for one/),
    },
  ])
  await importEpisodes(effects, {
    projectId: project.id,
    actor: 'test',
    fileName: 'test',
    policyId: release.baselinePolicyId,
    source: {
      episodes: [
        sampleEpisode(1, { taskKey: 'order-1', outcome: { success: 1, severe: false, detail: null } }),
      ],
    },
  })
  await checkRelease(effects, release)
  expect(await kinds()).not.toContain('audits')
  effects.advance(24 * 3_600_000)
  expect(await kinds()).toContain('audits')
  await world.api(`/releases/${release.id}/rollback`, { reason: 'enough of it' })
  expect(await kinds()).toEqual([])
})

test('each goes to webhooks once when it begins and once when it ends', async () => {
  const added = await world.server.request(`/api/projects/${project.slug}/webhooks`, {
    token: world.adminKey,
    json: { url: `${world.url}/nowhere`, events: ['alert.began', 'alert.ended'] },
  })
  expect(added.status).toBe(201)
  effects.advance(1_000)
  own.bytes = 900
  await standing()
  await standing()
  own.bytes = 0
  await standing()
  await sendClaimed(
    effects,
    {
      sealingKey: deriveKeys(new Uint8Array(32).fill(7)).sealingKey,
      pageUrl: 'https://leeway.example.org',
      allowsPrivate: true,
    },
    await claimMessages(effects),
  )
  const sent = await database.db.execute(
    sql`select kind, status from webhook_deliveries where project_id = ${project.id} order by kind`,
  )
  expect(sent.rows).toEqual([
    { kind: 'alert.began', status: 404 },
    { kind: 'alert.ended', status: 404 },
  ])
})
