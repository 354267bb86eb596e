import { DEFAULT_GATE, DEFAULT_LADDER } from '@leeway/core/ladder/default-ladder'
import type { Ladder } from '@leeway/core/ladder/ladder'
import { seededRandom } from '@leeway/core/numeric/seeded-random'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { episodes } from '../episodes/tables.ts'
import type { Effects } from '../http/environment.ts'
import { readActorNames } from '../ledger/actor-names.ts'
import { ledgerEntries } from '../ledger/tables.ts'
import { projectGauges } from '../monitoring/project-gauges.ts'
import { policies } from '../policies/tables.ts'
import { agents, projects } from '../projects/tables.ts'
import { type TestDatabase, type TestEffects, testDatabase, testEffects } from '../testing/database.ts'
import { declareAnchor } from './anchor.ts'
import { assignUnits } from './assign-units.ts'
import { approveRelease, checkRelease, recomputeCheck, rollBackRelease } from './check-release.ts'
import { selectionsOf } from './release-store.ts'
import { showRelease } from './release-views.ts'
import { requireRelease, setLadder, startRelease } from './start-release.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.close())

/** A project with one agent and the policies named, each with outcomes by task: true = failed. */
async function world(
  effects: TestEffects,
  failures: Readonly<Record<string, readonly (boolean | null)[]>>,
  options: { readonly declared?: boolean } = {},
) {
  const projectId = effects.newId()
  const agentId = effects.newId()
  const at = effects.now()
  await effects.db.insert(projects).values({
    id: projectId,
    slug: `p-${projectId}`,
    name: 'p',
    retentionDays: null,
    redaction: {},
    createdAt: at,
  })
  await effects.db.insert(agents).values({ projectId, id: agentId, name: 'retail', createdAt: at })
  const ids: Record<string, string> = {}
  for (const [name, outcomes] of Object.entries(failures)) {
    const policyId = effects.newId()
    ids[name] = policyId
    const declared = options.declared ?? true
    await effects.db.insert(policies).values({
      projectId,
      id: policyId,
      agentId,
      name,
      configSha256: declared ? policyId : '',
      config: declared ? {} : null,
      declared,
      createdAt: at,
    })
    await addEpisodes(
      effects,
      { projectId, agentId, policyId },
      outcomes.map((failed, index) => ({ unit: `task:${index}`, failed })),
    )
  }
  return { projectId, agentId, ids }
}

async function addEpisodes(
  effects: Effects,
  where: { readonly projectId: string; readonly agentId: string; readonly policyId: string },
  rows: readonly { readonly unit: string; readonly failed: boolean | null }[],
) {
  if (rows.length === 0) return
  await effects.db.insert(episodes).values(
    rows.map(({ unit, failed }) => ({
      ...where,
      id: effects.newId(),
      identity: effects.newId(),
      contentHash: effects.newId(),
      occurrence: 1,
      unitKey: unit,
      format: 'leeway',
      title: '',
      stepCount: 5,
      success: failed === null ? null : failed ? 0 : 1,
      severe: false,
      simulated: true,
      errorCount: 0,
      redactionCount: 0,
      importedAt: effects.now(),
    })),
  )
}

const failing = (rate: number, count: number, seed: number) => {
  const random = seededRandom(seed)
  return Array.from({ length: count }, () => random() < rate)
}

const start = (
  effects: Effects,
  projectId: string,
  candidate = 'new',
  unitSource: 'finite' | 'stream' = 'finite',
) =>
  startRelease(effects, {
    projectId,
    agent: 'retail',
    baseline: 'old',
    candidate,
    unitSource,
    truth: { kind: 'outcome' },
    actor: 'person:ada',
  })

describe('a release on recorded episodes', () => {
  test('rolls back a worse candidate by itself and writes it to the ledger', async () => {
    const effects = testEffects(database.db, { seed: 'worse' })
    const { projectId } = await world(effects, { old: failing(0.2, 150, 1), new: failing(0.5, 150, 2) })
    const release = await start(effects, projectId)
    const check = await checkRelease(effects, release)
    expect(check?.verdict).toBe('rollback')
    const view = await showRelease(effects.db, release)
    expect(view.state).toBe('rolled-back')
    expect(view.seed).toMatch(/^[0-9a-f]{64}$/)
    const actions = (
      await effects.db.select().from(ledgerEntries).where(eq(ledgerEntries.projectId, projectId))
    ).map((row) => row.action)
    expect(actions.slice(-3)).toEqual(['ladder.changed', 'release.started', 'release.rolled-back'])
  })

  test('proposes a better one, promotes it on a named approval, and never past suggest without an anchor', async () => {
    const effects = testEffects(database.db, { seed: 'better' })
    const { projectId } = await world(effects, { old: failing(0.5, 150, 3), new: failing(0.2, 150, 4) })
    const release = await start(effects, projectId)
    const check = await checkRelease(effects, release)
    expect(check?.verdict).toBe('promote')
    await approveRelease(effects, release, {
      checkId: check?.id ?? '',
      actor: 'person:ada',
      reason: 'read it',
    })
    const view = await showRelease(effects.db, release)
    expect(view).toMatchObject({ state: 'climbing', stage: 'suggest', seed: null })
    expect(await checkRelease(effects, release)).toBeNull()
    await expect(
      approveRelease(effects, release, { checkId: check?.id ?? '', actor: 'person:bob', reason: 'again' }),
    ).rejects.toThrow('no promotion is proposed')
  })

  test('holds when the evidence does not suffice, and recomputes to the same e-values', async () => {
    const effects = testEffects(database.db, { seed: 'hold' })
    const { projectId, agentId, ids } = await world(effects, {
      old: failing(0.3, 100, 5),
      new: failing(0.3, 100, 6),
    })
    const release = await start(effects, projectId)
    const check = await checkRelease(effects, release)
    expect(check?.verdict).toBe('hold')
    // A later trial of a unit that was read already changes nothing.
    await addEpisodes(effects, { projectId, agentId, policyId: ids.new ?? '' }, [
      { unit: 'task:0', failed: true },
    ])
    const { recorded, again, sameRows } = await recomputeCheck(effects.db, release, check?.id ?? '')
    expect(sameRows).toBe(true)
    expect(again).toEqual(recorded)
  })

  test('shows as metrics while it is open, and no more once it has ended', async () => {
    const effects = testEffects(database.db, { seed: 'metrics' })
    const { projectId } = await world(effects, { old: failing(0.3, 100, 5), new: failing(0.3, 100, 6) })
    const release = await start(effects, projectId)
    const check = await checkRelease(effects, release)
    const which = { agent: 'retail', candidate: 'new', release: release.id }
    const read = async () => {
      const gauges = await (await projectGauges(effects.db, projectId, effects.now())).getMetricsAsJSON()
      return (name: string) => gauges.find((one) => one.name === `leeway_release_${name}`)?.values
    }
    const open = await read()
    expect(open('stage')).toEqual([{ labels: { ...which, stage: 'shadow' }, value: 0 }])
    expect(open('verdict')).toEqual([{ labels: { ...which, verdict: 'hold' }, value: 1 }])
    expect(open('labels')).toEqual([{ labels: which, value: check?.labels }])
    expect(open('log_threshold')?.[0]?.value).toBeCloseTo(Math.log(check?.threshold ?? 0))
    await rollBackRelease(effects, release, { actor: 'person:ada', reason: 'enough' })
    expect((await read())('stage')).toEqual([])
  })

  test('a unit that one policy lacks is a missing label, and too many are unhealthy', async () => {
    const effects = testEffects(database.db, { seed: 'missing' })
    const gaps = failing(0.3, 100, 7).map((failed, index) => (index % 4 === 0 ? null : failed))
    const { projectId } = await world(effects, { old: failing(0.3, 100, 8), new: gaps })
    const release = await start(effects, projectId)
    const check = await checkRelease(effects, release)
    expect(check).toMatchObject({ verdict: 'unhealthy', reason: 'labels-missing', missing: 25 })
  })

  test('the same task set is never drawn twice, and an open twin is refused', async () => {
    const effects = testEffects(database.db, { seed: 'twice' })
    const { projectId } = await world(effects, { old: failing(0.3, 60, 9), new: failing(0.3, 60, 10) })
    const release = await start(effects, projectId)
    await expect(start(effects, projectId)).rejects.toThrow('already open')
    await rollBackRelease(effects, release, { actor: 'person:ada', reason: 'try again' })
    await expect(start(effects, projectId)).rejects.toThrow('on this very task set')
  })

  test('an undeclared candidate is not promoted past suggest', async () => {
    const effects = testEffects(database.db, { seed: 'undeclared' })
    const { projectId, agentId, ids } = await world(
      effects,
      { old: failing(0.6, 80, 11), new: failing(0.1, 80, 12) },
      { declared: false },
    )
    const release = await start(effects, projectId, 'new', 'stream')
    for (const round of [0, 1]) {
      const units = Array.from({ length: 80 }, (_, index) => `task:${round}-${index}`)
      await assignUnits(effects, release, units)
      await addEpisodes(
        effects,
        { projectId, agentId, policyId: ids.old ?? '' },
        units.map((unit, index) => ({ unit, failed: index % 2 === 0 })),
      )
      await addEpisodes(
        effects,
        { projectId, agentId, policyId: ids.new ?? '' },
        units.map((unit) => ({ unit, failed: false })),
      )
      const check = await checkRelease(effects, release)
      expect(check?.verdict).toBe('promote')
      if (round === 0)
        await approveRelease(effects, release, {
          checkId: check?.id ?? '',
          actor: 'person:ada',
          reason: 'fine',
        })
    }
    const view = await showRelease(effects.db, release)
    expect(view).toMatchObject({ state: 'climbing', stage: 'suggest' })
    expect(view.barrier?.why).toContain('undeclared')
  })
})

describe('a release on a stream', () => {
  const short: Ladder = {
    ...DEFAULT_LADDER,
    marginBudget: 0.4,
    stages: DEFAULT_LADDER.stages
      .slice(0, 4)
      .map((stage) => ({ ...stage, gate: { ...DEFAULT_GATE, margin: 0.2, harmMargin: 0.2 } })),
  }

  test('climbs through shadow, suggest and acting stages by blocks, label by label', async () => {
    const effects = testEffects(database.db, { seed: 'stream' })
    const { projectId, agentId, ids } = await world(effects, { old: [], new: [] })
    await effects.db.transaction((tx) =>
      setLadder(tx, effects, { projectId, agentId, definition: short, actor: 'person:ada' }),
    )
    expect(
      await declareAnchor(effects, {
        projectId,
        agent: 'retail',
        policy: 'old',
        evidence: 'two years',
        actor: 'person:ada',
      }),
    ).toEqual({ inForce: true })
    const release = await start(effects, projectId, 'new', 'stream')
    const random = seededRandom(20)
    let serial = 0
    const stages: string[] = ['shadow']
    for (let step = 0; step < 400 && stages.at(-1) !== 'sample-50'; step++) {
      const units = Array.from({ length: 20 }, () => `session:${serial++}`)
      const assigned = await assignUnits(effects, release, units)
      expect(await assignUnits(effects, release, units)).toEqual(assigned)
      for (const name of ['old', 'new']) {
        const served = assigned.filter(
          ({ arm }) => arm === 'paired' || (arm === 'candidate') === (name === 'new'),
        )
        const rows = served.map(({ unit }) => ({ unit, failed: random() < 0.1 }))
        await addEpisodes(effects, { projectId, agentId, policyId: ids[name] ?? '' }, rows)
      }
      const check = await checkRelease(effects, release)
      if (check?.verdict === 'promote') {
        await approveRelease(effects, release, { checkId: check.id, actor: 'person:ada', reason: 'evidence' })
        stages.push((await showRelease(effects.db, release)).stage)
      }
    }
    expect(stages).toEqual(['shadow', 'suggest', 'review-all', 'sample-50'])
    const rows = await selectionsOf(effects.db, projectId, release.id, 'review-all')
    const full = rows.slice(0, Math.floor(rows.length / 20) * 20)
    expect(full.filter((row) => row.arm === 'candidate')).toHaveLength(full.length / 20)
    expect(full.filter((row) => row.arm === 'baseline')).toHaveLength(full.length / 20)
  }, 120_000)

  test('waits for a late label in sequence order, then resolves it against the claim when it is overdue', async () => {
    const effects = testEffects(database.db, { seed: 'late' })
    const { projectId, agentId, ids } = await world(effects, { old: [], new: [] })
    const release = await start(effects, projectId, 'new', 'stream')
    const units = Array.from({ length: 40 }, (_, index) => `task:${index}`)
    await assignUnits(effects, release, units)
    const rest = units.filter((unit) => unit !== 'task:3').map((unit) => ({ unit, failed: false }))
    await addEpisodes(
      effects,
      { projectId, agentId, policyId: ids.old ?? '' },
      units.map((unit) => ({ unit, failed: false })),
    )
    await addEpisodes(effects, { projectId, agentId, policyId: ids.new ?? '' }, rest)
    expect(await checkRelease(effects, release)).toMatchObject({ units: 3, missing: 0 })
    effects.advance(8 * 86_400_000)
    expect(await checkRelease(effects, release)).toMatchObject({ units: 40, missing: 1 })
  })

  test('moving the anchor takes two people', async () => {
    const effects = testEffects(database.db, { seed: 'anchor' })
    const { projectId } = await world(effects, { old: [], new: [] })
    const move = (actor: string, policy: string) =>
      declareAnchor(effects, { projectId, agent: 'retail', policy, evidence: 'known', actor })
    expect(await move('person:ada', 'old')).toEqual({ inForce: true })
    expect(await move('person:ada', 'new')).toEqual({ inForce: false })
    expect(await move('person:ada', 'new')).toEqual({ inForce: false })
    expect(await move('person:bob', 'new')).toEqual({ inForce: true })
  })
})

test('two approvals need two hands', async () => {
  const effects = testEffects(database.db, { seed: 'two' })
  const { projectId, agentId } = await world(effects, {
    old: failing(0.5, 150, 13),
    new: failing(0.2, 150, 14),
  })
  await effects.db.transaction((tx) =>
    setLadder(tx, effects, {
      projectId,
      agentId,
      definition: { ...DEFAULT_LADDER, approvals: 2 },
      actor: 'person:ada',
    }),
  )
  const release = await start(effects, projectId)
  const checkId = (await checkRelease(effects, release))?.id ?? ''
  const approve = (actor: string) => approveRelease(effects, release, { checkId, actor, reason: 'fine' })
  await approve('named:Ada (key k1)')
  await expect(approve('named:Bob (key k1)')).rejects.toThrow('API key has approved')
  await approve('person:bob')
  // The chain cannot forget a name, so it holds none; who reads the list is told it from the decision.
  const rows = await effects.db.select().from(ledgerEntries).where(eq(ledgerEntries.projectId, projectId))
  expect(JSON.stringify(rows)).not.toContain('Ada')
  const actors = rows.filter(({ action }) => action === 'promotion.approved').map(({ actor }) => actor)
  const names = await readActorNames(effects.db, projectId, actors)
  expect(actors.map((actor) => names.get(actor))).toContain('Ada')
  expect((await showRelease(effects.db, await requireRelease(effects, projectId, release.id))).stage).toBe(
    'suggest',
  )
})
