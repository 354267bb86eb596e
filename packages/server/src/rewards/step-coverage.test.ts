/** Which steps the answers rest on, over real HTTP. */
import { EpisodeCoverageView } from '@leeway/contract/rewards'
import { episodeLine } from '@leeway/core/episodes/formats/leeway-jsonl'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sampleEpisode, sampleStep } from '../episodes/sample-episode.ts'
import { testDatabase } from '../testing/database.ts'
import { joinProject } from '../testing/join-project.ts'
import { testServer } from '../testing/test-server.ts'

const database = await testDatabase()
const server = await testServer(database.db)
const token = server.operatorToken
afterAll(async () => {
  await server.close()
  await database.close()
})

const RUBRIC = `name: desk
question: Did the agent follow the instructions?
combine: all
children:
  - id: asked
    question: Did the customer agree?
    check: { kind: text, from: user, pattern: "yes" }
  - id: short
    question: Was it short?
    check: { kind: steps, max: 100 }
  - id: kind
    question: Was it kind?
  - id: quick
    question: Was it quick?
`
const call = async (path: string, json?: object) => {
  const answer = await server.request(`/api/projects/default${path}`, {
    token,
    ...(json === undefined ? {} : { json }),
  })
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
  // biome-ignore lint/suspicious/noExplicitAny: what comes back is what is tested
  return (await answer.json()) as any
}

let episode = ''
beforeAll(async () => {
  const steps = [
    sampleStep(0, { kind: 'system', content: 'Be kind.' }),
    sampleStep(1, { kind: 'user', content: 'yes' }),
    sampleStep(2, { kind: 'tool_call', name: 'refund', content: {} }),
    sampleStep(3, { kind: 'tool_result', name: 'refund', content: 'done' }),
    sampleStep(4, { kind: 'assistant', content: 'Done.' }),
    sampleStep(5, { kind: 'assistant', content: 'Bye.' }),
  ]
  const sent = await server.request('/api/projects/default/episodes/import?agent=desk&policy=p', {
    token,
    body: episodeLine(sampleEpisode(1, { steps })),
    headers: { 'content-type': 'application/octet-stream' },
  })
  await sent.text()
  episode = (await call('/episodes')).items[0].id
})

const shown = async () => {
  const { coverage } = await call(`/episodes/${episode}/coverage`)
  return coverage === null ? null : EpisodeCoverageView.parse(coverage)
}

test('nothing without a rubric; then what programs read once they ran, and what answers point at', async () => {
  expect(await shown()).toBeNull()
  const { id: rubric } = await call('/rubrics', { agent: 'desk', source: RUBRIC })
  expect(await shown()).toMatchObject({ acted: 3, pointed: 0, read: 0, share: 0, unread: [1, 2, 3, 4, 5] })
  await call(`/rubrics/${rubric}/apply`, {})
  expect(await shown()).toMatchObject({ unread: [2, 3, 4, 5] })

  await call('/review/questions', { rubric, criteria: ['kind', 'quick'], episodes: [episode] })
  const ada = await joinProject(server, 'rater', 'Ada')
  const review = async (path: string, json: object) => {
    const answer = await server.request(`/api/projects/default/review/${path}`, { cookie: ada, json })
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
    // biome-ignore lint/suspicious/noExplicitAny: what comes back is what is tested
    return (await answer.json()) as any
  }
  const rate = async (evidence: readonly number[], answer: object) => {
    const { question } = await review('next', { mode: 'focus' })
    await review(`${question.assignmentId}/answer`, {
      commitKey: server.effects.newId(),
      answer,
      evidence,
      startedAt: server.effects.now().toISOString(),
    })
  }
  await rate([4], { kind: 'answered', value: 'yes' })
  await rate([2, 3], { kind: 'abstained', reason: 'too-hard' })
  const coverage = await shown()
  expect(coverage).toMatchObject({
    rubric: { id: rubric, version: 1 },
    pointed: 1,
    read: 0,
    unread: [2, 3, 5],
  })
  expect(coverage?.share).toBeCloseTo(1 / 3, 12)
})

test('raters are not told', async () => {
  const cookie = await joinProject(server, 'rater', 'Rae')
  const answer = await server.request(`/api/projects/default/episodes/${episode}/coverage`, { cookie })
  expect(answer.status).toBe(403)
})

test('an episode that was erased is not there', async () => {
  await call(`/episodes/${episode}/erase`, { reason: 'asked to' })
  const answer = await server.request(`/api/projects/default/episodes/${episode}/coverage`, { token })
  expect(answer.status).toBe(404)
})
