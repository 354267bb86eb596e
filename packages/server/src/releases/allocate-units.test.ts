/** Releases whose audits are allocated: to pairs that tell more for their minutes, with probabilities settled before a label is. */
import { DEFAULT_LADDER } from '@leeway/core/ladder/default-ladder'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ensureRater } from '../raters/ensure-rater.ts'
import { insertRatings } from '../ratings/stored-ratings.ts'
import { type TestDatabase, type TestEffects, testDatabase, testEffects } from '../testing/database.ts'
import {
  answer,
  everything,
  KNOWN,
  measureGoldItems,
  PERFECT,
  rater,
  record,
  start,
  type World,
  world,
} from '../testing/rated-world.ts'
import { checkRelease, recomputeCheck } from './check-release.ts'
import { type ReleaseRow, selectionsOf } from './release-store.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.close())

const JUDGE = { sensitivity: 0.9, specificity: 0.9 }
const SHARE = 0.3
const STAGE = DEFAULT_LADDER.stages[0]?.name ?? ''

/** Says what it thinks of every episode there is. */
async function judge(effects: TestEffects, here: World, name = 'judge', family = name) {
  const { id } = await ensureRater(effects.db, effects, here.projectId, {
    kind: 'model',
    name,
    family,
    definition: { model: name },
  })
  return id
}

/** Work of before, outside the release, that the judge and a person answered. */
async function earlierWork(effects: TestEffects, here: World, ada: string, model: string, many = 200) {
  const { projectId, agentId, arms } = here
  const items = Array.from({ length: many }, (_, index) => ({ id: effects.newId(), failed: index % 5 === 0 }))
  await record(effects, { projectId, agentId, policyId: arms.old.policyId }, items)
  await answer(effects, here, ada, PERFECT, items)
  await answer(effects, here, model, JUDGE, items)
}

const rowsOf = (here: World, release: ReleaseRow) =>
  selectionsOf(database.db, here.projectId, release.id, STAGE)
const probabilitiesOf = async (here: World, release: ReleaseRow) =>
  new Map((await rowsOf(here, release)).map((row) => [row.unitKey, row.auditProbability]))

/** People answer what was drawn, and nothing else. */
async function answerAudits(
  effects: TestEffects,
  here: World,
  release: ReleaseRow,
  ada: string,
  skill = PERFECT,
) {
  const drawn = new Set((await rowsOf(here, release)).filter((row) => row.audited).map((row) => row.unitKey))
  const seen = [here.arms.old, here.arms.new].flatMap(({ episodes: own }) =>
    own.filter((_, index) => drawn.has(`task:${index}`)),
  )
  await answer(effects, here, ada, skill, seen)
}

describe('allocated audits', () => {
  test('pairs of which a judge is in doubt are looked at more often, for the minutes of the share', async () => {
    const effects = testEffects(database.db, { seed: 'allocated' })
    const here = await world(effects, { old: 0.2, candidate: 0.05, units: 600, seed: 21 })
    const ada = await rater(effects, here, 'Ada', 'vetted')
    const model = await judge(effects, here)
    await earlierWork(effects, here, ada, model)
    await answer(effects, here, model, JUDGE, everything(here))
    const release = await start(effects, here, {
      labelError: 'none',
      auditShare: SHARE,
      auditsBy: 'allocation',
    })
    const rows = await rowsOf(here, release)
    const of = (suspected: boolean) =>
      rows.filter(
        (row) => suspected === (row.predictedCandidateFailure ?? 0) + (row.predictedBaselineFailure ?? 0) > 0,
      )
    const mean = (values: readonly number[]) => values.reduce((sum, one) => sum + one, 0) / values.length
    const [doubted, trusted] = [of(true), of(false)].map((some) =>
      mean(some.map((row) => row.auditProbability)),
    )
    expect(doubted ?? 0).toBeGreaterThan(1.5 * (trusted ?? 1))
    expect(mean(rows.map((row) => row.auditProbability))).toBeCloseTo(SHARE, 6)
    expect(Math.min(...rows.map((row) => row.auditProbability))).toBeGreaterThanOrEqual(SHARE / 3 - 1e-9)

    await answerAudits(effects, here, release, ada)
    const check = await checkRelease(effects, release)
    expect(check?.units).toBe(600)
    expect(check?.labels).toBe(2 * rows.filter((row) => row.audited).length)
    expect(check?.verdict).toBe('promote')
    expect(Math.abs((check?.difference.estimate ?? 1) + 0.15)).toBeLessThan(0.06)
    const again = await recomputeCheck(effects.db, release, check?.id ?? '')
    expect(again.again).toEqual(again.recorded)
    expect(again.sameRows).toBe(true)
  })

  test('a check of the first units recomputes when all have been read: their range was that of all from the start', async () => {
    const effects = testEffects(database.db, { seed: 'part' })
    const here = await world(effects, { old: 0.3, candidate: 0.3, units: 300, seed: 22 })
    const ada = await rater(effects, here, 'Ada', 'vetted')
    const model = await judge(effects, here)
    await earlierWork(effects, here, ada, model)
    // Of one unit the judge says nothing: no other has that score, and it comes late.
    const judged = everything(here).filter((_, index) => index % 300 !== 200)
    await answer(effects, here, model, JUDGE, judged)
    const release = await start(effects, here, {
      labelError: 'none',
      auditShare: SHARE,
      auditsBy: 'allocation',
    })
    const rows = await rowsOf(here, release)
    expect(rows.find((row) => row.unitKey === 'task:200')?.sequence).toBeGreaterThan(60)
    const first = new Set(rows.filter((row) => row.audited && row.sequence <= 40).map((row) => row.unitKey))
    const some = everything(here).filter((_, index) => first.has(`task:${index % 300}`))
    await answer(effects, here, ada, PERFECT, some)
    const early = await checkRelease(effects, release)
    expect(early?.units).toBeGreaterThan(30)
    expect(early?.units).toBeLessThan(60)
    await answerAudits(effects, here, release, ada)
    await checkRelease(effects, release)
    const again = await recomputeCheck(effects.db, release, early?.id ?? '')
    expect(again.sameRows).toBe(true)
    expect(again.again).toEqual(again.recorded)
  })

  test('where nothing is known every unit gets the share; few earlier answers are nothing', async () => {
    const effects = testEffects(database.db, { seed: 'unknown' })
    const here = await world(effects, { old: 0.3, candidate: 0.3, units: 60, seed: 23 })
    const ada = await rater(effects, here, 'Ada', 'vetted')
    const model = await judge(effects, here)
    await earlierWork(effects, here, ada, model, 39)
    await answer(effects, here, model, JUDGE, everything(here))
    const release = await start(effects, here, {
      labelError: 'none',
      auditShare: SHARE,
      auditsBy: 'allocation',
    })
    expect([...(await probabilitiesOf(here, release)).values()]).toEqual(
      Array.from({ length: 60 }, () => SHARE),
    )
  })

  test('neither answers about its own units nor the gold that measures decide whom to audit', async () => {
    const drawn = async (seed: string, more: boolean) => {
      const effects = testEffects(database.db, { seed })
      const here = await world(effects, { old: 0.3, candidate: 0.3, units: 80, seed: 24 })
      const ada = await rater(effects, here, 'Ada', 'vetted')
      const model = await judge(effects, here)
      await earlierWork(effects, here, ada, model)
      await answer(effects, here, model, PERFECT, everything(here))
      if (more) {
        const gold = await measureGoldItems(effects, here, 100)
        await answer(effects, here, model, PERFECT, gold)
        // Contrary answers: they would turn every rate round.
        const contrary = { sensitivity: 0, specificity: 0 }
        await answer(effects, here, ada, contrary, [...everything(here), ...gold])
      }
      return probabilitiesOf(here, await start(effects, here, { auditShare: SHARE, auditsBy: 'allocation' }))
    }
    const plain = await drawn('plain', false)
    expect(new Set(plain.values()).size).toBeGreaterThan(1)
    const more = await drawn('more', true)
    expect([...more].sort()).toEqual([...plain].sort())
  })

  test('what takes people longer is looked at less often', async () => {
    const effects = testEffects(database.db, { seed: 'long' })
    const here = await world(effects, { old: 0.3, candidate: 0.3, units: 1, seed: 25 })
    const { projectId, agentId, arms, sha256 } = here
    const ada = await rater(effects, here, 'Ada', 'vetted')
    const model = await judge(effects, here)
    await earlierWork(effects, here, ada, model)
    const unit = (index: number) => ({
      unit: `task:x${index}`,
      steps: index % 2 === 0 ? 5 : 50,
      failed: false,
    })
    const own = Array.from({ length: 40 }, (_, index) => ({ id: effects.newId(), ...unit(index) }))
    const others = Array.from({ length: 40 }, (_, index) => ({ id: effects.newId(), ...unit(index) }))
    const timed = Array.from({ length: 60 }, (_, index) => ({
      id: effects.newId(),
      steps: index % 2 === 0 ? 5 : 50,
    }))
    await record(effects, { projectId, agentId, policyId: arms.old.policyId }, [...own, ...timed])
    await record(effects, { projectId, agentId, policyId: arms.new.policyId }, others)
    await answer(effects, here, model, PERFECT, [...own, ...others])
    const at = effects.now()
    await insertRatings(
      effects.db,
      timed.map(({ id, steps }) => ({
        projectId,
        id: effects.newId(),
        episodeId: id,
        criterionSha256: sha256,
        raterId: ada,
        kind: 'answered',
        value: 'yes',
        comment: '',
        evidence: [],
        flagged: false,
        assistance: 'none',
        commitKey: effects.newId(),
        startedAt: new Date(at.getTime() - (steps === 5 ? 30_000 : 270_000)),
        committedAt: at,
      })),
    )
    const release = await start(effects, here, {
      labelError: 'none',
      auditShare: SHARE,
      auditsBy: 'allocation',
    })
    const found = await probabilitiesOf(here, release)
    // Nine times as long: a third as often.
    expect((found.get('task:x0') ?? 0) / (found.get('task:x1') ?? 1)).toBeCloseTo(3, 6)
  })

  test('models of one family are one voice: three that err alike do not outvote another', async () => {
    const effects = testEffects(database.db, { seed: 'family' })
    const here = await world(effects, { old: 0.5, candidate: 0.5, units: 30, seed: 26 })
    const contrary = { sensitivity: 0, specificity: 0 }
    for (const name of ['a1', 'a2', 'a3'])
      await answer(effects, here, await judge(effects, here, name, 'a'), contrary, everything(here))
    await answer(effects, here, await judge(effects, here, 'b'), PERFECT, everything(here))
    const release = await start(effects, here, { labelError: 'none', auditShare: SHARE })
    for (const row of await rowsOf(here, release)) expect(row.predictedCandidateFailure).toBe(0.5)
  })

  test('arriving units were not predicted: refused', async () => {
    const effects = testEffects(database.db, { seed: 'stream' })
    const here = await world(effects, { old: 0.3, candidate: 0.3, units: 5, seed: 27 })
    await expect(start(effects, here, { auditsBy: 'allocation', unitSource: 'stream' })).rejects.toThrow(
      'recorded episodes only',
    )
  })

  test('at the margin it promotes no more often than alpha allows, with raters who err', async () => {
    const margin = DEFAULT_LADDER.stages[0]?.gate.margin ?? 0
    const runs = 10
    let promoted = 0
    let probabilities = 0
    for (let run = 0; run < runs; run++) {
      const effects = testEffects(database.db, { seed: `margin-${run}` })
      const here = await world(effects, { old: 0.2, candidate: 0.2 + margin, units: 400, seed: 300 + run })
      const ada = await rater(effects, here, 'Ada', 'vetted')
      const model = await judge(effects, here)
      await earlierWork(effects, here, ada, model)
      const gold = await measureGoldItems(effects, here, 60)
      // The candidate hides from the judge what it does wrong.
      await answer(effects, here, model, JUDGE, here.arms.old.episodes)
      await answer(effects, here, model, { sensitivity: 0.1, specificity: 0.9 }, here.arms.new.episodes)
      const release = await start(effects, here, { auditShare: SHARE, auditsBy: 'allocation' })
      probabilities = Math.max(probabilities, new Set((await probabilitiesOf(here, release)).values()).size)
      await answer(effects, here, ada, KNOWN, gold)
      await answerAudits(effects, here, release, ada, KNOWN)
      if ((await checkRelease(effects, release))?.verdict === 'promote') promoted += 1
    }
    expect(probabilities).toBeGreaterThan(1)
    // With 5 % each, more than 3 of 10 happen once in 1,000 such tests.
    expect(promoted).toBeLessThanOrEqual(3)
  }, 60_000)
})
