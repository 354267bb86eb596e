import type { Episode } from '@leeway/core/episodes/episode'
import { eq, sql } from 'drizzle-orm'
import { afterAll, expect, test } from 'vitest'
import { projects } from '../projects/tables.ts'
import { testDatabase, testEffects } from '../testing/database.ts'
import { episodeState, listEpisodes, showEpisode, showStepIndex } from './episode-views.ts'
import { eraseEpisode } from './erase-episode.ts'
import { importEpisodes } from './import-service.ts'
import { eraseExpiredBodies } from './retention.ts'
import { sampleEpisode, sampleStep } from './sample-episode.ts'
import { episodes } from './tables.ts'
import { outcomesByUnit, outcomesOfUnits } from './views.ts'

const database = await testDatabase()
afterAll(database.close)
const effects = testEffects(database.db)

async function makeProject(retentionDays: number | null = null): Promise<string> {
  const id = effects.newId()
  await effects.db
    .insert(projects)
    .values({ id, slug: `p-${id}`, name: 'P', retentionDays, redaction: [], createdAt: effects.now() })
  return id
}

const load = (projectId: string, list: readonly Episode[], policy = 'one') =>
  importEpisodes(effects, {
    projectId,
    actor: 'system:test',
    agent: 'desk',
    policy,
    fileName: 'test',
    source: { episodes: list },
  })

const outcome = (success: number | null, severe = false) => ({ outcome: { success, severe, detail: null } })

test('one outcome a unit: means over its episodes, absence kept apart from failure', async () => {
  const projectId = await makeProject()
  await load(projectId, [
    sampleEpisode(1, { userKey: 'ann', ...outcome(1) }),
    sampleEpisode(2, { userKey: 'ann', ...outcome(0, true), steps: [sampleStep(0)] }),
    sampleEpisode(3, { userKey: 'ann', ...outcome(null) }),
    sampleEpisode(4, { taskKey: 't4', ...outcome(null) }),
    sampleEpisode(5, { taskKey: null, ...outcome(1) }),
  ])
  const [{ policyId } = { policyId: '' }] = await effects.db
    .select({ policyId: episodes.policyId })
    .from(episodes)
    .where(eq(episodes.projectId, projectId))
  const units = await outcomesByUnit(effects.db, projectId, policyId)
  expect([...units]).toEqual([
    ['task:t4', { failure: null, severe: 0, episodes: 1, stepCountMax: 3 }],
    ['user:ann', { failure: 0.5, severe: 1, episodes: 3, stepCountMax: 3 }],
  ])
  const some = await outcomesOfUnits(effects.db, projectId, policyId, ['user:ann', 'user:nobody', 'user:ann'])
  expect([...some]).toEqual([['user:ann', units.get('user:ann')]])
  expect(await outcomesOfUnits(effects.db, projectId, policyId, [])).toEqual(new Map())
  expect((await outcomesByUnit(effects.db, await makeProject(), policyId)).size).toBe(0)
})

test('erasing keeps the outcome in its unit', async () => {
  const projectId = await makeProject()
  await load(projectId, [
    sampleEpisode(1, { userKey: 'ann', ...outcome(0) }),
    sampleEpisode(2, { userKey: 'ann', ...outcome(1) }),
    sampleEpisode(3, { userKey: 'bob', ...outcome(0, true) }),
  ])
  const rows = await effects.db.select().from(episodes).where(eq(episodes.projectId, projectId))
  const policyId = rows[0]!.policyId
  const before = await outcomesOfUnits(effects.db, projectId, policyId, ['user:ann', 'user:bob'])
  for (const row of rows.filter(({ success }) => success === 0))
    await eraseEpisode(effects, { projectId, episodeId: row.id, actor: 'person:ada', reason: 'asked for' })
  const after = await outcomesOfUnits(effects.db, projectId, policyId, ['user:ann', 'user:bob'])
  expect(after.get('user:ann')).toEqual(before.get('user:ann'))
  expect(after.get('user:bob')).toEqual({ ...before.get('user:bob'), stepCountMax: null })
  expect([...(await outcomesByUnit(effects.db, projectId, policyId)).keys()]).toEqual(['user:ann'])

  const words = await effects.db.execute(
    sql`select string_agg(t::text, ' ') as all from episode_tombstones t where project_id = ${projectId}`,
  )
  expect(String(words.rows[0]?.all)).not.toMatch(/ann|bob|Help customer/)
  const ledger = await effects.db.execute(
    sql`select actor, body from ledger_entries where project_id = ${projectId} and action = 'episode.erased'`,
  )
  expect(ledger.rows).toHaveLength(2)
  expect(ledger.rows[0]).toMatchObject({ actor: 'person:ada', body: { policyId } })
  const first = rows.find(({ success }) => success === 0)!
  const again = { projectId, episodeId: first.id, actor: 'person:ada', reason: 'again' }
  await expect(eraseEpisode(effects, again)).rejects.toMatchObject({ code: 'gone' })
  const elsewhere = { ...again, projectId: await makeProject() }
  await expect(eraseEpisode(effects, elsewhere)).rejects.toMatchObject({ code: 'not_found' })
})

test('retention erases the text of old episodes only, and keeps their evidence', async () => {
  const projectId = await makeProject(30)
  const kept = await makeProject(null)
  await load(projectId, [sampleEpisode(1, outcome(0)), sampleEpisode(2, outcome(1))])
  await load(kept, [sampleEpisode(1)])
  effects.advance(20 * 86_400_000)
  await load(projectId, [sampleEpisode(3)])
  expect(await eraseExpiredBodies(effects)).toEqual({ episodes: 0 })
  effects.advance(11 * 86_400_000)
  expect(await eraseExpiredBodies(effects)).toEqual({ episodes: 2 })
  expect(await eraseExpiredBodies(effects)).toEqual({ episodes: 0 })

  const all = await listEpisodes(effects.db, projectId, {}, { limit: 10, before: null })
  expect(all.map(({ title }) => title)).toEqual(['Help customer 3 with an order.', '', ''])
  const old = all[1]!
  expect(await episodeState(effects.db, projectId, old.id)).toBe('withoutText')
  expect(await showEpisode(effects.db, projectId, old.id)).toMatchObject({
    hasBody: false,
    instructions: '',
    success: 1,
  })
  expect(await showStepIndex(effects.db, projectId, old.id)).toBeNull()
  const chunks = await effects.db.execute(sql`select 1 from episode_chunks where project_id = ${projectId}`)
  expect(chunks.rows).toHaveLength(3)
  const units = await outcomesByUnit(effects.db, projectId, old.policyId)
  expect(units.size).toBe(3)
  // The same file again: still known.
  expect(await load(projectId, [sampleEpisode(1, outcome(0))])).toMatchObject({ added: 0, known: 1 })
})

test('the list goes page by page and by filter', async () => {
  const projectId = await makeProject()
  await load(
    projectId,
    Array.from({ length: 30 }, (_, n) => sampleEpisode(n)),
  )
  await load(projectId, [sampleEpisode(100, { instructions: 'Ünusual WORDS', ...outcome(null) })], 'two')
  const seen: string[] = []
  for (let before: string | null = null; ; ) {
    const page = await listEpisodes(effects.db, projectId, {}, { limit: 7, before })
    seen.push(...page.map(({ id }) => id))
    before = page.at(-1)?.id ?? null
    if (page.length < 7) break
  }
  expect(new Set(seen).size).toBe(31)
  expect([...seen].sort().reverse()).toEqual(seen)
  const count = async (filter: Parameters<typeof listEpisodes>[2]) =>
    (await listEpisodes(effects.db, projectId, filter, { limit: 200, before: null })).length
  expect(await count({ policy: 'two' })).toBe(1)
  expect(await count({ agent: 'desk' })).toBe(31)
  expect(await count({ agent: 'nobody' })).toBe(0)
  expect(await count({ success: 'no' })).toBe(8)
  expect(await count({ success: 'yes' })).toBe(22)
  expect(await count({ success: 'unknown' })).toBe(1)
  expect(await count({ task: 'task-7' })).toBe(1)
  expect(await count({ text: 'ünusual words' })).toBe(1)
  expect(await count({ text: '%' })).toBe(0)
})

test('10,000 steps: the whole index is small and quick', async () => {
  const projectId = await makeProject()
  const steps = Array.from({ length: 10_000 }, (_, ordinal) =>
    sampleStep(ordinal, {
      kind: ordinal % 3 === 0 ? 'tool_call' : 'assistant',
      name: ordinal % 3 === 0 ? `tool_${ordinal % 11}` : null,
      parent: ordinal === 0 ? null : ordinal - (ordinal % 10 === 0 ? 10 : ordinal % 10),
      content: `Step ${ordinal}. ${'Some longer text that goes on and on about the order. '.repeat(8)}`,
      durationMs: ordinal * 1.5,
      startedAt: new Date(1_768_000_000_000 + ordinal * 250).toISOString(),
    }),
  )
  await load(projectId, [sampleEpisode(1, { steps })])
  const [episode] = await listEpisodes(effects.db, projectId, {}, { limit: 1, before: null })
  const stored = await effects.db.execute<{ bytes: number }>(sql`
    select octet_length(content) as bytes from episode_chunks where episode_id = ${episode!.id} and kind = 0`)
  expect(stored.rows[0]!.bytes).toBeLessThan(200_000)
  const times: number[] = []
  for (let turn = 0; turn < 5; turn++) {
    const before = performance.now()
    const index = await showStepIndex(effects.db, projectId, episode!.id)
    times.push(performance.now() - before)
    expect(index?.count).toBe(10_000)
    expect(index?.preview[9_999]).toHaveLength(120)
  }
  // Some 15 ms here; the bound only catches a change of order.
  expect(Math.min(...times)).toBeLessThan(250)
})
