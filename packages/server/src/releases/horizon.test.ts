/**
 * A whole release of a short-sighted candidate: better than the baseline on short tasks, worse on long ones. Short tasks
 * are all it ever shows until a stage lets it act on long ones.
 */
import { checkGate } from '@leeway/core/gate/check'
import { planAt } from '@leeway/core/gate/plan'
import { DEFAULT_LADDER } from '@leeway/core/ladder/default-ladder'
import { regionKey, type Stage } from '@leeway/core/ladder/ladder'
import { BEYOND } from '@leeway/core/ladder/unit-region'
import { seededRandom } from '@leeway/core/numeric/seeded-random'
import { and, asc, eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { episodes } from '../episodes/tables.ts'
import { policies } from '../policies/tables.ts'
import { agents, projects } from '../projects/tables.ts'
import { type TestDatabase, type TestEffects, testDatabase, testEffects } from '../testing/database.ts'
import { declareAnchor } from './anchor.ts'
import { assignUnits } from './assign-units.ts'
import { approveRelease, checkRelease } from './check-release.ts'
import { readGateRows } from './gate-units.ts'
import { decisionsOf, type ReleaseRow, selectionsOf } from './release-store.ts'
import { showRelease } from './release-views.ts'
import { startRelease } from './start-release.ts'
import { checks } from './tables.ts'

const SHORT_STEPS = 20
const LONG_STEPS = 250
const BASELINE_FAILURE = 0.3
const SHORT_FAILURE = 0.02
/** The first stage that may act on long tasks, and those before it. */
const OPENING = DEFAULT_LADDER.stages.findIndex((stage) => stage.region.horizonSteps >= LONG_STEPS)
const SHORT_STAGES = DEFAULT_LADDER.stages.slice(0, OPENING)
const LONG_STAGE = DEFAULT_LADDER.stages[OPENING] as Stage
const BLOCK = Math.round(1 / LONG_STAGE.exposure)

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.close())

async function agentWithTwoPolicies(effects: TestEffects) {
  const projectId = effects.newId()
  const agentId = effects.newId()
  const createdAt = effects.now()
  await effects.db.insert(projects).values({
    id: projectId,
    slug: `p-${projectId}`,
    name: 'p',
    retentionDays: null,
    redaction: [],
    createdAt,
  })
  await effects.db.insert(agents).values({ projectId, id: agentId, name: 'desk', createdAt })
  const ids = { steady: effects.newId(), 'short-sighted': effects.newId() }
  for (const [name, id] of Object.entries(ids))
    await effects.db
      .insert(policies)
      .values({ projectId, id, agentId, name, configSha256: id, config: {}, declared: true, createdAt })
  return { projectId, agentId, baselineId: ids.steady, candidateId: ids['short-sighted'] }
}

type Place = Awaited<ReturnType<typeof agentWithTwoPolicies>>

async function record(
  effects: TestEffects,
  place: Place,
  policyId: string,
  rows: readonly { readonly unit: string; readonly failed: boolean; readonly steps: number }[],
) {
  if (rows.length === 0) return
  await effects.db.insert(episodes).values(
    rows.map(({ unit, failed, steps }) => ({
      projectId: place.projectId,
      agentId: place.agentId,
      policyId,
      id: effects.newId(),
      identity: effects.newId(),
      contentHash: effects.newId(),
      occurrence: 1,
      unitKey: unit,
      format: 'leeway',
      title: '',
      stepCount: steps,
      success: failed ? 0 : 1,
      severe: false,
      simulated: true,
      errorCount: 0,
      redactionCount: 0,
      importedAt: effects.now(),
    })),
  )
}

/** Traffic arrives, labels come in, the gate looks, a person approves what it proposes; until it ends or the traffic does. */
async function climb(
  effects: TestEffects,
  input: { readonly seed: number; readonly longFailure: number; readonly longUnits: number },
) {
  const place = await agentWithTwoPolicies(effects)
  const { projectId } = place
  await declareAnchor(effects, {
    projectId,
    agent: 'desk',
    policy: 'steady',
    evidence: 'two years of service',
    actor: 'person:ada',
  })
  const release = await startRelease(effects, {
    projectId,
    agent: 'desk',
    baseline: 'steady',
    candidate: 'short-sighted',
    unitSource: 'stream',
    truth: { kind: 'outcome' },
    actor: 'person:ada',
  })
  const random = seededRandom(input.seed)
  let serial = 0
  let longUnits = 0
  for (let batch = 0; batch < 200; batch++) {
    const view = await showRelease(effects.db, release)
    const stage = DEFAULT_LADDER.stages.find(({ name }) => name === view.stage)
    if (!stage || (view.state !== 'climbing' && view.state !== 'proposed')) break
    const long = stage.region.horizonSteps >= LONG_STEPS
    const arriving = stage.autonomy !== 'act' ? 40 : long ? 480 : 1_200
    if (long) longUnits += arriving / 2
    if (longUnits > input.longUnits) break
    // Every other task is long, in every stage: traffic does not wait for the ladder.
    const units = Array.from({ length: arriving }, () => {
      serial += 1
      return { unit: `session:${serial}`, steps: serial % 2 === 0 ? LONG_STEPS : SHORT_STEPS }
    })
    const stepsOf = new Map(units.map(({ unit, steps }) => [unit, steps]))
    // The API takes up to a thousand at a time.
    const assigned = [
      ...(await assignUnits(effects, release, units.slice(0, 700))),
      ...(await assignUnits(effects, release, units.slice(700))),
    ]
    const served = (arm: 'candidate' | 'baseline', rateOf: (steps: number) => number) =>
      assigned
        .filter((one) => one.arm === arm || one.arm === 'paired')
        .map(({ unit }) => {
          const steps = stepsOf.get(unit) ?? SHORT_STEPS
          return { unit, failed: random() < rateOf(steps), steps }
        })
    const candidateRows = served('candidate', (steps) =>
      steps === LONG_STEPS ? input.longFailure : SHORT_FAILURE,
    )
    if (!long) expect(candidateRows.filter(({ steps }) => steps === LONG_STEPS)).toEqual([])
    await record(effects, place, place.candidateId, candidateRows)
    await record(
      effects,
      place,
      place.baselineId,
      served('baseline', () => BASELINE_FAILURE),
    )
    const check = await checkRelease(effects, release)
    if (check?.verdict === 'promote')
      await approveRelease(effects, release, {
        checkId: check.id,
        actor: 'person:ada',
        reason: 'read the evidence',
      })
  }
  return { release, place, view: await showRelease(effects.db, release) }
}

const unitsOf = async (effects: TestEffects, release: ReleaseRow, stages: readonly Stage[]) =>
  (
    await Promise.all(stages.map((stage) => readGateRows(effects.db, release, stage, { gold: null })))
  ).flatMap(({ units }) => units)

describe.each([
  { name: 'much worse on long tasks', longFailure: 0.6, longUnits: 12_000, ends: 'rolled-back', seed: 1 },
  {
    name: 'worse on long tasks, still unproven',
    longFailure: 0.4,
    longUnits: 960,
    ends: 'climbing',
    seed: 2,
  },
])('a short-sighted candidate, $name', ({ longFailure, longUnits, ends, seed }) => {
  test('climbs on short tasks and is never loosened on long ones', async () => {
    const effects = testEffects(database.db, { seed: `horizon ${seed}` })
    const { release, place, view } = await climb(effects, { seed, longFailure, longUnits })
    const { projectId } = place

    // Promoted stage by stage while only short tasks act, each time by a person, up to the stage that widens.
    const decisions = await decisionsOf(effects.db, projectId, release.id)
    const promotions = decisions.filter(({ kind }) => kind === 'promote')
    expect(promotions.map(({ fromStage }) => fromStage)).toEqual(SHORT_STAGES.map((stage) => stage.name))
    expect(promotions.every(({ actor }) => actor === 'person:ada')).toBe(true)
    expect(decisions.filter(({ kind }) => kind === 'approve')).toHaveLength(promotions.length)
    expect(view).toMatchObject({ state: ends, stage: LONG_STAGE.name })

    // It opens under full review at the smallest exposure that acts.
    const acting = DEFAULT_LADDER.stages.filter((stage) => stage.autonomy === 'act')
    expect(LONG_STAGE.reviewed).toBe(1)
    expect(LONG_STAGE.exposure).toBe(Math.min(...acting.map((stage) => stage.exposure)))
    const opened = await selectionsOf(effects.db, projectId, release.id, LONG_STAGE.name)
    const long = opened.filter(({ region }) => region === regionKey(LONG_STAGE.region))
    // The short half is served as well, and is no evidence for long tasks.
    expect(opened.length - long.length).toBe(long.length)
    expect(opened.filter((row) => !long.includes(row)).some(({ audited }) => audited)).toBe(false)
    expect(long.length % BLOCK).toBe(0)
    expect(long.filter(({ arm }) => arm === 'candidate')).toHaveLength(long.length / BLOCK)
    expect(long.filter(({ arm }) => arm !== 'outside').every(({ audited }) => audited)).toBe(true)

    // Every unit says which region it speaks of; before the long stage a long task is the baseline's.
    for (const stage of SHORT_STAGES) {
      const rows = await selectionsOf(effects.db, projectId, release.id, stage.name)
      const own = rows.filter(({ region }) => region === regionKey(stage.region))
      expect(rows.length - own.length).toBe(own.length)
      expect(rows.filter(({ region }) => region === BEYOND).every(({ arm }) => arm === 'outside')).toBe(true)
    }
    const recorded = await effects.db
      .select()
      .from(checks)
      .where(
        and(
          eq(checks.projectId, projectId),
          eq(checks.releaseId, release.id),
          eq(checks.stage, LONG_STAGE.name),
        ),
      )
      .orderBy(asc(checks.ordinal))
    expect(recorded.length).toBeGreaterThan(1)
    const verdicts = recorded.map(({ result }) => (result as { readonly verdict: string }).verdict)
    expect(verdicts.filter((verdict) => verdict !== 'hold' && verdict !== 'rollback')).toEqual([])
    expect(verdicts.at(-1)).toBe(ends === 'climbing' ? 'hold' : 'rollback')
    const read = await unitsOf(effects, release, [LONG_STAGE])
    expect(read.length).toBeLessThanOrEqual(long.length / BLOCK)

    // The evidence from short tasks is overwhelming: were it counted, the long stage would be loosened at once.
    const pooled = await unitsOf(effects, release, [...SHORT_STAGES, LONG_STAGE])
    const all = checkGate(pooled, planAt(0.05, { alpha: 0.001 }), { seen: 0, audited: 0 })
    expect(all.verdict).toBe('promote')
  }, 240_000)
})
