import { pageOf } from '@leeway/contract/page'
import { ImportedRatings, RatingView } from '@leeway/contract/raters'
import { episodeLine } from '@leeway/core/episodes/formats/leeway-jsonl'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sampleEpisode } from '../episodes/sample-episode.ts'
import { testDatabase } from '../testing/database.ts'
import { testServer } from '../testing/test-server.ts'

const database = await testDatabase()
const server = await testServer(database.db)
const token = server.operatorToken
afterAll(async () => {
  await server.close()
  await database.close()
})

const RUBRIC = `
name: desk
question: Did the agent follow the instructions?
answeredBy: [human]
combine: all
children:
  - id: polite
    question: Was it polite?
    scale: { ordinal: [rude, plain, kind] }
    answeredBy: [human, model]
`
const call = async (path: string, json?: object) => {
  const answer = await server.request(`/api/projects/default${path}`, {
    token,
    ...(json === undefined ? {} : { json }),
  })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`)
  return JSON.parse(text)
}
let rubric = ''
let episodes: readonly string[] = []
beforeAll(async () => {
  const sent = await server.request('/api/projects/default/episodes/import?agent=desk&policy=p', {
    token,
    body: [1, 2, 3].map((number) => episodeLine(sampleEpisode(number))).join('\n'),
    headers: { 'content-type': 'application/octet-stream' },
  })
  await sent.text()
  episodes = (await call('/episodes')).items.map(({ id }: { id: string }) => id)
  rubric = (await call('/rubrics', { agent: 'desk', source: RUBRIC })).id
})

const rating = (at: number, more: object = {}) => ({
  episodeId: episodes[at],
  criterion: 'root',
  rater: 'Ada',
  answer: { kind: 'answered', value: 'yes' },
  sourceKey: `ada-${at}`,
  ...more,
})
const load = async (...ratings: object[]) =>
  ImportedRatings.parse(await call('/ratings', { rubric, ratings }))
const list = async (query = '') => pageOf(RatingView).parse(await call(`/ratings?limit=200${query}`)).items

test('ratings come in once by their source key; the same again adds nothing', async () => {
  const first = [
    rating(0),
    rating(0, { criterion: 'polite', answer: { kind: 'not-applicable' }, sourceKey: 'ada-0-polite' }),
    rating(1, {
      rater: 'judge',
      raterKind: 'model',
      criterion: 'polite',
      probability: 0.75,
      evidence: [1, 0, 1],
      sourceKey: 'j',
      answer: { kind: 'answered', value: 'kind' },
    }),
    rating(1, { answer: { kind: 'abstained', reason: 'too-hard' } }),
  ]
  expect(await load(...first, rating(0))).toEqual({ added: 4, known: 1, problems: [] })
  expect(await load(...first)).toEqual({ added: 0, known: 4, problems: [] })
  const items = await list()
  expect(items).toHaveLength(4)
  expect(await list(`&rubric=${rubric}&episode=${episodes[0]}`)).toHaveLength(2)
  const judged = items.find(({ raterKind }) => raterKind === 'model')
  expect(judged).toMatchObject({
    raterName: 'judge',
    probability: 0.75,
    evidence: [1, 0],
    episodeId: episodes[1],
  })
  expect(await list(`&rater=${judged?.raterId}`)).toEqual([judged])
  const { items: entries } = await call('/ledger')
  expect(entries[0]).toMatchObject({ action: 'ratings.imported' })
})

test('what cannot be taken is told by its place, and the others come in', async () => {
  const { added, problems } = await load(
    rating(2, { sourceKey: 'good' }),
    rating(2, { episodeId: '01900000-0000-7000-8000-000000000001', sourceKey: 'a' }),
    rating(2, { criterion: 'nothing', sourceKey: 'b' }),
    rating(2, { answer: { kind: 'answered', value: 'perhaps' }, sourceKey: 'c' }),
    rating(2, { raterKind: 'model', rater: 'm', sourceKey: 'd' }),
    rating(2, { committedAt: '2031-01-01T00:00:00.000Z', rater: 'Bob', sourceKey: 'e' }),
    rating(2, { answer: { kind: 'answered', value: 'no' }, sourceKey: 'second opinion' }),
    rating(2, { evidence: [99], rater: 'Cy', sourceKey: 'f' }),
  )
  expect(added).toBe(1)
  expect(problems.map(({ index, field }) => [index, field])).toEqual([
    [1, 'episodeId'],
    [2, 'criterion'],
    [3, 'answer.value'],
    [4, 'raterKind'],
    [5, 'committedAt'],
    [6, 'sourceKey'],
    [7, 'evidence'],
  ])
  expect(problems[2]?.fix).toBe('Answer with one of: yes, no.')
  expect(problems[1]?.fix).toBe('Name one of: root, polite.')
})

test('an export that comes back to where it was made adds nothing, although its raters are accounts there', async () => {
  const [known] = await list()
  expect(await load(rating(0, { rater: 'Somebody', sourceKey: known?.id }))).toMatchObject({
    added: 0,
    known: 1,
  })
})

test('pages hold each rating once', async () => {
  const all = await list()
  const seen: string[] = []
  let cursor: string | null = ''
  while (cursor !== null) {
    const page: { items: RatingView[]; nextCursor: string | null } = pageOf(RatingView).parse(
      await call(`/ratings?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`),
    )
    seen.push(...page.items.map(({ id }) => id))
    cursor = page.nextCursor
  }
  expect(seen).toEqual(all.map(({ id }) => id))
})

test('the scope rate neither reads others’ ratings nor gives answers in their names', async () => {
  const rate = await server.key(['rate'])
  for (const json of [undefined, { rubric, ratings: [rating(0)] }]) {
    const answer = await server.request('/api/projects/default/ratings', {
      token: rate,
      ...(json ? { json } : {}),
    })
    expect(answer.status).toBe(403)
  }
})
