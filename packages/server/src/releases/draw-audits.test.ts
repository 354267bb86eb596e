import { DEFAULT_GATE, DEFAULT_LADDER } from '@leeway/core/ladder/default-ladder'
import type { Stage } from '@leeway/core/ladder/ladder'
import { asc, eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { episodes } from '../episodes/tables.ts'
import { policies } from '../policies/tables.ts'
import { createProject } from '../projects/create-project.ts'
import { agents } from '../projects/tables.ts'
import { type TestDatabase, testDatabase, testEffects } from '../testing/database.ts'
import { moveRelease } from '../testing/move-release.ts'
import { assignUnits, LABEL_DAYS } from './assign-units.ts'
import { checkRelease } from './check-release.ts'
import { draw } from './draw.ts'
import { type ReleaseRow, selectionsOf } from './release-store.ts'
import { setLadder, startRelease } from './start-release.ts'
import { auditDraws, selections } from './tables.ts'

const UNITS = 400
const REVIEWED = 0.3
const SHADOW = DEFAULT_LADDER.stages[0] as Stage
const TRY: Stage = {
  ...SHADOW,
  name: 'try',
  autonomy: 'act',
  exposure: 0.5,
  reviewed: REVIEWED,
  gate: DEFAULT_GATE,
}

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.close())

test('whether a unit is audited is drawn once it has ended, at the share of the stage, and can be drawn again', async () => {
  const effects = testEffects(database.db)
  const { project } = await createProject(effects, { slug: 'audits', name: 'Audits' }, { actor: 'test' })
  const projectId = project.id
  const agentId = effects.newId()
  const createdAt = effects.now()
  await effects.db.insert(agents).values({ projectId, id: agentId, name: 'desk', createdAt })
  const ids = { baseline: effects.newId(), candidate: effects.newId() }
  for (const [name, id] of Object.entries(ids))
    await effects.db
      .insert(policies)
      .values({ projectId, id, agentId, name, configSha256: id, config: {}, declared: true, createdAt })
  await effects.db.transaction((tx) =>
    setLadder(tx, effects, {
      projectId,
      agentId,
      definition: { ...DEFAULT_LADDER, stages: [SHADOW, TRY] },
      actor: 'person:ada',
    }),
  )
  const release: ReleaseRow = await startRelease(effects, {
    projectId,
    agent: 'desk',
    baseline: 'baseline',
    candidate: 'candidate',
    unitSource: 'stream',
    truth: { kind: 'outcome' },
    actor: 'person:ada',
  })
  await moveRelease(effects, release, 'promote', { to: 'try' })
  const assigned = await assignUnits(
    effects,
    release,
    Array.from({ length: UNITS }, (_, at) => `session:${at}`),
  )
  const written = await effects.db.select().from(selections).where(eq(selections.releaseId, release.id))
  expect(written.every(({ audited, auditAtEnd }) => !audited && auditAtEnd)).toBe(true)
  const drawn = () =>
    effects.db
      .select()
      .from(auditDraws)
      .where(eq(auditDraws.releaseId, release.id))
      .orderBy(asc(auditDraws.sequence))
  expect(await checkRelease(effects, release)).toBeNull()
  expect(await drawn()).toEqual([])

  // All but the last twenty end.
  const ended = assigned.slice(0, UNITS - 20)
  await effects.db.insert(episodes).values(
    ended.map(({ unit, arm }) => ({
      projectId,
      agentId,
      policyId: ids[arm as 'baseline' | 'candidate'],
      id: effects.newId(),
      identity: effects.newId(),
      contentHash: `hash of ${unit}`,
      occurrence: 1,
      unitKey: unit,
      format: 'leeway',
      title: '',
      stepCount: 5,
      success: 1,
      severe: false,
      simulated: true,
      errorCount: 0,
      redactionCount: 0,
      importedAt: effects.now(),
    })),
  )
  const check = await checkRelease(effects, release)
  const draws = await drawn()
  expect(draws.map(({ sequence }) => sequence)).toEqual(ended.map(({ sequence }) => sequence))
  const seed = Buffer.from(release.seedHex, 'hex')
  for (const [at, { sequence, endedBy, drawn: isDrawn, probability }] of draws.entries()) {
    expect(probability).toBe(REVIEWED)
    expect(endedBy).toBe(`hash of ${ended[at]?.unit}`)
    expect(isDrawn).toBe(draw(seed, 'audit at end', sequence, ended[at]?.arm ?? '', endedBy) < REVIEWED)
  }
  const share = draws.filter((one) => one.drawn).length / draws.length
  expect(share).toBeGreaterThan(0.22)
  expect(share).toBeLessThan(0.38)
  expect(check?.units).toBe(ended.length / 2)
  expect(check?.labels).toBe(draws.filter((one) => one.drawn).length)

  // Nothing is drawn twice, and what never ended is drawn when its label is overdue.
  await checkRelease(effects, release)
  expect(await drawn()).toEqual(draws)
  effects.advance((LABEL_DAYS + 1) * 86_400_000)
  await checkRelease(effects, release)
  const late = (await drawn()).slice(draws.length)
  expect(late.map(({ endedBy }) => endedBy)).toEqual(Array.from({ length: 20 }, () => ''))
  const rows = await selectionsOf(effects.db, projectId, release.id, 'try')
  expect(rows.some(({ awaitsAuditDraw }) => awaitsAuditDraw)).toBe(false)
})
