/** Rubrics over real HTTP: what a rubric says of the instruction stands beside its questions and moves no rating. */
import { readRubric } from '@leeway/contract/rubric-document'
import { RubricView, SavedRubric } from '@leeway/contract/rubrics'
import { episodeLine } from '@leeway/core/episodes/formats/leeway-jsonl'
import { criteriaOf } from '@leeway/core/rubrics/rubric'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sampleEpisode } from '../episodes/sample-episode.ts'
import { testDatabase } from '../testing/database.ts'
import { testServer } from '../testing/test-server.ts'
import { criterionSha256, rubricSha256 } from './criterion-hash.ts'
import { criteria } from './tables.ts'

const database = await testDatabase()
const server = await testServer(database.db)
const token = server.operatorToken
afterAll(async () => {
  await server.close()
  await database.close()
})

const call = async (path: string, json?: object) => {
  const answer = await server.request(`/api/projects/default${path}`, {
    token,
    ...(json === undefined ? {} : { json }),
  })
  // biome-ignore lint/suspicious/noExplicitAny: what comes back is what is tested
  return { status: answer.status, body: (await answer.json()) as any }
}
const save = async (source: string) =>
  SavedRubric.parse((await call('/rubrics', { agent: 'desk', source })).body)
const show = async (id: string) => RubricView.parse((await call(`/rubrics/${id}`)).body)

const PLAIN = `name: desk
question: Did the agent follow the instructions?
answeredBy: [human]
combine: all
children:
  - id: polite
    question: Was it polite?
    answeredBy: [human, model]
`
const WITH = PLAIN.replace('question: Did', 'instruction: Be polite. Be quick.\nquestion: Did').replace(
  '    answeredBy: [human, model]',
  '    checks: [Be polite.]\n    answeredBy: [human, model]',
)

beforeAll(async () => {
  const sent = await server.request('/api/projects/default/episodes/import?agent=desk&policy=p', {
    token,
    body: episodeLine(sampleEpisode(1)),
    headers: { 'content-type': 'application/octet-stream' },
  })
  await sent.text()
})

const read = (source: string) => {
  const found = readRubric(source)
  if (!found.ok) throw new Error(JSON.stringify(found.problems))
  return found.rubric
}

test('a rubric without an instruction has the hash it had before there were any', () => {
  expect(rubricSha256(read(PLAIN))).toBe('3cb99fb849887378ae4132aebe6f5017725ac458c0809c650f54b2708ec0f798')
})

test('quoting the instruction makes another version, and each question and its ratings stay', async () => {
  const [before, after] = [read(PLAIN), read(WITH)]
  expect(criteriaOf(after).map(criterionSha256)).toEqual(criteriaOf(before).map(criterionSha256))
  expect(rubricSha256(after)).not.toBe(rubricSha256(before))

  const first = await save(PLAIN)
  const [episode] = (await call('/episodes')).body.items
  const answer = { kind: 'answered', value: 'yes' }
  const rated = await call('/ratings', {
    rubric: first.id,
    ratings: [{ episodeId: episode.id, criterion: 'polite', rater: 'Ada', answer, sourceKey: 'ada-1' }],
  })
  expect(rated.body).toMatchObject({ added: 1 })
  const second = await save(WITH)
  expect(second).toMatchObject({ version: 2, added: true, leftBehind: [] })
  expect(await show(first.id)).toMatchObject({ instruction: null, nodes: [{ checks: [] }, { checks: [] }] })
  const shown = await show(second.id)
  expect(shown.instruction).toBe('Be polite. Be quick.')
  expect(shown.nodes).toMatchObject([
    { id: 'root', checks: [] },
    { id: 'polite', checks: ['Be polite.'], criterion: { ratings: 1 } },
  ])
  // What raters are asked comes from here.
  const stored = await database.db.select().from(criteria).where(eq(criteria.projectId, server.project.id))
  expect(stored).toHaveLength(2)
  expect(JSON.stringify(stored)).not.toContain('Be polite.')
})

test('words that the instruction does not say are refused with their line', async () => {
  const refused = await call('/rubrics', {
    agent: 'desk',
    source: WITH.replace('checks: [Be polite.]', 'checks: [Be rude.]'),
  })
  expect(refused.status).toBe(422)
  expect(refused.body.detail).toContain('line 9: the instruction does not say "Be rude." word for word')
})
