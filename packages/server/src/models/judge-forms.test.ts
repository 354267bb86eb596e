/** A model rater asked in the verify form: drawn, recorded before it is asked, the same after a crash. */
import { eq } from 'drizzle-orm'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { goldAnswers } from '../assignments/tables.ts'
import { setFormRule } from '../question-forms/form-rules.ts'
import { questionForms } from '../question-forms/tables.ts'
import { ensureRater } from '../raters/ensure-rater.ts'
import { insertRatings } from '../ratings/stored-ratings.ts'
import { criterionSha256 } from '../rubrics/criterion-hash.ts'
import { judgeBench, leaf } from '../testing/judge-bench.ts'
import { formOfQuestion } from './form-of-question.ts'
import { requireJudge } from './judge.ts'

const { bench, db, models, effects, close } = await judgeBench()
afterAll(close)

let before = 0
const asked = () => models.requests.slice(before)
beforeEach(() => {
  before = models.requests.length
  models.otherwise({ kind: 'answer', answer: 'yes', probability: 0.75 })
})
const RIGHT = criterionSha256(leaf('right', ['model', 'human']).criterion)

type Bench = Awaited<ReturnType<typeof bench>>
const episodesOf = async (one: Bench): Promise<readonly string[]> =>
  ((await (await one.ask('/episodes?limit=50')).json()) as { items: { id: string }[] }).items.map(
    ({ id }) => id,
  )

async function personAnswers(one: Bench, episodes: readonly string[], value: string) {
  const projectId = one.project.id
  const person = { kind: 'human', name: 'Ada', family: 'people' } as const
  const { id } = await ensureRater(db, effects, projectId, person)
  await insertRatings(
    db,
    episodes.map((episodeId) => ({
      projectId,
      id: effects.newId(),
      episodeId,
      criterionSha256: RIGHT,
      raterId: id,
      kind: 'answered',
      value,
      comment: '',
      evidence: [],
      flagged: false,
      assistance: 'none',
      commitKey: effects.newId(),
      committedAt: effects.now(),
    })),
  )
}

test('is told what somebody answered where somebody did, and asked as before elsewhere', async () => {
  const one = await bench('verify', { episodes: 4 })
  const episodes = await episodesOf(one)
  await personAnswers(one, episodes.slice(0, 2), 'no')
  const { body } = await one.start({ criteria: ['right'], verifyShare: 1 })
  expect(body).toMatchObject({ verifyShare: 1, questions: 4 })
  expect(await one.answer(body.id)).toBe('done')
  const told = asked().filter(
    ({ text }) => text.includes('Somebody answered \\"no\\".') || text.includes('Somebody answered "no".'),
  )
  expect(told).toHaveLength(2)
  expect(asked()).toHaveLength(4)
  const rows = (await one.rows()).filter(({ raterId }) => raterId === one.judge.id)
  expect(rows.map(({ episodeId, form }) => [episodes.indexOf(episodeId), form]).sort()).toEqual([
    [0, 'verify'],
    [1, 'verify'],
    [2, 'find'],
    [3, 'find'],
  ])
  expect((await one.calls()).map(({ promptVersion }) => promptVersion).sort()).toEqual([
    'leeway-judge-2',
    'leeway-judge-2',
    'leeway-judge-2-verify-1',
    'leeway-judge-2-verify-1',
  ])
  const drawn = await db.select().from(questionForms).where(eq(questionForms.projectId, one.project.id))
  expect(drawn).toHaveLength(2)
  for (const row of drawn) expect(row).toMatchObject({ form: 'verify', probability: 1, planted: false })
})

test('the form is drawn once, before it asks: of several processes, and after one was killed, all ask the same', async () => {
  const one = await bench('crash', { episodes: 12 })
  const episodes = await episodesOf(one)
  await personAnswers(one, episodes, 'no')
  const judge = await requireJudge(db, one.project.id, one.judge.id)
  const { criterion } = leaf('right', ['model', 'human'])
  // As if each had been killed after its draw.
  for (const episodeId of episodes) {
    const question = { episodeId, criterionSha256: RIGHT }
    const drawn = await Promise.all(
      Array.from({ length: 4 }, () => formOfQuestion(effects, judge, criterion, question, 0.5)),
    )
    expect(new Set(drawn).size).toBe(1)
  }
  const { body } = await one.start({ criteria: ['right'], verifyShare: 1 })
  expect(await one.answer(body.id)).toBe('done')
  const drawn = await db.select().from(questionForms).where(eq(questionForms.projectId, one.project.id))
  expect(drawn).toHaveLength(12)
  expect(new Set(drawn.map(({ form }) => form))).toEqual(new Set(['find', 'verify']))
  const forms = new Map(drawn.map(({ episodeId, form }) => [episodeId, form]))
  for (const { episodeId, form, raterId } of await one.rows())
    if (raterId === one.judge.id) expect(form).toBe(forms.get(episodeId))
})

test('wrong answers are planted by the rule, and the report has models apart, with what an answer cost', async () => {
  const one = await bench('planted', { episodes: 20 })
  const episodes = await episodesOf(one)
  const projectId = one.project.id
  await personAnswers(one, episodes, 'yes')
  await db.insert(goldAnswers).values(
    episodes.map((episodeId) => ({
      projectId,
      episodeId,
      criterionSha256: RIGHT,
      value: 'yes',
      part: 'fit',
      actor: 'person:ada',
      at: effects.now(),
    })),
  )
  await setFormRule(effects, projectId, 'person:ada', {
    criterionSha256: RIGHT,
    share: 0,
    knownShare: 1,
    plantedShare: 0.5,
  })
  const { body } = await one.start({ criteria: ['right'], verifyShare: 0.5 })
  expect(await one.answer(body.id)).toBe('done')
  const drawn = await db.select().from(questionForms).where(eq(questionForms.projectId, projectId))
  const planted = drawn.filter((row) => row.planted)
  expect(planted.length).toBeGreaterThan(0)
  for (const { proposed } of planted) expect(proposed).toBe('no')
  // The people of this project were asked nothing: the question is listed once it is.
  await one.ask('/review/questions', { json: { rubric: one.rubricId, criteria: ['right'], episodes } })
  const report = (await (await one.ask('/question-forms')).json()) as {
    questions: {
      people: unknown
      models: Record<string, { known: number; usd: number; of: number; count: number }>
    }[]
  }
  const [found] = report.questions
  expect(found?.people).toBeNull()
  const verify = drawn.filter(({ form }) => form === 'verify')
  expect(found?.models.verify).toMatchObject({ known: verify.length, right: verify.length })
  expect(found?.models.find).toMatchObject({ known: drawn.length - verify.length })
  expect(found?.models.verify?.usd).toBeGreaterThan(0)
  expect(found?.models.acceptedWrong).toMatchObject({ count: 0, of: planted.length })
})
