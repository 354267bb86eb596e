/** People who are asked three questions about episodes, over HTTP. */
import { randomUUID } from 'node:crypto'
import { NextQuestion } from '@leeway/contract/review'
import { episodeLine } from '@leeway/core/episodes/formats/leeway-jsonl'
import { eq } from 'drizzle-orm'
import { expect } from 'vitest'
import { sampleEpisode, sampleStep } from '../episodes/sample-episode.ts'
import { raters, raterTiers } from '../raters/tables.ts'
import { testDatabase } from './database.ts'
import { testServer } from './test-server.ts'

const RUBRIC = `
name: desk
combine: all
question: Did the agent follow the instructions?
answeredBy: [human]
children:
  - id: polite
    question: Was it polite?
    scale: { ordinal: [rude, plain, kind] }
    answeredBy: [human]
  - id: share
    question: Which share of the order did find_order settle?
    scale: { number: { min: 0, max: 10 } }
    answeredBy: [human, model]
`

export type Reply = {
  ratingId: string
  code: string
  detail: string
  hint: string
  progress: object
  question: object
}

export async function reviewWorld() {
  const database = await testDatabase({ connectionsMax: 12 })
  const server = await testServer(database.db, {
    rateLimits: { address: { burst: 1_000, perMinute: 1_000 }, key: { burst: 10_000, perMinute: 10_000 } },
  })
  const { effects, operatorToken: token } = server

  const path = (rest: string) => `/api/projects/default${rest}`
  const post = (cookie: string, rest: string, json: object) => server.request(path(rest), { cookie, json })
  const admin = async (rest: string, json?: object) => {
    const answer = await server.request(path(rest), { token, ...(json === undefined ? {} : { json }) })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${rest}: ${answer.status} ${text}`)
    return JSON.parse(text)
  }

  await admin('/policies', { agent: 'desk', name: 'p0', config: {} })
  const { id: rubric } = await admin('/rubrics', { agent: 'desk', source: RUBRIC })
  let count = 0
  /** As many new episodes, with one question each. */
  async function ask(
    many: number,
    criteria: readonly string[],
    answersWanted = 1,
  ): Promise<readonly string[]> {
    const policy = `p${++count}`
    const lines = Array.from({ length: many }, (_, index) =>
      episodeLine(
        sampleEpisode(count * 1_000 + index, {
          steps: [
            sampleStep(0),
            sampleStep(1, { kind: 'tool_call', name: 'find_order', content: {}, callId: 'c' }),
            sampleStep(2, { kind: 'tool_result', name: 'find_order', content: {}, callId: 'c' }),
          ],
        }),
      ),
    )
    await server
      .request(path(`/episodes/import?agent=desk&policy=${policy}`), {
        token,
        body: lines.join('\n'),
        headers: { 'content-type': 'application/octet-stream' },
      })
      .then((answer) => answer.text())
    const { items } = await admin(`/episodes?policy=${policy}&limit=200`)
    const ids: readonly string[] = items.map(({ id }: { id: string }) => id)
    await admin('/review/questions', { rubric, criteria, episodes: ids, answersWanted })
    return ids
  }
  /** With the id of the episode in the place of what raters call it. */
  const next = async (cookie: string, mode = 'focus') => {
    const found = NextQuestion.parse(await (await post(cookie, '/review/next', { mode })).json())
    return found.question === null
      ? found
      : { ...found, question: { ...found.question, episodeId: server.episodeOf(found.question.episodeId) } }
  }
  const commit = (value: string | number, more: object = {}) => ({
    commitKey: randomUUID(),
    answer: { kind: 'answered', value },
    startedAt: effects.now().toISOString(),
    ...more,
  })
  const skip = () => ({ ...commit(0), answer: { kind: 'abstained', reason: 'too-hard' } })
  const answer = async (cookie: string, assignmentId: string, body: object) => {
    const response = await post(cookie, `/review/${assignmentId}/answer`, body)
    return { status: response.status, body: (await response.json()) as Reply }
  }
  /** Everything that is open is answered, so that the next test starts with an empty queue. */
  async function drain(cookie: string): Promise<readonly string[]> {
    const seen: string[] = []
    for (;;) {
      const { question } = await next(cookie)
      if (question === null) return seen
      seen.push(question.episodeId)
      expect((await answer(cookie, question.assignmentId, skip())).status).toBe(200)
    }
  }
  async function trust(name: string, tier: 'vetted' | 'expert' | 'suspended') {
    const [row] = await effects.db.select().from(raters).where(eq(raters.name, name))
    if (row === undefined) throw new Error(`${name} has not reviewed yet`)
    await effects.db.insert(raterTiers).values({
      projectId: server.project.id,
      raterId: row.id,
      id: effects.newId(),
      tier,
      reason: 'for the test',
      actor: 'person:ada',
      at: effects.now(),
    })
  }

  // Something to skip: who never reviewed is no rater yet.
  await ask(1, ['root'])
  return {
    database,
    server,
    effects,
    token,
    path,
    post,
    admin,
    rubric,
    ask,
    next,
    commit,
    skip,
    answer,
    drain,
    trust,
    close: async () => {
      await server.close()
      await database.close()
    },
  }
}
