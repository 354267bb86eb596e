/** So many voices and no more, and a family of models is one: real PostgreSQL, and a model server over real HTTP. */
import { DeclareJudge } from '@leeway/contract/judges'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { ensureRater } from '../raters/ensure-rater.ts'
import { raterTiers } from '../raters/tables.ts'
import { insertRatings } from '../ratings/stored-ratings.ts'
import { criterionSha256 } from '../rubrics/criterion-hash.ts'
import { judgeBench, leaf, PRICE } from '../testing/judge-bench.ts'
import { logStatements } from '../testing/statement-log.ts'
import { startJudging } from './answer-runs.ts'
import { declareJudge } from './declare-judge.ts'
import { judgeRuns } from './tables.ts'

const { bench, db, models, effects, sealingKey, close } = await judgeBench()
afterAll(close)
beforeEach(() => models.otherwise({ kind: 'answer', answer: 'yes' }))

type Bench = Awaited<ReturnType<typeof bench>>
const RIGHT = criterionSha256(leaf('right', ['model', 'human']).criterion)

const another = ({ project }: Bench, name: string, family: string) =>
  declareJudge(
    effects,
    project.id,
    'test',
    DeclareJudge.parse({
      name,
      family,
      provider: 'openai-compatible',
      model: name,
      baseUrl: models.url,
      usdPerMillion: PRICE,
      timeoutSeconds: 5,
    }),
  )

const started = async (one: Bench, judge: string, voicesWanted?: number) => {
  const more = voicesWanted === undefined ? {} : { voicesWanted }
  const { status, body } = await one.start({ judge, criteria: ['right'], ...more })
  if (status !== 200) throw new Error(JSON.stringify(body))
  return String(body.id)
}
const raters = async (one: Bench) => (await one.rows()).map(({ raterId }) => raterId)

describe('two voices are wanted', () => {
  test('a second model of a family that has answered is not asked, one of another family is, and then nobody', async () => {
    const one = await bench('two', { episodes: 3, judge: { family: 'Llama' } })
    const kin = await another(one, 'bigger', ' llama')
    const other = await another(one, 'other', 'qwen')
    const third = await another(one, 'third', 'phi')
    await one.answer(await started(one, one.judge.id, 2))
    const none = await started(one, kin.id, 2)
    expect(await one.show(none)).toMatchObject({ state: 'done', questions: 0 })
    expect(await one.answer(none)).toBe('done')
    await one.answer(await started(one, other.id, 2))
    expect(await one.show(await started(one, third.id, 2))).toMatchObject({ state: 'done', questions: 0 })
    expect((await raters(one)).sort()).toEqual([one.judge.id, other.id].flatMap((id) => [id, id, id]).sort())
    // Without a number each model may answer, and is no voice more.
    await one.answer(await started(one, kin.id))
    expect(await raters(one)).toHaveLength(9)
    expect(await one.show(await started(one, third.id, 3))).toMatchObject({ questions: 3 })
  })

  test('a run that was started before is not wanted any more where the family has answered since', async () => {
    const one = await bench('before', { episodes: 2, judge: { family: 'llama' } })
    const kin = await another(one, 'bigger', 'llama')
    const late = await started(one, kin.id, 2)
    expect(await one.show(late)).toMatchObject({ questions: 2 })
    await one.answer(await started(one, one.judge.id, 2))
    expect(await one.answer(late)).toBe('done')
    expect(await one.show(late)).toMatchObject({ state: 'done', questions: 0 })
    expect(new Set(await raters(one))).toEqual(new Set([one.judge.id]))
  })

  test('a run with nothing left to ask goes on when a voice is heard no more', async () => {
    const one = await bench('again', { episodes: 2, judge: { family: 'llama' } })
    const kin = await another(one, 'bigger', 'llama')
    const late = await started(one, kin.id, 2)
    await one.answer(await started(one, one.judge.id, 2))
    const log = logStatements()
    const judging = startJudging(effects, sealingKey, 5)
    try {
      let seen = 0
      const sent = async (words: string) => {
        seen += log.take().filter((statement) => statement.includes(words)).length
        return seen
      }
      // All of this database, each once at least, and then it goes round again.
      const many = (await db.select().from(judgeRuns)).length
      await expect.poll(() => sent('jsonb_array_elements_text(judge_runs.scope')).toBeGreaterThanOrEqual(many)
      seen = 0
      await expect.poll(() => sent('from "judge_runs" order by')).toBeGreaterThan(2)
      await db.insert(raterTiers).values({
        projectId: one.project.id,
        raterId: one.judge.id,
        id: effects.newId(),
        tier: 'suspended',
        reason: 'for the test',
        actor: 'test',
        at: effects.now(),
      })
      effects.advance(61_000)
      await expect.poll(async () => (await one.show(late)).answered).toBe(2)
    } finally {
      await judging.stop()
      log.stop()
    }
    expect((await raters(one)).filter((id) => id === kin.id)).toHaveLength(2)
  })

  test('of two models of one family that are asked at the same time, one answers each question', async () => {
    const one = await bench('race', { episodes: 12, judge: { family: 'llama' } })
    const kin = await another(one, 'bigger', 'llama')
    const runs = [await started(one, one.judge.id, 2), await started(one, kin.id, 2)]
    await Promise.all(runs.map((run) => one.answer(run)))
    while ((await Promise.all(runs.map((run) => one.answer(run)))).includes('resting'));
    const episodes = (await one.rows()).map(({ episodeId }) => episodeId)
    expect(episodes).toHaveLength(12)
    expect(new Set(episodes).size).toBe(12)
  })

  test('trusted people are a voice each; trainees, abstentions and checks are none', async () => {
    const one = await bench('people', { episodes: 4, judge: { family: 'llama' } })
    const { project } = one
    const run = await started(one, one.judge.id, 2)
    await one.answer(run)
    const episodes = [...new Set((await one.rows()).map(({ episodeId }) => episodeId))]
    const say = async (name: string, tier: 'trainee' | 'vetted', at: number, more: object = {}) => {
      const row = await ensureRater(db, effects, project.id, { kind: 'human', name, family: 'people' })
      await db.insert(raterTiers).values({
        projectId: project.id,
        raterId: row.id,
        id: effects.newId(),
        tier,
        reason: 'for the test',
        actor: 'test',
        at: effects.now(),
      })
      await insertRatings(db, [
        {
          projectId: project.id,
          id: effects.newId(),
          episodeId: episodes[at] ?? '',
          criterionSha256: RIGHT,
          raterId: row.id,
          kind: 'answered',
          value: 'yes',
          comment: '',
          evidence: [],
          flagged: false,
          assistance: 'none',
          commitKey: effects.newId(),
          committedAt: effects.now(),
          ...more,
        },
      ])
    }
    await say('Ada', 'vetted', 0)
    await say('Ben', 'trainee', 1)
    await say('Cleo', 'vetted', 2, { kind: 'abstained', value: null, reason: 'unclear-question' })
    await say('Dan', 'vetted', 3, { form: 'verify' })
    const other = await another(one, 'other', 'qwen')
    await one.answer(await started(one, other.id, 2))
    const asked = (await one.rows()).filter(({ raterId }) => raterId === other.id)
    expect(asked.map(({ episodeId }) => episodeId).sort()).toEqual(episodes.slice(1).sort())
  })

  test('a check is none of the voices wanted, so both cannot be asked for', async () => {
    const one = await bench('checks')
    const { status, body } = await one.start({ voicesWanted: 2, verifyShare: 0.5 })
    expect({ status, field: body.field }).toEqual({ status: 422, field: 'verifyShare' })
  })
})
