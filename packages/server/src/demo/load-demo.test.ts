import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { countDisagreements } from '../adjudication/disagreements.ts'
import { gatewayView } from '../gateway/gateway-view.ts'
import { projects } from '../projects/tables.ts'
import { overview } from '../releases/release-views.ts'
import { type TestDatabase, testDatabase, testEffects } from '../testing/database.ts'
import { validityReport } from '../validity/validity-report.ts'
import { DEMO_PROJECT, loadDemo } from './load-demo.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.close())

test('shows one agent mid-climb, one rolled back and one on hold, and loads only once', async () => {
  const effects = testEffects(database.db, { seed: 'demo' })
  expect(await loadDemo(effects)).toEqual({ loaded: true })
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
