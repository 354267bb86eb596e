/**
 * What tests of model raters need: a server, a model server over real HTTP, and projects with episodes, a rubric and a
 * judge.
 *
 *     const { bench, models, close } = await judgeBench()      // afterAll(close)
 *     const one = await bench('name', { episodes: 3 })
 *     const { body } = await one.start()
 *     await one.answer(body.id)
 */
import { DeclareJudge, JudgeRunView, SpendView } from '@leeway/contract/judges'
import { episodeLine } from '@leeway/core/episodes/formats/leeway-jsonl'
import { criteriaOf, type Rubric, type RubricLeaf } from '@leeway/core/rubrics/rubric'
import { eq } from 'drizzle-orm'
import { deriveKeys } from '../accounts/derived-keys.ts'
import type { Database } from '../db/connect.ts'
import { sampleEpisode, sampleStep } from '../episodes/sample-episode.ts'
import { answerRun } from '../models/answer-runs.ts'
import { declareJudge } from '../models/declare-judge.ts'
import { setSpendLimit } from '../models/spend.ts'
import { modelCalls } from '../models/tables.ts'
import { createProject } from '../projects/create-project.ts'
import { agents } from '../projects/tables.ts'
import { ratings } from '../ratings/tables.ts'
import { criterionSha256, rubricSha256 } from '../rubrics/criterion-hash.ts'
import { insertCriteria } from '../rubrics/stored-rubrics.ts'
import { rubrics } from '../rubrics/tables.ts'
import { testDatabase } from './database.ts'
import { fakeModelServer } from './fake-model-server.ts'
import { type TestRequest, testServer } from './test-server.ts'

export const leaf = (id: string, answeredBy: RubricLeaf['criterion']['answeredBy']): RubricLeaf => ({
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
export const PRICE = { input: 1, output: 2 }
/** Of one answer: 120 tokens in and 30 out. */
export const COST = (120 * 1 + 30 * 2) / 1e6

export async function judgeBench() {
  const database = await testDatabase({ connectionsMax: 30 })
  const models = await fakeModelServer()
  const server = await testServer(database.db)
  const { effects } = server
  const { sealingKey } = deriveKeys(new Uint8Array(32).fill(7))

  /** A project of its own with so many episodes, a rubric and a judge. */
  const bench = async (
    name: string,
    options: {
      readonly episodes?: number
      readonly judge?: Partial<Parameters<typeof DeclareJudge.parse>[0] & object>
      readonly usdPerDay?: number
      /** What each episode says, in place of its number. */
      readonly text?: string
    } = {},
  ) => {
    const { project } = await createProject(effects, { slug: name, name }, { actor: 'test' })
    const token = await server.key(['read', 'ingest', 'admin'], project)
    const ask = (path: string, request: TestRequest = {}) =>
      server.request(`/api/projects/${name}${path}`, { token, ...request })
    const lines = Array.from({ length: options.episodes ?? 2 }, (_, number) =>
      episodeLine(
        sampleEpisode(options.text === undefined ? number : 0, {
          steps: [sampleStep(0), sampleStep(1, { content: options.text ?? `run ${number}` })],
        }),
      ),
    )
    const imported = await ask('/episodes/import?agent=desk&policy=v1', {
      method: 'POST',
      body: lines.join('\n'),
      headers: { 'content-type': 'application/octet-stream' },
    })
    if (!(await imported.text()).includes('"refused":0')) throw new Error('episodes were refused')
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
    await insertCriteria(
      database.db,
      criteriaOf(rubric).map((criterion) => ({
        projectId: project.id,
        sha256: criterionSha256(criterion),
        definition: criterion,
        createdAt: effects.now(),
      })),
    )
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
    /** As one process would, once. */
    const answer = (run: unknown, db: Database = database.db) =>
      answerRun(
        { ...effects, db },
        sealingKey,
        { projectId: project.id, id: String(run) },
        { stop: new AbortController().signal, wait: async () => {} },
      )
    return {
      project,
      answer,
      agentId: agent?.id ?? '',
      rubricId,
      judge,
      ask,
      start,
      show,
      spend,
      rows,
      calls,
    }
  }

  return {
    db: database.db,
    models,
    effects,
    sealingKey,
    bench,
    close: async () => {
      await server.close()
      await models.close()
      await database.close()
    },
  }
}
