/** Nobody judges themselves: a model is neither asked nor heard about what its own policy or family did. Over real HTTP. */
import { and, eq } from 'drizzle-orm'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { claimsAbout } from '../critiques/claims-about.ts'
import { createEstimator } from '../estimates/estimator.ts'
import { insertRatings } from '../ratings/stored-ratings.ts'
import { ratings } from '../ratings/tables.ts'
import { selections } from '../releases/tables.ts'
import { criteriaByHash } from '../rubrics/stored-rubrics.ts'
import { vouchedBench } from '../testing/vouched-world.ts'

const bench = await vouchedBench()
const { db, effects } = bench
afterAll(bench.close)
beforeEach(() => bench.answers(({ failed, planted }) => failed || planted))

type World = Awaited<ReturnType<typeof bench.world>>
const FAILING = { v1: 0.5, v2: 0.3 }
const episodesOf = ({ policies }: World, policy: string) =>
  new Set((policies[policy]?.runs ?? []).map(({ id }) => id))

/** Whatever an import says that a model said, or that it said before it was registered. */
const importAnswers = async (here: World, rater: string, policy: string, value = 'yes') =>
  here.ask('/ratings', {
    rubric: here.rubric,
    ratings: [...episodesOf(here, policy)].map((episodeId) => ({
      episodeId,
      criterion: here.criterion,
      rater,
      raterKind: 'model',
      answer: { kind: 'answered', value },
      sourceKey: `${rater} ${episodeId}`,
    })),
  })
/** As a program of the customer's would have it answer. */
const say = async ({ projectId, sha256 }: World, raterId: string, episodes: readonly string[]) =>
  insertRatings(
    db,
    episodes.map((episodeId) => ({
      projectId,
      id: effects.newId(),
      episodeId,
      criterionSha256: sha256,
      raterId,
      kind: 'answered',
      value: 'yes',
      comment: '',
      evidence: [],
      claims: [{ text: 'It was not sent.', severity: 'major', quote: 'as you asked', step: 1 }],
      flagged: false,
      assistance: 'none',
      commitKey: effects.newId(),
      committedAt: effects.now(),
    })),
  )
const answered = async ({ projectId }: World, raterId: string) =>
  (
    await db
      .select({ id: ratings.episodeId })
      .from(ratings)
      .where(and(eq(ratings.projectId, projectId), eq(ratings.raterId, raterId)))
  ).map(({ id }) => id)
const run = async (here: World, judge: string) =>
  here.send('/judges/runs', { judge, rubric: here.rubric, episodesMax: 100 })
const believed = async ({ projectId, sha256 }: World) => {
  const criterion = (await criteriaByHash(db, projectId, [sha256])).get(sha256)
  if (criterion === undefined) throw new Error('there is no question')
  return createEstimator()(db, projectId, criterion)
}

describe('asking', () => {
  test('a judge is asked about the others only; of its own family not, of an undeclared policy it is', async () => {
    const here = await bench.world('asked', {
      units: 6,
      failing: { ...FAILING, v3: 0.3 },
      families: { v1: 'Llama', v3: null },
    })
    const judge = await here.declare('one', { family: 'llama' })
    const { status, body } = await run(here, judge)
    expect(status).toBe(200)
    await bench.answerRun(here, String(body.id))
    const asked = await answered(here, judge)
    const allowed = new Set([...episodesOf(here, 'v2'), ...episodesOf(here, 'v3')])
    expect(new Set(asked)).toEqual(allowed)
    expect(await run(here, judge)).toMatchObject({
      status: 422,
      body: { detail: expect.stringContaining('nobody judges themselves') },
    })
  })

  test('registered for it after the run had started, a model is asked nothing more about its own policy', async () => {
    const here = await bench.world('late', { units: 4, failing: FAILING })
    const judge = await here.declare('one')
    const { body } = await run(here, judge)
    expect(body.questions).toBe(8)
    await here.register(judge, 'v2', ['rater', 'critic', 'debater'])
    await bench.answerRun(here, String(body.id))
    expect(new Set(await answered(here, judge))).toEqual(episodesOf(here, 'v1'))
  })

  test('one of the family is asked where it is registered for that, and in no other role', async () => {
    const here = await bench.world('roles', { units: 4, failing: FAILING, families: { v2: 'family of one' } })
    const [episode = ''] = episodesOf(here, 'v2')
    const judge = await here.declare('one')
    const debate = (speaker: string) =>
      here.send('/debates', {
        rubric: here.rubric,
        criterion: here.criterion,
        episode,
        kind: 'consultancy',
        speakers: [speaker],
        judge: null,
      })
    expect(await debate(judge)).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining('or is of its family') },
    })
    await here.register(judge, 'v1', ['rater'])
    expect((await debate(judge)).status).toBe(409)
    await here.supervise(judge, 'v2')
    expect(new Set(await answered(here, judge))).toEqual(episodesOf(here, 'v2'))
    await here.register(judge, 'v1', ['debater'])
    expect((await debate(judge)).status).toBe(200)
    const itself = await here.declare('two')
    await here.register(itself, 'v2', ['rater', 'critic', 'debater'])
    expect((await debate(itself)).status).toBe(409)
  })
})

describe('counting', () => {
  test('what a model says of its own policy is believed of nothing, however it came in', async () => {
    const here = await bench.world('believed', { units: 12, failing: FAILING })
    const judge = await here.declare('one')
    const before = await run(here, judge)
    await bench.answerRun(here, String(before.body.id))
    expect((await believed(here)).beliefs.size).toBe(24)
    await here.register(judge, 'v2')
    const { beliefs, answers } = await believed(here)
    expect(new Set(beliefs.keys())).toEqual(episodesOf(here, 'v1'))
    expect(answers).toHaveLength(24)
    const { questions } = await here.ask<{ questions: { answers: number }[] }>('/agreement')
    expect(questions).toMatchObject([{ answers: 12 }])
  })

  test('an imported answer of the family counts for nothing, one of another family does', async () => {
    const here = await bench.world('imported', {
      units: 8,
      failing: FAILING,
      families: { v1: 'sly', v2: 'plain' },
    })
    await importAnswers(here, 'Sly', 'v1')
    expect((await believed(here)).beliefs.size).toBe(0)
    await importAnswers(here, 'Other', 'v1', 'no')
    expect(new Set((await believed(here)).beliefs.keys())).toEqual(episodesOf(here, 'v1'))
  })

  test('a judge that nobody registered predicts nothing for a candidate of its family', async () => {
    for (const family of ['family of one', 'another']) {
      const here = await bench.world(`predicts-${family.length}`, {
        units: 30,
        failing: FAILING,
        families: { v2: family },
      })
      const judge = await here.declare('one', { family: 'family of one' })
      // Before anybody said of what family the judge is, a program of the customer had it answer.
      await say(here, judge, [...episodesOf(here, 'v2')])
      const { status, body } = await here.start('v1', 'v2')
      expect(status).toBe(201)
      const drawn = await db
        .select()
        .from(selections)
        .where(eq(selections.releaseId, String(body.id)))
      const isHeard = drawn.some(({ predictedCandidateFailure }) => predictedCandidateFailure !== null)
      expect(isHeard).toBe(family === 'another')
    }
  })

  test('one of the family counts once it has caught planted faults, and never about the policy that it runs', async () => {
    const here = await bench.world('canaries', {
      units: 60,
      failing: { v1: 0.5, v2: 0.2 },
      families: { v2: 'family of one' },
    })
    const judge = await here.declare('one')
    await here.register(judge, 'v1')
    await here.supervise(judge, 'v2')
    expect((await believed(here)).beliefs.size).toBe(0)
    await here.plant('v2', 20)
    await here.supervise(judge, 'v2')
    expect(new Set((await believed(here)).beliefs.keys())).toEqual(episodesOf(here, 'v2'))
    await here.register(judge, 'v1', ['critic'])
    expect((await believed(here)).beliefs.size).toBe(0)
  })

  test('its claims about its own work are shown to nobody; about work of its family where it is a critic', async () => {
    const here = await bench.world('claims', { units: 4, failing: FAILING })
    const judge = await here.declare('one')
    const [episodeId = ''] = episodesOf(here, 'v2')
    await say(here, judge, [episodeId])
    const item = { projectId: here.projectId, episodeId, criterionSha256: here.sha256 }
    expect(await claimsAbout(db, item)).toHaveLength(1)
    await here.register(judge, 'v2', ['critic'])
    expect(await claimsAbout(db, item)).toHaveLength(0)
    const kin = await bench.world('kin-claims', {
      units: 4,
      failing: FAILING,
      families: { v2: 'family of one' },
    })
    const one = await kin.declare('one')
    const [own = ''] = episodesOf(kin, 'v2')
    await say(kin, one, [own])
    const about = { projectId: kin.projectId, episodeId: own, criterionSha256: kin.sha256 }
    expect(await claimsAbout(db, about)).toHaveLength(0)
    await kin.register(one, 'v1', ['critic'])
    expect(await claimsAbout(db, about)).toHaveLength(1)
  })
})
