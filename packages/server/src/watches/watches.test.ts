/** A release is completed over HTTP; then work arrives, and the policy keeps its promise, or does not. */
import { ReleaseWatch } from '@leeway/contract/watches'
import { DEFAULT_GATE, DEFAULT_LADDER } from '@leeway/core/ladder/default-ladder'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { draw, seedCommitment } from '../releases/draw.ts'
import { ladders } from '../releases/tables.ts'
import { testDatabase } from '../testing/database.ts'
import { testServer } from '../testing/test-server.ts'
import { tellOf } from '../webhooks/compose-message.ts'
import { watchPromoted } from './watch-promoted.ts'

const database = await testDatabase()
const server = await testServer(database.db)
const { effects, project } = server
const token = await server.key(['read', 'ingest', 'release', 'admin'])
afterAll(async () => {
  await server.close()
  await database.close()
})

const call = async (path: string, json?: unknown) => {
  const answer = await server.request(`/api/projects/default${path}`, {
    token,
    ...(json === undefined ? {} : { json }),
  })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`)
  return JSON.parse(text) as Record<string, never> & { id: string }
}
const line = (unit: string, failed: boolean | null) =>
  JSON.stringify({
    taskKey: unit,
    steps: [{ kind: 'assistant', content: `About ${unit}.` }],
    ...(failed === null ? {} : { outcome: { success: failed ? 0 : 1, severe: false } }),
  })
const send = async (policyId: string, lines: readonly string[]) => {
  const answer = await server.request(`/api/projects/default/episodes/import?policyId=${policyId}`, {
    token,
    body: lines.join('\n'),
    headers: { 'content-type': 'application/octet-stream' },
  })
  const told = await answer.text()
  if (told.includes('"kind":"problem"')) throw new Error(told)
}
const numbers = (from: number, count: number) => Array.from({ length: count }, (_, index) => from + index)

const ids: Record<string, string> = {}
let release = ''
beforeAll(async () => {
  for (const name of ['v1', 'v2'])
    ids[name] = (await call('/policies', { agent: 'desk', name, config: { name } })).id
  // Both fail at 2 of 10.
  for (const name of ['v1', 'v2'])
    await send(
      ids[name] ?? '',
      numbers(0, 200).map((unit) => line(`old-${unit}`, unit % 10 < 2)),
    )
  // Half of the work is reviewed, as in a last stage that acts; a climb up to there would take thousands of units.
  const region = { horizonSteps: 100, stakes: 'reversible', tools: 'all', klNatsMax: null }
  const gate = { ...DEFAULT_GATE, margin: 0.1, harmMargin: 0.1 }
  const stage = { name: 'shadow', autonomy: 'shadow', exposure: 0, reviewed: 0.5, region, gate }
  const [agent] = (await call('/agents')).items as unknown as { id: string }[]
  await effects.db.insert(ladders).values({
    projectId: project.id,
    id: effects.newId(),
    agentId: agent?.id ?? '',
    definition: { ...DEFAULT_LADDER, stages: [stage] },
    sha256: '',
    createdBy: 'test',
    createdAt: effects.now(),
  })
  await call('/anchors', { agent: 'desk', policy: 'v1', evidence: 'years of use' })
  release = (await call('/releases', { agent: 'desk', baseline: 'v1', candidate: 'v2' })).id
  const view = (await call(`/releases/${release}`)) as unknown as { proposal: { checkId: string } }
  const { checkId } = view.proposal
  await call(`/releases/${release}/approve`, { checkId, reason: 'read it', approver: 'Ada' })
})

const show = async () => ReleaseWatch.parse(await call(`/releases/${release}/watch`))
const watched = async () => {
  const { watch } = await show()
  if (watch === null) throw new Error('nothing is watched')
  return watch
}
const actions = async (action: string) =>
  (await call(`/ledger?action=${action}`)).items as unknown as { body: Record<string, unknown> }[]
/** Fails at so many of ten. */
const arrive = async (name: string, count: number, ofTen: number) => {
  effects.advance(60_000)
  await send(
    ids.v2 ?? '',
    numbers(0, count).map((unit) => line(`${name}-${unit}`, (unit * 7) % 10 < ofTen)),
  )
  await watchPromoted(effects)
}

test('with the promotion its promise and a seed are committed to, and what came before is not watched', async () => {
  expect(await show()).toMatchObject({ watch: null, why: expect.stringContaining('begins') })
  await watchPromoted(effects)
  await watchPromoted(effects)
  const view = await watched()
  expect(view.promisedRate).toBeCloseTo(0.3, 10)
  expect(view).toMatchObject({ policy: 'v2', units: 0, failure: null, seed: null, auditProbability: 0.5 })
  const entries = await actions('watch.started')
  expect(entries).toHaveLength(1)
  expect(entries[0]?.body).toMatchObject({ release, seedCommitment: view.seedCommitment })
})

test('who is audited is drawn once, at the probability that was written down, as the seed says; a promise kept is no alarm', async () => {
  await arrive('kept', 400, 2)
  await watchPromoted(effects)
  // Units that the policy served before its promotion are no news.
  await send(ids.v2 ?? '', [line('old-3', true)])
  await watchPromoted(effects)
  const view = await watched()
  expect(view).toMatchObject({ units: 400, missing: 0, waiting: 0, alarms: [] })
  expect(view.audited).toBeGreaterThan(160)
  expect(view.audited).toBeLessThan(240)
  expect(view.failure?.low).toBeLessThan(0.2)
  expect(view.failure?.high).toBeGreaterThan(0.2)
  const secret = await effects.db.execute<{ seed_hex: string }>(sql`select seed_hex from watches`)
  const seed = Buffer.from(secret.rows[0]?.seed_hex ?? '', 'hex')
  expect(seedCommitment(seed)).toBe(view.seedCommitment)
  const drawn = await effects.db.execute<{ unit_key: string; ended_by: string; drawn: boolean }>(
    sql`select unit_key, ended_by, drawn from watched_units order by sequence`,
  )
  for (const row of drawn.rows) expect(row.drawn).toBe(draw(seed, 'watch', row.unit_key, row.ended_by) < 0.5)
})

test('a label that is awaited holds up those behind it; overdue it counts as no failure', async () => {
  effects.advance(60_000)
  const before = await watched()
  await send(
    ids.v2 ?? '',
    numbers(0, 20).map((unit) => line(`silent-${unit}`, null)),
  )
  await watchPromoted(effects)
  await arrive('behind', 20, 2)
  const waiting = await watched()
  expect(waiting.units + waiting.waiting).toBe(before.units + 40)
  expect(waiting.waiting).toBeGreaterThan(20)
  expect(waiting.audited).toBe(before.audited)
  effects.advance(8 * 86_400_000)
  await watchPromoted(effects)
  const after = await watched()
  expect(after).toMatchObject({ units: before.units + 40, waiting: 0, alarms: [] })
  expect(after.missing).toBeGreaterThan(0)
})

test('a broken promise is an alarm: a fact in the ledger, told to webhooks, that rolls nothing back; the detector starts anew', async () => {
  await call('/webhooks', { url: 'https://hooks.example.org/', events: ['watch.alarmed'] })
  await arrive('broken', 120, 8)
  const view = await watched()
  expect(view.alarms.length).toBeGreaterThan(0)
  const [alarm] = view.alarms.slice(-1)
  expect(alarm?.words).toMatch(
    /^v2 fails more often than the 30 % it promised: alarm at unit \d+, with \d+ failures among \d+ audited\. Nothing was rolled back/,
  )
  expect(view.words).toContain('once in 10,000 units or more, on average')
  const entries = await actions('watch.alarmed')
  expect(entries).toHaveLength(view.alarms.length)
  expect(entries[0]?.body).toMatchObject({ release, unitsPerFalseAlarm: 10_000 })
  expect((await call(`/releases/${release}`)).state).toBe('completed')
  const told = await effects.db.execute<{ kind: string; subject: string }>(
    sql`select kind, subject from webhook_events`,
  )
  expect(told.rows.map(({ subject }) => subject).sort()).toEqual(view.alarms.map(({ id }) => id).sort())
  const event = { projectId: project.id, kind: 'watch.alarmed', subject: alarm?.id ?? '' }
  expect((await tellOf(effects.db, 'https://l.example.org', event)).sentence).toBe(
    'v2 of desk fails more often than the 30 % it promised. Nothing was rolled back: people decide.',
  )
  const after = await effects.db.execute<{ units: number }>(
    sql`select units from watch_readings where sequence = ${(alarm?.unit ?? 0) + 1}`,
  )
  expect(after.rows).toEqual([{ units: 1 }])
})

test('where the truth is what people answer, they are asked about units that were drawn and no others; the watch before ends, and shows its seed', async () => {
  const before = await watched()
  const source = 'name: told\nquestion: Was it told?\n'
  const { id: rubricId } = await call('/rubrics', { agent: 'desk', source })
  const { nodes } = (await call(`/rubrics/${rubricId}`)) as unknown as {
    nodes: { criterion: { id: string; sha256: string } | null }[]
  }
  const { id: criterionId = '', sha256 = '' } = nodes[0]?.criterion ?? {}
  const truth = {
    ...{ kind: 'criterion', rubricId, criterionId, criterionSha256: sha256, question: 'Was it told?' },
    ...{ good: 'yes', labelError: 'none', auditShare: 1, consequentialTools: [] },
  }
  // A release by this question that was completed as the first was.
  const next = effects.newId()
  const like = { id: next, ordinal: 2, task_set_sha256: 'another', truth }
  await effects.db.execute(sql`insert into releases
    select (jsonb_populate_record(releases, ${JSON.stringify(like)}::jsonb)).* from releases`)
  await effects.db.execute(sql`insert into decisions
    select (jsonb_populate_record(decisions, jsonb_build_object('release_id', ${next}::text, 'ledger_seq', ledger_seq + 1000))).*
    from decisions where kind = 'complete'`)
  await watchPromoted(effects)
  const ended = await watched()
  expect(ended.hasEnded).toBe(true)
  expect(seedCommitment(Buffer.from(ended.seed ?? '', 'hex'))).toBe(ended.seedCommitment)

  effects.advance(60_000)
  await send(
    ids.v2 ?? '',
    numbers(0, 40).map((unit) => line(`asked-${unit}`, false)),
  )
  await watchPromoted(effects)
  await watchPromoted(effects)
  const drawn = await effects.db.execute<{ unit_key: string }>(
    sql`select unit_key from watched_units where release_id = ${next} and drawn order by unit_key`,
  )
  const asked = await effects.db.execute<{
    unit_key: string
    purpose: string
    release_id: string | null
  }>(sql`
    select unit_key, purpose, release_id from assignments
    join episodes on episodes.id = episode_id join assignment_purposes on assignment_id = assignments.id
    order by unit_key`)
  expect(drawn.rows.length).toBeGreaterThan(8)
  expect(drawn.rows.length).toBeLessThan(32)
  expect(asked.rows).toEqual(drawn.rows.map((row) => ({ ...row, purpose: 'audit', release_id: null })))
  // Outcomes of the environment are not the truth here: nothing is read behind the first that waits.
  const { watch } = ReleaseWatch.parse(await call(`/releases/${next}/watch`))
  expect(watch).toMatchObject({ audited: 0, hasEnded: false, seed: null })
  expect((await watched()).units).toBe(before.units)
})
