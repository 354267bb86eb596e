/** Runs of model raters: real PostgreSQL, a model server over real HTTP, and failures between any two steps. */
import { DeclareJudge, JudgeRunView, SpendView } from '@leeway/contract/judges'
import { RaterSummary } from '@leeway/contract/raters'
import { episodeLine } from '@leeway/core/episodes/formats/leeway-jsonl'
import type { Rubric, RubricLeaf } from '@leeway/core/rubrics/rubric'
import { and, eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { deriveKeys } from '../accounts/derived-keys.ts'
import { createProviderKey, revokeProviderKey } from '../accounts/provider-keys.ts'
import type { Database } from '../db/connect.ts'
import { sampleEpisode, sampleStep } from '../episodes/sample-episode.ts'
import { createProject } from '../projects/create-project.ts'
import { agents } from '../projects/tables.ts'
import { ratings } from '../ratings/tables.ts'
import { criterionSha256, rubricSha256 } from '../rubrics/criterion-hash.ts'
import { rubrics } from '../rubrics/tables.ts'
import { testDatabase } from '../testing/database.ts'
import { fakeModelServer, type ModelReply } from '../testing/fake-model-server.ts'
import { type TestRequest, testServer } from '../testing/test-server.ts'
import { answerRun, startJudging } from './answer-runs.ts'
import { askMsMax } from './ask-judge.ts'
import { declareJudge } from './declare-judge.ts'
import { episodesToAsk } from './judge-store.ts'
import { readSpend, setSpendLimit } from './spend.ts'
import { modelCalls, spendReservations } from './tables.ts'

const database = await testDatabase({ connectionsMax: 30 })
const models = await fakeModelServer()
const server = await testServer(database.db)
const { effects } = server
const { sealingKey } = deriveKeys(new Uint8Array(32).fill(7))
afterAll(async () => {
  await server.close()
  await models.close()
  await database.close()
})

const leaf = (id: string, answeredBy: RubricLeaf['criterion']['answeredBy']): RubricLeaf => ({
  kind: 'leaf',
  weight: 1,
  required: false,
  check: null,
  criterion: {
    id,
    question: `Is ${id} so?`,
    scale: { kind: 'yes-no', good: 'yes' },
    guidance: '',
    answeredBy,
  },
})
const rubric: Rubric = {
  name: 'desk',
  root: {
    kind: 'parent',
    id: 'root',
    weight: 1,
    required: false,
    criterion: null,
    combine: 'all',
    children: [leaf('polite', ['model']), leaf('right', ['model', 'human']), leaf('fast', ['program'])],
  },
}
const PRICE = { input: 1, output: 2 }
/** 120 tokens in and 30 out. */
const COST = (120 * 1 + 30 * 2) / 1e6

/** A project of its own with so many episodes, a rubric and a judge. */
async function bench(
  name: string,
  options: {
    readonly episodes?: number
    readonly judge?: Partial<Parameters<typeof DeclareJudge.parse>[0] & object>
    readonly usdPerDay?: number
    readonly equal?: boolean
  } = {},
) {
  const { project } = await createProject(effects, { slug: name, name }, { actor: 'test' })
  const token = await server.key(['read', 'ingest', 'admin'], project)
  const ask = (path: string, request: TestRequest = {}) =>
    server.request(`/api/projects/${name}${path}`, { token, ...request })
  const lines = Array.from({ length: options.episodes ?? 2 }, (_, number) =>
    episodeLine(
      sampleEpisode(options.equal === true ? 0 : number, {
        steps: [sampleStep(0), sampleStep(1, { content: options.equal === true ? 'same' : `run ${number}` })],
      }),
    ),
  )
  const imported = await ask('/episodes/import?agent=desk&policy=v1', {
    method: 'POST',
    body: lines.join('\n'),
    headers: { 'content-type': 'application/octet-stream' },
  })
  expect(await imported.text()).toContain('"refused":0')
  const [agent] = await database.db.select().from(agents).where(eq(agents.projectId, project.id))
  const rubricId = effects.newId()
  await database.db.insert(rubrics).values({
    projectId: project.id,
    id: rubricId,
    agentId: agent?.id ?? '',
    name: rubric.name,
    version: 1,
    sha256: rubricSha256(rubric),
    definition: rubric,
    source: '',
    createdBy: 'test',
    createdAt: effects.now(),
  })
  const judge = await declareJudge(
    effects,
    project.id,
    'test',
    DeclareJudge.parse({
      name: 'fake',
      provider: 'openai-compatible',
      model: 'test-model',
      baseUrl: models.url,
      usdPerMillion: PRICE,
      timeoutSeconds: 5,
      ...options.judge,
    }),
  )
  if (options.usdPerDay !== 0) await setSpendLimit(effects, project.id, 'test', options.usdPerDay ?? 100)
  const start = async (more: object = {}) => {
    const answer = await ask('/judges/runs', { json: { judge: judge.id, rubric: rubricId, ...more } })
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
  }
  const show = async (run: string) => JudgeRunView.parse(await (await ask(`/judges/runs/${run}`)).json())
  const spend = async () => SpendView.parse(await (await ask('/judges/spend')).json())
  const rows = () => database.db.select().from(ratings).where(eq(ratings.projectId, project.id))
  const calls = () => database.db.select().from(modelCalls).where(eq(modelCalls.projectId, project.id))
  return { project, agentId: agent?.id ?? '', rubricId, judge, ask, start, show, spend, rows, calls }
}
type Bench = Awaited<ReturnType<typeof bench>>

const stop = new AbortController().signal
const answer = (one: Bench, run: unknown, db: Database = database.db) =>
  answerRun(
    { ...effects, db },
    sealingKey,
    { projectId: one.project.id, id: String(run) },
    { stop, wait: async () => {} },
  )

let before = 0
const asked = () => models.requests.slice(before)
beforeEach(() => {
  before = models.requests.length
  models.otherwise({ kind: 'answer', answer: 'yes', probability: 0.75 })
})

describe('a run', () => {
  let one: Bench
  beforeAll(async () => {
    one = await bench('plain', { episodes: 3 })
  })

  test('answers what models may answer, on each episode once, with cost and tokens', async () => {
    models.otherwise(({ text }) =>
      text.includes('run 1')
        ? { kind: 'refusal', text: 'No.' }
        : { kind: 'answer', answer: 'no', probability: 0.75, reason: 'So.' },
    )
    const { status, body } = await one.start()
    expect(status).toBe(200)
    expect(body).toMatchObject({ state: 'running', questions: 6, answered: 0, abstained: 0, costUsd: null })
    expect(await answer(one, body.id)).toBe('done')
    expect(asked()).toHaveLength(6)
    const view = await one.show(String(body.id))
    expect(view).toMatchObject({ state: 'done', why: null, questions: 6, answered: 4, abstained: 2 })
    expect(view).toMatchObject({ inputTokens: 720, outputTokens: 180, judgeName: 'fake' })
    expect(view.costUsd).toBeCloseTo(6 * COST, 12)
    const rows = await one.rows()
    expect(rows.filter(({ kind }) => kind === 'answered')).toHaveLength(4)
    for (const row of rows)
      expect(row).toMatchObject(
        row.kind === 'answered'
          ? { value: 'no', reason: null, comment: 'So.', evidence: [1], raterId: one.judge.id }
          : { kind: 'abstained', value: null, reason: 'refused', probability: null },
      )
    expect(rows.find(({ kind }) => kind === 'answered')?.probability).toBeCloseTo(0.75, 10)
    const spent = await one.spend()
    expect(spent.spentTodayUsd).toBeCloseTo(6 * COST, 12)
    expect(spent.reservedUsd).toBe(0)
    for (const call of await one.calls()) expect(call).toMatchObject({ promptVersion: 'leeway-judge-1' })
  })

  test('asks nothing that it has asked before', async () => {
    const { body } = await one.start()
    expect(body).toMatchObject({ state: 'done', questions: 0 })
    expect(await answer(one, body.id)).toBe('done')
    expect(asked()).toHaveLength(0)
  })

  test('is listed, and counted in the summary of its judge', async () => {
    const { items } = (await (await one.ask('/judges/runs')).json()) as { items: unknown[] }
    expect(items).toHaveLength(2)
    const again = await one.ask('/judges', {
      json: {
        name: 'fake',
        provider: 'openai-compatible',
        model: 'test-model',
        baseUrl: models.url,
        usdPerMillion: PRICE,
        timeoutSeconds: 5,
      },
    })
    const summary = RaterSummary.parse(await again.json())
    expect(summary).toMatchObject({ id: one.judge.id, ratings: 6, abstained: 2, tier: 'untrusted' })
    expect(summary.usdAnAnswer).toBeCloseTo(COST, 12)
    expect(summary.lastRatingAt).toBe(effects.now().toISOString())
  })

  test('its judge is listed with what makes it one, and without its key', async () => {
    const { items } = (await (await one.ask('/judges')).json()) as { items: unknown[] }
    expect(items).toMatchObject([
      {
        id: one.judge.id,
        provider: 'openai-compatible',
        model: 'test-model',
        baseUrl: models.url,
        keyName: null,
        promptVersion: 'leeway-judge-1',
        usdPerMillion: PRICE,
        timeoutSeconds: 5,
        ratings: 6,
        abstained: 2,
      },
    ])
  })

  test('can be held to some questions and to the newest episodes', async () => {
    const few = await bench('few', { episodes: 4 })
    const { body } = await few.start({ criteria: ['right'], episodesMax: 2 })
    expect(body).toMatchObject({ questions: 2 })
    await answer(few, body.id)
    expect(asked().every(({ text }) => text.includes('Is right so?'))).toBe(true)
    const toAsk = await episodesToAsk(database.db, {
      projectId: few.project.id,
      agentId: few.agentId,
      raterId: few.judge.id,
      criteria: [criterionSha256(leaf('right', ['model', 'human']).criterion)],
      limit: 10,
    })
    const rated = (await few.rows()).map(({ episodeId }) => episodeId)
    expect(rated.every((id) => toAsk.every((other) => id > other))).toBe(true)
    expect(toAsk).toHaveLength(2)
  })

  test('two episodes with the very same text cost one call a question', async () => {
    const same = await bench('same', { episodes: 2, equal: true })
    const { body } = await same.start()
    expect(body).toMatchObject({ questions: 4 })
    while ((await answer(same, body.id)) !== 'done');
    expect(asked()).toHaveLength(2)
    expect(await same.rows()).toHaveLength(4)
    expect((await same.show(String(body.id))).costUsd).toBeCloseTo(2 * COST, 12)
  })

  test('sends the key that is stored now, and rests while there is none', async () => {
    const wanted = { provider: 'local', name: 'judge key', secret: 'sk-first' }
    const keyed = await bench('keyed', { episodes: 1 })
    const key = await createProviderKey(effects, sealingKey, keyed.project, 'test', wanted)
    const judge = await declareJudge(
      effects,
      keyed.project.id,
      'test',
      DeclareJudge.parse({
        name: 'keyed',
        provider: 'openai-compatible',
        model: 'm',
        baseUrl: models.url,
        providerKeyId: key.id,
        usdPerMillion: PRICE,
      }),
    )
    const { body } = await keyed.start({ judge: judge.id, criteria: ['right'] })
    await revokeProviderKey(effects, keyed.project, 'test', key.id)
    expect(await answer(keyed, body.id)).toBe('resting')
    expect(await keyed.show(String(body.id))).toMatchObject({
      state: 'paused',
      why: expect.stringContaining('"judge key" was removed'),
    })
    await createProviderKey(effects, sealingKey, keyed.project, 'test', { ...wanted, secret: 'sk-second' })
    expect(await answer(keyed, body.id)).toBe('done')
    expect(asked().map(({ headers }) => headers.authorization)).toEqual(['Bearer sk-second'])
    expect(JSON.stringify(await keyed.calls())).not.toContain('sk-second')
  })
})

describe('what cannot be', () => {
  test('is refused with a reason', async () => {
    const one = await bench('refused', { episodes: 1 })
    const cases = [
      [{ criteria: ['fast'] }, 422, 'The question "fast" is not for models.'],
      [{ criteria: ['no'] }, 422, 'The rubric has no question "no".'],
      [{ rubric: effects.newId() }, 404, 'There is no such rubric'],
      [{ judge: effects.newId() }, 404, 'There is no such model rater'],
    ] as const
    for (const [more, status, detail] of cases) {
      const refused = await one.start(more)
      expect(refused.status).toBe(status)
      expect(refused.body.detail).toContain(detail)
    }
    const declare = async (more: object) => {
      const base = { name: 'j', provider: 'openai-compatible', model: 'm', baseUrl: models.url }
      const refused = await one.ask('/judges', { json: { ...base, ...more } })
      return { status: refused.status, body: (await refused.json()) as Record<string, unknown> }
    }
    expect(await declare({ providerKeyId: effects.newId() })).toMatchObject({ status: 404 })
    expect(await declare({ baseUrl: 'http://user:secret@localhost/v1' })).toMatchObject({ status: 422 })
    expect(await declare({ provider: 'anthropic' })).toMatchObject({
      status: 422,
      body: { field: 'providerKeyId' },
    })
    const { body: priceless } = await declare({})
    const refused = await one.start({ judge: priceless.id })
    expect(refused).toMatchObject({
      status: 422,
      body: { detail: expect.stringContaining('The price of "j" is not known') },
    })
  })

  test('nothing is spent unasked: without a limit a run rests, and says so', async () => {
    const one = await bench('unasked', { episodes: 1, usdPerDay: 0 })
    const { body } = await one.start()
    expect(await answer(one, body.id)).toBe('resting')
    expect(asked()).toHaveLength(0)
    expect(await one.show(String(body.id))).toMatchObject({
      state: 'paused',
      why: expect.stringContaining('The spend limit of $0.0000 a day is reached'),
    })
    await one.ask('/judges/spend', { method: 'PUT', json: { usdPerDay: 1 } })
    expect(await answer(one, body.id)).toBe('done')
  })

  test('an endpoint that costs nothing needs no limit', async () => {
    const free = { usdPerMillion: { input: 0, output: 0 } }
    const one = await bench('free', { episodes: 1, usdPerDay: 0, judge: free })
    const { body } = await one.start()
    expect(await answer(one, body.id)).toBe('done')
    expect(await one.show(String(body.id))).toMatchObject({ costUsd: 0, answered: 2 })
  })

  test('an endpoint that is down stops the run after a few questions, and it goes on later', async () => {
    const one = await bench('down', { episodes: 20 })
    models.otherwise({ kind: 'status', status: 401 })
    const { body } = await one.start()
    expect(await answer(one, body.id)).toBe('resting')
    const lost = (await one.rows()).length
    expect(lost).toBeGreaterThanOrEqual(3)
    expect(lost).toBeLessThanOrEqual(6)
    const view = await one.show(String(body.id))
    expect(view).toMatchObject({ state: 'paused', abstained: lost, answered: 0, costUsd: 0 })
    expect(view.why).toContain('The endpoint answered 401.')
    expect(await answer(one, body.id)).toBe('resting')
    expect(await one.rows()).toHaveLength(lost)
    models.otherwise({ kind: 'answer', answer: 'yes' })
    effects.advance(5 * 60_000 + 1)
    expect(await answer(one, body.id)).toBe('done')
    expect(await one.show(String(body.id))).toMatchObject({
      questions: 40,
      answered: 40 - lost,
      abstained: lost,
    })
  })

  test('a time without usage counts as the most it can have cost', async () => {
    const one = await bench('silent', { episodes: 1, judge: { timeoutSeconds: 1 } })
    models.otherwise({ kind: 'silence' })
    const { body } = await one.start({ criteria: ['right'] })
    expect(await answer(one, body.id)).toBe('done')
    const [row] = await one.rows()
    expect(row).toMatchObject({ kind: 'abstained', reason: 'timeout', value: null })
    const { spentTodayUsd, reservedUsd } = await one.spend()
    expect(spentTodayUsd).toBeGreaterThan(10 * COST)
    expect(reservedUsd).toBe(0)
  })
})

describe('a crash', () => {
  /** The n-th transaction of one question: 1 claims it, 2 records it. */
  const points = [
    ['before the claim is written', 1, 'before', 1],
    ['after the claim, before the model is asked', 1, 'after', 1],
    ['after the model answered, before anything is recorded', 2, 'instead', 2],
    ['within the recording', 2, 'before', 2],
    ['after the recording', 2, 'after', 1],
  ] as const
  test.each(points)('%s: asked no recorded question twice', async (name, transaction, when, requests) => {
    const one = await bench(`crash-${points.findIndex(([other]) => other === name)}`, { episodes: 1 })
    const { body } = await one.start({ criteria: ['right'] })
    const run = body.id
    await expect(answer(one, run, crashing(database.db, transaction, when))).rejects.toThrow('killed')

    // Whoever comes next finds either a question that nobody holds, or has to wait until the claim has run out.
    const outcome = await answer(one, run)
    if (outcome === 'resting') {
      const held = await one.spend()
      expect(held.reservedUsd).toBeGreaterThan(COST)
      effects.advance(askMsMax({ timeoutMs: 5_000 }) + 1)
      expect(await answer(one, run)).toBe('done')
      // The call that nobody recorded may have cost money; it counts until the day ends.
      expect((await one.spend()).reservedUsd).toBeCloseTo(held.reservedUsd, 12)
    }
    expect(asked()).toHaveLength(requests)
    expect(await one.rows()).toHaveLength(1)
    expect(await one.calls()).toHaveLength(1)
    expect(await answer(one, run)).toBe('done')
    expect(asked()).toHaveLength(requests)
    expect(await one.show(String(run))).toMatchObject({ state: 'done', answered: 1 })
  })

  test('what it left behind counts no more the day after', async () => {
    const one = await bench('next-day', { episodes: 1 })
    const { body } = await one.start({ criteria: ['right'] })
    await expect(answer(one, body.id, crashing(database.db, 2, 'instead'))).rejects.toThrow('killed')
    expect((await one.spend()).reservedUsd).toBeGreaterThan(0)
    effects.advance(86_400_000)
    expect((await one.spend()).reservedUsd).toBe(0)
    expect(await answer(one, body.id)).toBe('done')
    const left = await database.db
      .select()
      .from(spendReservations)
      .where(and(eq(spendReservations.projectId, one.project.id)))
    expect(left).toEqual([])
  })
})

test('many at once: each question is asked once, and the limit is never exceeded', async () => {
  const one = await bench('many', { episodes: 30, usdPerDay: 0.02 })
  const { body } = await one.start()
  expect(body).toMatchObject({ questions: 60 })
  const seen: number[] = []
  const slow = (): ModelReply => ({ kind: 'answer', answer: 'yes', probability: 0.9 })
  models.otherwise(slow)
  let watching = true
  const watch = (async () => {
    while (watching) {
      const { spentTodayUsd, reservedUsd } = await readSpend(database.db, one.project.id, effects.now())
      seen.push(spentTodayUsd + reservedUsd)
    }
  })()
  const rounds = async () => {
    while ((await answer(one, body.id)) !== 'done') if ((await one.spend()).reservedUsd === 0) return
  }
  await Promise.all(Array.from({ length: 8 }, rounds))
  watching = false
  await watch
  const requests = asked().length
  expect(Math.max(...seen)).toBeLessThanOrEqual(0.02 + 1e-12)
  // Several were under way at once: else nothing was tried.
  expect(Math.max(...seen)).toBeGreaterThan(0.01)
  expect(await one.calls()).toHaveLength(requests)
  const view = await one.show(String(body.id))
  expect(view.answered).toBe(requests)
  expect(new Set((await one.rows()).map((row) => `${row.episodeId}:${row.criterionSha256}`)).size).toBe(
    requests,
  )
  await setSpendLimit(effects, one.project.id, 'test', 10)
  await Promise.all(Array.from({ length: 8 }, rounds))
  expect(await one.show(String(body.id))).toMatchObject({ state: 'done', answered: 60 })
  expect(asked()).toHaveLength(60)
})

test('the background loop answers runs as they come, and stops at once in the middle of a question', async () => {
  const one = await bench('loop', { episodes: 2 })
  const { body } = await one.start()
  const judging = startJudging(effects, sealingKey, 5)
  await models.received(before + 4)
  await expect.poll(async () => (await one.show(String(body.id))).state).toBe('done')
  const two = await bench('loop-two', { episodes: 1 })
  models.otherwise({ kind: 'silence' })
  await two.start()
  await models.received(before + 5)
  await judging.stop()
  expect(await two.rows()).toEqual([])
  expect((await two.spend()).reservedUsd).toBeGreaterThan(0)
})

/** A database whose n-th transaction ends as if the process had been killed there. */
function crashing(db: Database, count: number, when: 'before' | 'instead' | 'after'): Database {
  let seen = 0
  return new Proxy(db, {
    get: (target, name) => {
      if (name !== 'transaction') return Reflect.get(target, name)
      return async (work: Parameters<Database['transaction']>[0]) => {
        seen += 1
        if (seen !== count) return target.transaction(work)
        if (when === 'instead') throw new Error('killed')
        const done = await target.transaction(async (tx) => {
          const result = await work(tx)
          if (when === 'before') throw new Error('killed')
          return result
        })
        if (when === 'after') throw new Error('killed')
        return done
      }
    },
  })
}
