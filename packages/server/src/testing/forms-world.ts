/** Questions of their own for each test, put to people in both forms. */
import { randomUUID } from 'node:crypto'
import { FormReport } from '@leeway/contract/question-forms'
import { Committed, NextQuestion, type ReviewQuestion } from '@leeway/contract/review'
import { episodeLine } from '@leeway/core/episodes/formats/leeway-jsonl'
import { eq } from 'drizzle-orm'
import { expect } from 'vitest'
import { sampleEpisode, sampleStep } from '../episodes/sample-episode.ts'
import { raters, raterTiers } from '../raters/tables.ts'
import { testDatabase } from './database.ts'
import { joinProject } from './join-project.ts'
import { testServer } from './test-server.ts'

export async function formsWorld() {
  const database = await testDatabase({ connectionsMax: 12 })
  const server = await testServer(database.db, {
    rateLimits: { address: { burst: 1_000, perMinute: 1_000 }, key: { burst: 10_000, perMinute: 10_000 } },
  })
  const { effects, operatorToken: token } = server
  const projectId = server.project.id

  let count = 0
  const path = (rest: string) => `/api/projects/default${rest}`
  const admin = async (rest: string, json?: object) => {
    const answer = await server.request(path(rest), { token, ...(json === undefined ? {} : { json }) })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${rest}: ${answer.status} ${text}`)
    return JSON.parse(text)
  }
  const as = async (cookie: string, rest: string, json?: object) => {
    const answer = await server.request(path(rest), { cookie, ...(json === undefined ? {} : { json }) })
    return { status: answer.status, text: await answer.text() }
  }
  /** Of this test's question: what other tests left open is skipped. */
  const next = async (cookie: string): Promise<ReviewQuestion | null> => {
    const sent = await as(cookie, '/review/next', { mode: 'focus' })
    const { question } = NextQuestion.parse(JSON.parse(sent.text))
    if (question === null || question.question.includes(` ${count} `)) return question
    await as(cookie, `/review/${question.assignmentId}/answer`, {
      ...commit(''),
      answer: { kind: 'abstained', reason: 'too-hard' },
    })
    return next(cookie)
  }
  const commit = (value: string, more: object = {}) => ({
    commitKey: randomUUID(),
    answer: { kind: 'answered', value },
    startedAt: new Date(effects.now().getTime() - 60_000).toISOString(),
    showsCritique: true,
    ...more,
  })
  const answer = async (cookie: string, question: ReviewQuestion, value: string, seconds = 60) => {
    const sent = await as(
      cookie,
      `/review/${question.assignmentId}/answer`,
      commit(value, { startedAt: new Date(effects.now().getTime() - seconds * 1_000).toISOString() }),
    )
    expect(sent.status, sent.text).toBe(200)
    return Committed.parse(JSON.parse(sent.text))
  }
  const episodeOf = ({ episodeId }: ReviewQuestion) => server.episodeOf(episodeId)
  const report = async () => FormReport.parse(await admin('/question-forms')).questions

  /** A question of its own in each test. */
  async function ask(many: number, { isWork = true, answersWanted = 1 } = {}) {
    const name = `desk${++count}`
    const body = Array.from({ length: many }, (_, index) =>
      episodeLine(
        sampleEpisode(count * 1_000 + index, {
          steps: [sampleStep(0, { content: `Refund order ${index}.` }), sampleStep(1, { content: 'Done.' })],
        }),
      ),
    ).join('\n')
    const sent = await server.request(path(`/episodes/import?agent=${name}&policy=p`), {
      token,
      body,
      headers: { 'content-type': 'application/octet-stream' },
    })
    await sent.text()
    const { items } = await admin(`/episodes?agent=${name}&limit=200`)
    const episodes: readonly string[] = items.map(({ id }: { id: string }) => id)
    const source = `name: ${name}\nquestion: Did it confirm ${count} times?\nansweredBy: [human, model]\n`
    const { id: rubric } = await admin('/rubrics', { agent: name, source })
    const criterionSha256: string = (await admin(`/rubrics/${rubric}`)).nodes[0].criterion.sha256
    if (isWork) await admin('/review/questions', { rubric, episodes, answersWanted })
    return { agent: name, rubric, episodes, criterionSha256 }
  }
  const rule = (criterionSha256: string, more: object = {}) => {
    ruled.add(criterionSha256)
    // Half of the answers: one check before every question.
    return admin('/question-forms', { criterionSha256, share: 0.5, knownShare: 0, plantedShare: 0, ...more })
  }
  /** Answers everything that is open to them in the form "find", `value` by episode. */
  async function findAll(
    cookie: string,
    value: (episode: string) => string,
    many = Number.POSITIVE_INFINITY,
  ) {
    for (let done = 0; done < many; done++) {
      const question = await next(cookie)
      if (question === null) return
      expect(question.proposed).toBeNull()
      await answer(cookie, question, value(episodeOf(question)))
    }
  }
  async function trust(name: string, tier: 'vetted' | 'expert') {
    const [row] = await effects.db.select().from(raters).where(eq(raters.name, name))
    await effects.db.insert(raterTiers).values({
      projectId,
      raterId: row?.id ?? '',
      id: effects.newId(),
      tier,
      reason: 'for the test',
      actor: 'person:ada',
      at: effects.now(),
    })
  }
  const raterId = async (name: string) =>
    (await effects.db.select().from(raters).where(eq(raters.name, name)))[0]?.id ?? ''

  const ruled = new Set<string>()
  /** Rules that a test set end with it. */
  const endRules = async () => {
    for (const sha256 of ruled) await rule(sha256, { share: 0 })
    ruled.clear()
  }

  const ada = await joinProject(server, 'rater', 'Ada')
  const bob = await joinProject(server, 'rater', 'Bob')
  return {
    server,
    effects,
    token,
    projectId,
    path,
    admin,
    as,
    next,
    commit,
    answer,
    episodeOf,
    report,
    ask,
    rule,
    findAll,
    trust,
    raterId,
    endRules,
    ada,
    bob,
    close: async () => {
      await server.close()
      await database.close()
    },
  }
}
