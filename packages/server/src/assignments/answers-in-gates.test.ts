/** What a gate reads of people: their answers are locked once it has, and experts look again. */
import { randomUUID } from 'node:crypto'
import { episodeLine } from '@leeway/core/episodes/formats/leeway-jsonl'
import { eq } from 'drizzle-orm'
import { afterAll, expect, test } from 'vitest'
import { sampleEpisode } from '../episodes/sample-episode.ts'
import { checkRelease } from '../releases/check-release.ts'
import { releases } from '../releases/tables.ts'
import { joinProject } from '../testing/join-project.ts'
import { reviewWorld } from '../testing/review-world.ts'

const { server, effects, token, path, post, admin, rubric, ask, next, commit, answer, drain, trust, close } =
  await reviewWorld()
afterAll(close)

/** Four units under two new policies; what counts is what trusted people answer. */
async function releaseOf(name: string, truth: object) {
  for (const policy of [`${name}-old`, `${name}-new`])
    await server
      .request(path(`/episodes/import?agent=desk&policy=${policy}`), {
        token,
        body: Array.from({ length: 4 }, (_, index) =>
          episodeLine(
            sampleEpisode(index, {
              instructions: `${policy} ${index}`,
              outcome: { success: null, severe: false, detail: null },
            }),
          ),
        ).join('\n'),
        headers: { 'content-type': 'application/octet-stream' },
      })
      .then((sent) => sent.text())
  const { id } = await admin('/releases', {
    agent: 'desk',
    baseline: `${name}-old`,
    candidate: `${name}-new`,
    truth: { kind: 'criterion', rubric, ...truth },
  })
  const [release] = await effects.db.select().from(releases).where(eq(releases.id, id))
  if (release === undefined) throw new Error('the release was not started')
  return release
}

test('a gate that has read answers to a question locks those given before, whatever they were for, and none given after', async () => {
  const judge = await joinProject(server, 'rater', 'Judge')
  await drain(judge)
  await trust('Judge', 'vetted')
  await drain(judge)
  // One beside the release: its answer is locked as well, or an undo would tell audits from others.
  const [chosen] = await ask(1, ['root'])
  const release = await releaseOf('gate', { labelError: 'none' })
  await checkRelease(effects, release)
  const given: { assignmentId: string; episodeId: string; ratingId: string }[] = []
  for (;;) {
    const { question } = await next(judge)
    if (question === null) break
    const { body } = await answer(judge, question.assignmentId, commit('yes'))
    given.push({ ...question, ratingId: body.ratingId })
  }
  expect(given).toHaveLength(9)
  const [first] = given
  const change = (one: (typeof given)[number] | undefined) =>
    answer(judge, one?.assignmentId ?? '', commit('no', { supersedes: one?.ratingId }))
  const changed = await change(first)
  expect(changed.status).toBe(200)
  await answer(judge, first?.assignmentId ?? '', commit('yes', { supersedes: changed.body.ratingId }))
  effects.advance(1_000)
  const check = await checkRelease(effects, release)
  expect(check?.labels).toBe(8)
  for (const one of given.slice(1)) {
    const refused = await change(one)
    expect([refused.status, refused.body.detail]).toEqual([409, expect.stringMatching(/are locked/)])
  }
  expect(given.slice(1).some(({ episodeId }) => episodeId === chosen) || first?.episodeId === chosen).toBe(
    true,
  )
  expect((await post(judge, '/review/undo', { commitKey: randomUUID() })).status).toBe(409)
  effects.advance(1_000)
  await ask(1, ['root'])
  const { question } = await next(judge)
  await answer(judge, question?.assignmentId ?? '', commit('yes'))
  expect((await post(judge, '/review/undo', { commitKey: randomUUID() })).status).toBe(200)
  await drain(judge)
})

test('second looks come to experts who did not answer first, each to one of them, and to nobody else', async () => {
  const people = ['Eva', 'Olga', 'Vera']
  const [eva = '', olga = '', vera = ''] = await Promise.all(
    people.map((name) => joinProject(server, 'rater', name)),
  )
  for (const cookie of [eva, olga, vera]) await drain(cookie)
  for (const name of people) await trust(name, name === 'Vera' ? 'vetted' : 'expert')
  for (const cookie of [eva, olga, vera]) await drain(cookie)
  const release = await releaseOf('look', { labelError: 'differential', secondLookShare: 1 })
  await checkRelease(effects, release)
  const answerAll = async (cookie: string) => {
    const seen: string[] = []
    for (;;) {
      const { question } = await next(cookie)
      if (question === null) return seen
      seen.push(question.episodeId)
      expect((await answer(cookie, question.assignmentId, commit('yes'))).status).toBe(200)
    }
  }
  const first = await answerAll(eva)
  expect(first).toHaveLength(8)
  await checkRelease(effects, release)
  // Eva answered first, and Vera is no expert.
  for (const cookie of [eva, vera]) expect((await next(cookie)).question).toBeNull()
  const found = await next(olga)
  expect(found.progress.total - found.progress.answered).toBe(8)
  // What everybody answered in a day is counted now and then, in the background.
  expect(await next(olga)).toEqual({ ...found, lastDay: { mine: 0, everybody: expect.any(Number) } })
  expect((await answerAll(olga)).sort()).toEqual([...first].sort())
  effects.advance(1_000)
  const check = await checkRelease(effects, release)
  expect(check?.units).toBe(4)
  expect((await post(olga, '/review/undo', { commitKey: randomUUID() })).status).toBe(409)
})
