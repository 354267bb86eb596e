/** Releases whose truth is what trusted people answered, with raters of known error. */
import { DEFAULT_LADDER } from '@leeway/core/ladder/default-ladder'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { assignmentPurposes, assignments } from '../assignments/tables.ts'
import { ensureRater } from '../raters/ensure-rater.ts'
import { type TestDatabase, testDatabase, testEffects } from '../testing/database.ts'
import {
  type Arm,
  answer,
  everything,
  KNOWN,
  measureGoldItems,
  PERFECT,
  rater,
  start,
  world,
} from '../testing/rated-world.ts'
import { declareAnchor } from './anchor.ts'
import { checkRelease, recomputeCheck } from './check-release.ts'
import { failuresAtSecondLook } from './criterion-labels.ts'
import { selectionsOf } from './release-store.ts'
import { showRelease } from './release-views.ts'
import { setLadder } from './start-release.ts'
import { truthOf } from './truth.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.close())

describe('a release by criterion', () => {
  test('asks people for the next units only, with gold among them, and tells nothing of either', async () => {
    const effects = testEffects(database.db, { seed: 'asks' })
    const here = await world(effects, { old: 0.3, candidate: 0.3, units: 100, seed: 1 })
    await measureGoldItems(effects, here, 15)
    const release = await start(effects, here)
    expect(await checkRelease(effects, release)).toBeNull()
    const asked = await effects.db.select().from(assignments).where(eq(assignments.projectId, here.projectId))
    const purposes = await effects.db
      .select()
      .from(assignmentPurposes)
      .where(eq(assignmentPurposes.projectId, here.projectId))
    expect(purposes.filter(({ purpose }) => purpose === 'audit')).toHaveLength(120)
    expect(purposes.filter(({ purpose }) => purpose === 'gold')).toHaveLength(20)
    expect(asked).toHaveLength(140)
    expect(Math.max(...purposes.map(({ sequence }) => sequence ?? 0))).toBe(60)
    // Asking again adds nothing.
    await checkRelease(effects, release)
    expect(
      await effects.db.select().from(assignments).where(eq(assignments.projectId, here.projectId)),
    ).toHaveLength(140)
  })

  test('only trusted people move it; the first to answer speaks', async () => {
    const effects = testEffects(database.db, { seed: 'trusted' })
    const here = await world(effects, { old: 0.5, candidate: 0.1, units: 80, seed: 2 })
    const release = await start(effects, here, { labelError: 'none' })
    await answer(effects, here, await rater(effects, here, 'Eve', 'trainee'), PERFECT, everything(here))
    expect(await checkRelease(effects, release)).toBeNull()
    const trusted = await rater(effects, here, 'Ada', 'vetted')
    await answer(effects, here, trusted, PERFECT, everything(here))
    effects.advance(1_000)
    const contrary = await rater(effects, here, 'Bob', 'vetted')
    await answer(effects, here, contrary, { sensitivity: 0, specificity: 0 }, everything(here))
    const check = await checkRelease(effects, release)
    const failures = (arm: Arm) => arm.episodes.filter(({ failed }) => failed).length / 80
    expect(check?.units).toBe(80)
    expect(check?.difference.estimate).toBeCloseTo(failures(here.arms.new) - failures(here.arms.old), 12)
  })

  test('a check of an answer is no label and no second look, and measures nothing', async () => {
    const effects = testEffects(database.db, { seed: 'checks' })
    const here = await world(effects, { old: 0.5, candidate: 0.1, units: 80, seed: 8 })
    const gold = await measureGoldItems(effects, here, 10)
    const release = await start(effects, here)
    const contrary = { sensitivity: 0, specificity: 0 }
    for (const [name, tier] of [
      ['Eva', 'expert'],
      ['Bob', 'vetted'],
    ] as const)
      await answer(
        effects,
        here,
        await rater(effects, here, name, tier),
        contrary,
        [...everything(here), ...gold],
        'verify',
      )
    expect(await checkRelease(effects, release)).toBeNull()
    effects.advance(1_000)
    await answer(effects, here, await rater(effects, here, 'Ada', 'vetted'), PERFECT, [
      ...everything(here),
      ...gold,
    ])
    const check = await checkRelease(effects, release)
    const failures = (arm: Arm) => arm.episodes.filter(({ failed }) => failed).length / 80
    expect(check?.difference.estimate).toBeCloseTo(failures(here.arms.new) - failures(here.arms.old), 12)
    expect(check?.labelError?.gold).toEqual({ faults: 10, found: 10, sound: 10, passed: 10 })
    const truth = truthOf(release)
    if (truth.kind !== 'criterion') throw new Error('the release has another truth')
    const units = [...new Set(here.arms.new.episodes.map((_, at) => `task:${at}`))]
    const again = await failuresAtSecondLook(effects.db, here.projectId, here.arms.new.policyId, units, truth)
    expect(again.size).toBe(0)
  })

  test('without gold nothing is promoted, however good it looks, and the check says why', async () => {
    const effects = testEffects(database.db, { seed: 'no-gold' })
    const here = await world(effects, { old: 0.6, candidate: 0.05, units: 200, seed: 3 })
    const release = await start(effects, here)
    await answer(effects, here, await rater(effects, here, 'Ada', 'vetted'), PERFECT, everything(here))
    const check = await checkRelease(effects, release)
    expect(check?.verdict).toBe('hold')
    expect(check?.labelError?.gold).toEqual({ faults: 0, found: 0, sound: 0, passed: 0 })
    expect(check?.labelError?.words.join(' ')).toContain('With 0 known faults and 0 known sound episodes')
  })

  test('with gold a better one is proposed, and the check recomputes although gold has grown since', async () => {
    const effects = testEffects(database.db, { seed: 'gold' })
    const here = await world(effects, { old: 0.6, candidate: 0.1, units: 300, seed: 4 })
    const gold = await measureGoldItems(effects, here, 150)
    const release = await start(effects, here)
    const ada = await rater(effects, here, 'Ada', 'vetted')
    await answer(effects, here, ada, KNOWN, [...everything(here), ...gold.slice(0, 140), ...gold.slice(160)])
    const check = await checkRelease(effects, release)
    expect(check?.verdict).toBe('promote')
    expect(check?.labelError?.marginInForce).toBeGreaterThan(0)
    expect(check?.labelError?.marginInForce).toBeLessThan(check?.margin ?? 0)
    await answer(effects, here, ada, KNOWN, gold.slice(140, 160))
    const again = await recomputeCheck(effects.db, release, check?.id ?? '')
    expect(again.sameRows).toBe(true)
    expect(again.again).toEqual(again.recorded)
  })

  test('answers taken at their word open no stage that acts', async () => {
    const effects = testEffects(database.db, { seed: 'word' })
    const here = await world(effects, { old: 0.6, candidate: 0.1, units: 300, seed: 5 })
    await declareAnchor(effects, {
      projectId: here.projectId,
      agent: 'retail',
      policy: 'old',
      evidence: 'years of use',
      actor: 'person:ada',
    })
    await declareAnchor(effects, {
      projectId: here.projectId,
      agent: 'retail',
      policy: 'old',
      evidence: 'years of use',
      actor: 'person:bob',
    })
    const [shadow, act] = [
      DEFAULT_LADDER.stages[0],
      DEFAULT_LADDER.stages.find(({ autonomy }) => autonomy === 'act'),
    ]
    if (!shadow || !act) throw new Error('the default ladder has no such stages')
    await effects.db.transaction((tx) =>
      setLadder(tx, effects, {
        projectId: here.projectId,
        agentId: here.agentId,
        definition: { ...DEFAULT_LADDER, stages: [shadow, act] },
        actor: 'person:ada',
      }),
    )
    const ada = await rater(effects, here, 'Ada', 'vetted')
    const release = await start(effects, here, { labelError: 'none' })
    await answer(effects, here, ada, PERFECT, everything(here))
    expect((await checkRelease(effects, release))?.verdict).toBe('promote')
    const view = await showRelease(effects.db, release)
    expect(view.stage).toBe('shadow')
    expect(view.proposal).toBeNull()
    expect(view.barrier?.why).toMatch(/how often they err/)
  })

  test('raters of known error: a candidate at the margin is promoted no more often than alpha allows', async () => {
    let promoted = 0
    const runs = 10
    for (let run = 0; run < runs; run++) {
      const effects = testEffects(database.db, { seed: `null-${run}` })
      const margin = DEFAULT_LADDER.stages[0]?.gate.margin ?? 0
      const here = await world(effects, { old: 0.2, candidate: 0.2 + margin, units: 300, seed: 100 + run })
      const gold = await measureGoldItems(effects, here, 60)
      const release = await start(effects, here)
      const ada = await rater(effects, here, 'Ada', 'vetted')
      await answer(effects, here, ada, KNOWN, [...everything(here), ...gold])
      if ((await checkRelease(effects, release))?.verdict === 'promote') promoted += 1
    }
    // With 5 % each, more than 3 of 10 happen once in 1,000 such tests.
    expect(promoted).toBeLessThanOrEqual(3)
  })

  test('a share of the units is put to people; the others speak through what models expected of them', async () => {
    const effects = testEffects(database.db, { seed: 'share' })
    const here = await world(effects, { old: 0.6, candidate: 0.1, units: 300, seed: 6 })
    const model = await ensureRater(effects.db, effects, here.projectId, {
      kind: 'model',
      name: 'judge',
      family: 'judge',
      definition: { model: 'judge' },
    })
    await answer(effects, here, model.id, { sensitivity: 0.9, specificity: 0.9 }, everything(here))
    const release = await start(effects, here, { labelError: 'none', auditShare: 0.4 })
    const rows = await selectionsOf(
      database.db,
      here.projectId,
      release.id,
      DEFAULT_LADDER.stages[0]?.name ?? '',
    )
    const audited = rows.filter((row) => row.audited)
    expect(audited.length).toBeGreaterThan(90)
    expect(audited.length).toBeLessThan(150)
    expect(rows.every((row) => row.predictedCandidateFailure !== null && row.judgeVersion !== null)).toBe(
      true,
    )
    const ada = await rater(effects, here, 'Ada', 'vetted')
    const keys = new Set(audited.map(({ unitKey }) => unitKey))
    const put = [here.arms.old, here.arms.new].flatMap(({ episodes: own }) =>
      own.filter((_, index) => keys.has(`task:${index}`)),
    )
    await answer(effects, here, ada, PERFECT, put)
    const check = await checkRelease(effects, release)
    expect(check?.units).toBe(300)
    expect(check?.labels).toBe(2 * audited.length)
    expect(check?.difference.estimate).toBeLessThan(-0.3)
    expect(check?.verdict).toBe('promote')
  })
})
