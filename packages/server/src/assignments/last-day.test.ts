/** How many answers a project got in a day, as raters are told: known questions count like work, whoever asks. */
import { randomUUID } from 'node:crypto'
import { Committed, NextQuestion } from '@leeway/contract/review'
import { episodeLine } from '@leeway/core/episodes/formats/leeway-jsonl'
import { afterAll, expect, test } from 'vitest'
import { sampleEpisode } from '../episodes/sample-episode.ts'
import { testDatabase } from '../testing/database.ts'
import { joinProject } from '../testing/join-project.ts'
import { testServer } from '../testing/test-server.ts'
import { createDayCount } from './last-day.ts'

const database = await testDatabase()
const server = await testServer(database.db)
const { effects, operatorToken: token, project } = server
afterAll(async () => {
  await server.close()
  await database.close()
})

const path = (rest: string) => `/api/projects/default${rest}`
const call = async (
  who: { readonly cookie?: string; readonly token?: string },
  rest: string,
  json?: object,
) => {
  const answer = await server.request(path(rest), { ...who, ...(json === undefined ? {} : { json }) })
  if (!answer.ok) throw new Error(`${rest}: ${answer.status} ${await answer.text()}`)
  return answer.json()
}
const next = async (cookie: string) =>
  NextQuestion.parse(await call({ cookie }, '/review/next', { mode: 'focus' }))
const mine = async (cookie: string) => (await next(cookie)).lastDay.mine
/** A server that has counted nothing yet. */
const everybody = async () =>
  (await createDayCount(effects).of({ projectId: project.id, raterId: randomUUID() })).everybody
const says = (answer: object) => ({ commitKey: randomUUID(), answer, startedAt: effects.now().toISOString() })
const yes = { kind: 'answered', value: 'yes' }

test('each answer is one, to a known question as to work; a skip is none, a correction is not two, and a day passes', async () => {
  const sent = await server.request(path('/episodes/import?agent=desk&policy=one'), {
    token,
    body: [0, 1, 2, 3].map((at) => episodeLine(sampleEpisode(at))).join('\n'),
    headers: { 'content-type': 'application/octet-stream' },
  })
  await sent.text()
  const { items } = (await call({ token }, '/episodes?limit=10')) as { items: { id: string }[] }
  const source = 'name: desk\nquestion: Did it help?\nansweredBy: [human]\n'
  const { id: rubric } = (await call({ token }, '/rubrics', { agent: 'desk', source })) as { id: string }
  const { nodes } = (await call({ token }, `/rubrics/${rubric}`)) as {
    nodes: { criterion: { sha256: string } }[]
  }
  const [known, ...work] = items.map(({ id }) => id)
  await call({ token }, '/review/questions', { rubric, episodes: [known, ...work], answersWanted: 5 })
  await call({ token }, '/gold', {
    episode: known,
    criterionSha256: nodes[0]?.criterion.sha256,
    value: 'yes',
  })
  const [ada, bob] = await Promise.all(['Ada', 'Bob'].map((name) => joinProject(server, 'rater', name)))
  if (ada === undefined || bob === undefined) throw new Error('nobody joined')
  expect((await next(ada)).lastDay).toEqual({ mine: 0, everybody: 0 })
  for (let count = 0; count < 3; count++) {
    const { question, lastDay } = await next(ada)
    expect(lastDay.mine).toBe(count)
    await call({ cookie: ada }, `/review/${question?.assignmentId}/answer`, says(yes))
  }
  const last = await next(ada)
  await call(
    { cookie: ada },
    `/review/${last.question?.assignmentId}/answer`,
    says({ kind: 'abstained', reason: 'too-hard' }),
  )
  expect(await mine(ada)).toBe(3)
  expect(await mine(bob)).toBe(0)
  expect(await everybody()).toBe(3)

  const { question } = await next(bob)
  const { ratingId } = Committed.parse(
    await call({ cookie: bob }, `/review/${question?.assignmentId}/answer`, says(yes)),
  )
  await call({ cookie: bob }, `/review/${question?.assignmentId}/answer`, {
    ...says({ kind: 'answered', value: 'no' }),
    supersedes: ratingId,
  })
  expect([await mine(bob), await everybody()]).toEqual([1, 4])
  await call({ cookie: bob }, '/review/undo', { commitKey: randomUUID() })
  expect([await mine(bob), await everybody()]).toEqual([0, 3])
  effects.advance(24 * 60 * 60_000)
  expect([await mine(ada), await everybody()]).toEqual([0, 0])
})
