import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { countDisagreements } from '../adjudication/disagreements.ts'
import { standingAlerts } from '../alerts/standing-alerts.ts'
import { restoreBackup } from '../backup/restore-backup.ts'
import { writeBackup } from '../backup/write-backup.ts'
import { driftView } from '../drift/drift-view.ts'
import { gatewayView } from '../gateway/gateway-view.ts'
import { verifyLedger } from '../ledger/verify-ledger.ts'
import { projects } from '../projects/tables.ts'
import { recomputeCheck } from '../releases/check-release.ts'
import { overview } from '../releases/release-views.ts'
import { checks, releases } from '../releases/tables.ts'
import { type TestDatabase, type TestEffects, testDatabase, testEffects } from '../testing/database.ts'
import { validityReport } from '../validity/validity-report.ts'
import { DEMO_PROJECT, loadDemo } from './load-demo.ts'

const folder = mkdtempSync(join(tmpdir(), 'leeway-demo-test-'))
let database: TestDatabase
let restored: TestDatabase
let effects: TestEffects
beforeAll(async () => {
  database = await testDatabase()
  restored = await testDatabase({ empty: true })
  effects = testEffects(database.db, { seed: 'demo' })
  expect(await loadDemo(effects)).toEqual({ loaded: true })
})
afterAll(async () => {
  await database.close()
  await restored.close()
  rmSync(folder, { recursive: true })
})

test('shows one agent mid-climb, one rolled back and one on hold, and loads only once', async () => {
  const [project] = await effects.db.select().from(projects).where(eq(projects.slug, DEMO_PROJECT))
  const { agents } = await overview(effects.db, project?.id ?? '')
  expect(
    agents.map(({ agent, release, simulated }) => [
      agent,
      release?.state,
      release?.verdict,
      release?.stage,
      simulated,
    ]),
  ).toEqual([
    ['help-desk', 'climbing', 'hold', 'review-all', true],
    ['help-desk-express', 'rolled-back', 'rollback', 'shadow', true],
    ['help-desk-thrifty', 'climbing', 'hold', 'shadow', true],
  ])
  const served = await gatewayView(effects, project?.id ?? '')
  expect(served.agents.map(({ agent, candidate, stage }) => [agent, candidate, stage])).toEqual([
    ['help-desk', 'careful-v2', 'review-all'],
    ['help-desk-express', null, 'shadow'],
    ['help-desk-thrifty', 'thrifty-v1', 'shadow'],
  ])
  const nobody = { projectId: project?.id ?? '', raterId: effects.newId() }
  expect(await countDisagreements(effects.db, nobody)).toEqual({ waiting: 4, yours: 0 })
  const { operators } = await validityReport(effects.db, project?.id ?? '')
  expect(operators.map(({ operator }) => operator)).toEqual(['swap-id', 'invent-fact'])
  for (const { guesses, people } of operators) {
    expect(guesses).toBeGreaterThan(5)
    expect(people).toBeGreaterThan(3)
  }
  expect(await loadDemo(effects)).toEqual({ loaded: false })
})

test('shows drift where people ask one agent new things, and the alert that comes of it', async () => {
  const [project] = await effects.db.select().from(projects).where(eq(projects.slug, DEMO_PROJECT))
  const { readings } = await driftView(effects.db, project?.id ?? '')
  expect(
    readings.map(({ agent, asked, done }) => [agent, asked.estimate?.fresh, done.estimate?.unlike]),
  ).toEqual([
    ['help-desk', undefined, undefined],
    ['help-desk-express', undefined, undefined],
    ['help-desk-thrifty', 72, 1],
  ])
  // Of 24 that ask about customs.
  const unlike = readings.at(-1)?.asked.estimate?.unlike
  expect(unlike).toBeGreaterThanOrEqual(16)
  expect(unlike).toBeLessThanOrEqual(26)
  const alerts = await standingAlerts(effects.db, project?.id ?? '')
  expect(alerts.map(({ kind, sentence }) => [kind, sentence.split(':')[0]])).toEqual([
    ['drift', 'help-desk-thrifty'],
  ])
})

test('after backup and restore every check recomputes to the same e-values, and the ledger is intact', async () => {
  const file = join(folder, 'demo.backup')
  await writeBackup(database.url, file, { now: effects.now() })
  await restoreBackup(restored.url, file)

  const climbs = await restored.db.select().from(releases)
  const recorded = await restored.db.select().from(checks)
  expect(climbs).toHaveLength(3)
  expect(recorded.length).toBeGreaterThan(20)
  for (const check of recorded) {
    const release = climbs.find(({ id }) => id === check.releaseId)
    if (release === undefined) throw new Error('a check without its release')
    const { recorded: before, again, sameRows } = await recomputeCheck(restored.db, release, check.id)
    expect(sameRows).toBe(true)
    expect(again).toEqual(before)
  }
  expect(await verifyLedger(testEffects(restored.db), climbs[0]?.projectId ?? '')).toMatchObject({
    intact: true,
  })
})
