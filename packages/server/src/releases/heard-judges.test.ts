/** Models that err together share one voice, as told by answers that the release does not read. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ensureRater } from '../raters/ensure-rater.ts'
import { type TestDatabase, testDatabase, testEffects } from '../testing/database.ts'
import { answer, everything, PERFECT, rater, world } from '../testing/rated-world.ts'
import { heardJudges } from './heard-judges.ts'
import { predictedByEpisode } from './predicted-failure.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.close())

test('two that copy one another weigh as one, and nothing is learnt from the units of the release', async () => {
  const effects = testEffects(database.db, { seed: 'voices' })
  const here = await world(effects, { old: 0.5, candidate: 0.5, units: 120, seed: 8 })
  const model = async (name: string) =>
    (
      await ensureRater(effects.db, effects, here.projectId, {
        kind: 'model',
        name,
        family: name,
        definition: { model: name },
      })
    ).id
  const [one, copy, apart] = [await model('one'), await model('copy'), await model('apart')]
  const all = everything(here)
  // Wrong on the same third of the episodes, or on another third.
  const wrongAt = (shift: number) =>
    all.map((run, index) => ({ ...run, failed: (index + shift) % 3 === 0 ? !run.failed : run.failed }))
  await answer(effects, here, one, PERFECT, wrongAt(0))
  await answer(effects, here, copy, PERFECT, wrongAt(0))
  await answer(effects, here, apart, PERFECT, wrongAt(1))
  await answer(effects, here, await rater(effects, here, 'Ada', 'vetted'), PERFECT, all)
  const place = { projectId: here.projectId, policyId: here.arms.new.policyId, criterionSha256: here.sha256 }
  const own = Array.from({ length: 60 }, (_, index) => `task:${index}`)
  const { voices } = await heardJudges(database.db, place, own)
  expect(voices.get(one)).toBeLessThan(0.55)
  expect(voices.get(copy)).toBe(voices.get(one))
  expect(voices.get(apart)).toBe(1)
  // Two of three say so, and weigh as much as the third.
  const truth = {
    kind: 'criterion' as const,
    rubricId: here.rubric,
    criterionId: 'root',
    criterionSha256: here.sha256,
    question: '',
    good: 'yes' as const,
    labelError: 'none' as const,
    auditShare: 1,
    consequentialTools: [],
  }
  const [first] = here.arms.old.episodes
  const heard = await heardJudges(database.db, place, own)
  const { byEpisode } = await predictedByEpisode(database.db, here.projectId, [first?.id ?? ''], truth, heard)
  const right = first?.failed ? 1 : 0
  // The pair is wrong about it, and the third is right.
  expect(Math.abs((byEpisode.get(first?.id ?? '') ?? -1) - right)).toBeGreaterThan(0.49)
  expect(Math.abs((byEpisode.get(first?.id ?? '') ?? -1) - right)).toBeLessThan(0.53)
  // All of them are units of the release: there is nothing to learn from.
  expect(
    (await heardJudges(database.db, place, [...own, ...own.map((_, at) => `task:${60 + at}`)])).voices.size,
  ).toBe(0)
})
