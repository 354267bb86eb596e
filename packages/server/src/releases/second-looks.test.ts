/** Experts look again at a random share of what was answered: what a candidate hides from the first raters counts. */
import { DEFAULT_LADDER } from '@leeway/core/ladder/default-ladder'
import { and, eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { assignmentPurposes } from '../assignments/tables.ts'
import { type TestDatabase, type TestEffects, testDatabase, testEffects } from '../testing/database.ts'
import {
  answer,
  everything,
  measureGoldItems,
  PERFECT,
  rater,
  start,
  type World,
  world,
} from '../testing/rated-world.ts'
import { declareAnchor } from './anchor.ts'
import { checkRelease, recomputeCheck, rollBackRelease } from './check-release.ts'
import { showRelease } from './release-views.ts'
import { setLadder } from './start-release.ts'
import { labels, secondLookLabels, secondLooks } from './tables.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.close())

const HALF_HIDDEN = { sensitivity: 0.4, specificity: 1 }

/** The first raters miss what the candidate hides; of the baseline they miss nothing. */
async function answersThatHide(effects: TestEffects, here: World) {
  const ada = await rater(effects, here, 'Ada', 'vetted')
  await answer(effects, here, ada, PERFECT, here.arms.old.episodes)
  await answer(effects, here, ada, HALF_HIDDEN, here.arms.new.episodes)
}

/** An anchor, and two stages of costly stakes: shadow, then acting under full review. */
async function costlyLadder(effects: TestEffects, { projectId, agentId }: World) {
  for (const actor of ['person:ada', 'person:bob'])
    await declareAnchor(effects, {
      projectId,
      agent: 'retail',
      policy: 'old',
      evidence: 'years of use',
      actor,
    })
  const [shadow] = DEFAULT_LADDER.stages
  const act = DEFAULT_LADDER.stages.find(({ autonomy }) => autonomy === 'act')
  if (!shadow || !act) throw new Error('the default ladder has no such stages')
  const region = { ...shadow.region, stakes: 'costly' as const }
  const stages = [
    { ...shadow, region },
    { ...act, region },
  ]
  await effects.db.transaction((tx) =>
    setLadder(tx, effects, {
      projectId,
      agentId,
      definition: { ...DEFAULT_LADDER, stages },
      actor: 'person:ada',
    }),
  )
}

const looksOf = (projectId: string) =>
  database.db.select().from(secondLooks).where(eq(secondLooks.projectId, projectId))

describe('second looks', () => {
  test('a candidate that hides its faults is promoted on answers taken at their word, and not when experts look again', async () => {
    for (const labelError of ['none', 'differential'] as const) {
      const effects = testEffects(database.db, { seed: `hides-${labelError}` })
      const here = await world(effects, { old: 0.5, candidate: 0.55, units: 400, seed: 1 })
      const release = await start(effects, here, { labelError, secondLookShare: 0.5 })
      await answersThatHide(effects, here)
      await answer(effects, here, await rater(effects, here, 'Eva', 'expert'), PERFECT, everything(here))
      const check = await checkRelease(effects, release)
      expect(check?.units).toBe(400)
      if (labelError === 'none') {
        expect(check?.verdict).toBe('promote')
        continue
      }
      expect(check?.verdict).not.toBe('promote')
      expect(check?.labelError?.gold).toBeNull()
      expect(check?.labelError?.words.join(' ')).toMatch(/Experts found \d+ hidden faults among \d+ passed/)
      const again = await recomputeCheck(effects.db, release, check?.id ?? '')
      expect(again.sameRows).toBe(true)
      expect(again.again).toEqual(again.recorded)
    }
  })

  test('costly stakes: answers bounded by gold keep the stage shut, second looks open it for an honest candidate', async () => {
    for (const labelError of ['shared', 'differential'] as const) {
      const effects = testEffects(database.db, { seed: `honest-${labelError}` })
      const here = await world(effects, { old: 0.6, candidate: 0.1, units: 300, seed: 2 })
      const gold = await measureGoldItems(effects, here, 150)
      await costlyLadder(effects, here)
      const release = await start(effects, here, { labelError, secondLookShare: 0.5 })
      const ada = await rater(effects, here, 'Ada', 'vetted')
      await answer(effects, here, ada, PERFECT, [...everything(here), ...gold])
      await answer(effects, here, await rater(effects, here, 'Eva', 'expert'), PERFECT, everything(here))
      expect((await checkRelease(effects, release))?.verdict).toBe('promote')
      const view = await showRelease(effects.db, release)
      if (labelError === 'shared') {
        expect(view.barrier?.why).toMatch(/faults of this very candidate/)
        expect(view.proposal).toBeNull()
      } else {
        expect(view.barrier).toBeNull()
        expect(view.proposal).not.toBeNull()
      }
    }
  })

  test('the gate waits for experts who did not answer first; each label is drawn alike, and what never comes is missing', async () => {
    const effects = testEffects(database.db, { seed: 'waits' })
    const here = await world(effects, { old: 0.5, candidate: 0.5, units: 200, seed: 3 })
    const release = await start(effects, here, { labelError: 'differential', secondLookShare: 0.4 })
    const eva = await rater(effects, here, 'Eva', 'expert')
    await answer(effects, here, eva, PERFECT, everything(here))
    // Not herself again, and nobody of a lower tier.
    await answer(effects, here, await rater(effects, here, 'Ada', 'vetted'), PERFECT, everything(here))
    const first = await checkRelease(effects, release)
    const looks = await looksOf(here.projectId)
    expect(looks).toHaveLength(400)
    const drawn = looks.filter((look) => look.drawn)
    expect(first?.units ?? 0).toBeLessThan(20)
    const failureOf = new Map(
      (await effects.db.select().from(labels).where(eq(labels.projectId, here.projectId))).map((label) => [
        `${label.sequence}:${label.arm}`,
        label.failure,
      ]),
    )
    const shareAmong = (failure: number) => {
      const own = looks.filter((look) => failureOf.get(`${look.sequence}:${look.arm}`) === failure)
      return own.filter((look) => look.drawn).length / own.length
    }
    for (const failure of [0, 1]) expect(Math.abs(shareAmong(failure) - 0.4)).toBeLessThan(0.11)
    const asked = await effects.db
      .select()
      .from(assignmentPurposes)
      .where(
        and(eq(assignmentPurposes.projectId, here.projectId), eq(assignmentPurposes.purpose, 'second-look')),
      )
    expect(asked).toHaveLength(drawn.length)
    // Another expert sees the baseline's only; the rest is overdue a month later.
    const olga = await rater(effects, here, 'Olga', 'expert')
    await answer(effects, here, olga, PERFECT, here.arms.old.episodes)
    await checkRelease(effects, release)
    effects.advance(31 * 86_400_000)
    const last = await checkRelease(effects, release)
    expect(last?.units).toBe(200)
    const again = await effects.db
      .select()
      .from(secondLookLabels)
      .where(eq(secondLookLabels.projectId, here.projectId))
    const missing = again.filter(({ failure }) => failure === null)
    expect(missing.length).toBe(drawn.filter(({ arm }) => arm === 'candidate').length)
    expect(missing.every(({ arm }) => arm === 'candidate')).toBe(true)
  })

  test('evidence of a pair goes on with the share of second looks it began with', async () => {
    const effects = testEffects(database.db, { seed: 'share' })
    const here = await world(effects, { old: 0.5, candidate: 0.5, units: 10, seed: 4 })
    const options = { labelError: 'differential', unitSource: 'stream' } as const
    const release = await start(effects, here, { ...options, secondLookShare: 0.5 })
    await rollBackRelease(effects, release, { actor: 'person:ada', reason: 'a try' })
    await expect(start(effects, here, { ...options, secondLookShare: 0.2 })).rejects.toThrow(
      /looked again at 0.5 of the answers/,
    )
    expect((await start(effects, here, { ...options, secondLookShare: 0.5 })).ordinal).toBe(2)
  })
})
