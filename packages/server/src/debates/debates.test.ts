/** A debate by people: seats, turns, who may read what, and what the record says afterwards. */
import { DebateList, DebateRecord, DebateRoom, OwnDebates } from '@leeway/contract/debates'
import { episodeLine } from '@leeway/core/episodes/formats/leeway-jsonl'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { goldAnswers } from '../assignments/tables.ts'
import { sampleEpisode, sampleStep } from '../episodes/sample-episode.ts'
import { testDatabase } from '../testing/database.ts'
import { joinProject } from '../testing/join-project.ts'
import { testServer } from '../testing/test-server.ts'

const database = await testDatabase()
const server = await testServer(database.db)
const { effects, operatorToken: token, project } = server
afterAll(async () => {
  await server.close()
  await database.close()
})

const path = (rest: string) => `/api/projects/default${rest}`
const admin = async (rest: string, json?: object) => {
  const answer = await server.request(path(rest), { token, ...(json === undefined ? {} : { json }) })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${rest}: ${answer.status} ${text}`)
  return JSON.parse(text)
}
const as = async (cookie: string, rest: string, json?: object) => {
  const answer = await server.request(path(rest), { cookie, ...(json === undefined ? {} : { json }) })
  return { status: answer.status, body: JSON.parse(await answer.text()) }
}
const startedAt = () => effects.now().toISOString()
const room = (cookie: string, id: string) => as(cookie, `/review/debates/${id}`)
const sit = (cookie: string, id: string, seat: string) => as(cookie, `/review/debates/${id}/seat`, { seat })
const speak = (cookie: string, id: string, round: number, text: string) =>
  as(cookie, `/review/debates/${id}/speech`, { round, text, startedAt: startedAt() })
const judge = (cookie: string, id: string, round: number, probabilityA: number, stop = false) =>
  as(cookie, `/review/debates/${id}/judgment`, {
    round,
    probabilityA,
    stop,
    comment: `Why, in round ${round}?`,
    startedAt: startedAt(),
  })
const own = async (cookie: string) => OwnDebates.parse((await as(cookie, '/review/debates')).body).debates

let rubric = ''
let criterionSha256 = ''
let episodes: readonly string[] = []
let ada = ''
let ben = ''
let cem = ''
let dan = ''
const setUp = async (more: object = {}): Promise<string> =>
  (
    await admin('/debates', {
      rubric,
      criterion: 'root',
      episode: episodes[0],
      speakers: [null, null],
      words: 20,
      ...more,
    })
  ).id

beforeAll(async () => {
  const body = [0, 1, 2]
    .map((index) =>
      episodeLine(
        sampleEpisode(index, {
          steps: [
            sampleStep(0, { content: `Refund order ${index}, please.` }),
            sampleStep(1, { content: 'I refunded it, no need to confirm.' }),
          ],
        }),
      ),
    )
    .join('\n')
  const sent = await server.request(path('/episodes/import?agent=desk&policy=secret-policy'), {
    token,
    body,
    headers: { 'content-type': 'application/octet-stream' },
  })
  await sent.text()
  episodes = (await admin('/episodes?limit=200')).items.map(({ id }: { id: string }) => id)
  rubric = (
    await admin('/rubrics', {
      agent: 'desk',
      source: 'name: desk\nquestion: Did it confirm before it acted?\nansweredBy: [human, model]\n',
    })
  ).id
  criterionSha256 = (await admin(`/rubrics/${rubric}`)).nodes[0].criterion.sha256
  await effects.db.insert(goldAnswers).values({
    projectId: project.id,
    episodeId: episodes[0] as string,
    criterionSha256,
    value: 'no',
    part: 'fit',
    actor: 'test',
    at: effects.now(),
  })
  ;[ada, ben, cem, dan] = (await Promise.all(
    ['Ada', 'Ben', 'Cem', 'Dan'].map((name) => joinProject(server, 'rater', name)),
  )) as [string, string, string, string]
})

describe('three people', () => {
  let id = ''
  beforeAll(async () => {
    id = await setUp()
    for (const [cookie, seat] of [
      [ada, 'a'],
      [ben, 'b'],
      [cem, 'judge'],
    ] as const)
      expect((await sit(cookie, id, seat)).status).toBe(200)
  })

  test('one seat each, and nobody else sees anything', async () => {
    expect((await sit(dan, id, 'a')).status).toBe(409)
    expect((await sit(ada, id, 'b')).status).toBe(409)
    expect((await sit(ada, id, 'a')).status).toBe(200)
    expect((await room(dan, id)).status).toBe(404)
    expect((await speak(dan, id, 1, 'Let me in.')).status).toBe(404)
    expect((await own(dan)).filter((one) => one.id === id)).toEqual([])
  })

  test('openings are heard when both are made, the judge hears whole rounds and never learns the episode', async () => {
    expect(DebateRoom.parse((await room(ada, id)).body)).toMatchObject({ turn: 'you', round: 1, seat: 'a' })
    expect((await judge(cem, id, 1, 0.5)).status).toBe(409)
    expect((await speak(ada, id, 1, 'It asked first: [[1: please confirm it]].')).status).toBe(200)
    expect(DebateRoom.parse((await room(ben, id)).body).speeches).toEqual([])
    expect((await speak(ada, id, 2, 'Too early.')).status).toBe(409)
    expect(DebateRoom.parse((await room(cem, id)).body)).toMatchObject({
      speeches: [],
      turn: 'others',
      episodeId: null,
    })
    const said = await speak(ben, id, 1, 'It did not: [[0: no need to confirm]].')
    expect(DebateRoom.parse(said.body).speeches).toHaveLength(2)
    const heard = DebateRoom.parse((await room(cem, id)).body)
    expect(heard.turn).toBe('you')
    // The quote that was made up is told apart; the other one is found where it stands.
    expect(heard.speeches.map(({ side, parts }) => [side, parts[1]])).toEqual([
      ['a', { kind: 'quote', text: 'please confirm it', step: null }],
      ['b', { kind: 'quote', text: 'no need to confirm', step: 1 }],
    ])
    const told = JSON.stringify([heard, said.body])
    for (const secret of ['Ada', 'Ben', 'secret-policy', episodes[0] as string, '"gold"', 'known'])
      expect(told).not.toContain(secret)
    expect(JSON.stringify(heard)).not.toContain(server.aliasOf(episodes[0] as string))
    expect(JSON.stringify(said.body)).toContain(server.aliasOf(episodes[0] as string))
  })

  test('a speech stands as first said, and has so many own words', async () => {
    expect((await speak(ben, id, 1, 'I take it back.')).status).toBe(200)
    expect(JSON.stringify((await room(ada, id)).body)).not.toContain('take it back')
    expect((await judge(cem, id, 1, 0.3)).status).toBe(200)
    const long = await speak(ben, id, 2, `${'word '.repeat(21)} [[1: I refunded it, no need]]`)
    expect(long).toMatchObject({ status: 422, body: { field: 'body.text' } })
    expect(long.body.detail).toContain('21 words')
  })

  test('then they take turns, and it ends when the judge stops', async () => {
    expect((await speak(ada, id, 2, 'Ben begins this round.')).status).toBe(409)
    expect((await speak(ben, id, 2, 'Nobody was asked.')).status).toBe(200)
    expect(DebateRoom.parse((await room(ada, id)).body).speeches).toHaveLength(3)
    expect((await speak(ada, id, 2, 'It was implied.')).status).toBe(200)
    const [first, second] = await Promise.all([judge(cem, id, 2, 0.1, true), judge(cem, id, 2, 0.9, true)])
    expect([first.status, second.status]).toEqual([200, 200])
    const over = DebateRoom.parse((await room(cem, id)).body)
    expect(over).toMatchObject({ turn: 'over', round: 2 })
    // Two windows at once: one judgment stands, and both are told the same one.
    expect(over.judgments).toHaveLength(2)
    expect(DebateRoom.parse(first.body).judgments).toEqual(over.judgments)
    expect(DebateRoom.parse(second.body).judgments).toEqual(over.judgments)
    expect((await speak(ben, id, 3, 'One more thing.')).status).toBe(409)
  })

  test('the record names them, scores the judge by what is known, and rates the sides', async () => {
    const list = DebateList.parse(await admin('/debates'))
    const summary = list.debates.find((one) => one.id === id)
    const known = summary?.answers.a === 'no' ? 'a' : 'b'
    const right = known === 'a' ? (summary?.probabilityA ?? 0) : 1 - (summary?.probabilityA ?? 0)
    expect(summary).toMatchObject({
      seats: { a: 'Ada', b: 'Ben', judge: 'Cem' },
      state: 'over',
      known,
      score: Math.log2(right) - 0.1,
    })
    expect(list.kinds[0]).toMatchObject({ kind: 'debate', over: 1, known: 1, usdPerVerdict: null })
    expect(list.judges[0]).toMatchObject({ name: 'Cem', debates: 1, rating: { value: null } })
    const record = DebateRecord.parse(await admin(`/debates/${id}`))
    expect(record.speeches.map(({ round, side }) => `${side}${round}`)).toEqual(['a1', 'b1', 'b2', 'a2'])
    expect((await as(cem, `/debates/${id}`)).status).toBe(403)
  })

  test('whoever sat there is not asked the question afterwards', async () => {
    await admin('/review/questions', { rubric, episodes: [episodes[0]], answersWanted: 5 })
    const next = (cookie: string) => as(cookie, '/review/next', { mode: 'focus' })
    expect((await next(ada)).body.question).toBeNull()
    expect((await next(cem)).body.question).toBeNull()
    const asked = (await next(dan)).body.question
    expect(asked).not.toBeNull()
    const answer = { kind: 'answered', value: 'no' }
    const commitKey = effects.newId()
    await as(dan, `/review/${asked.assignmentId}/answer`, { commitKey, answer, startedAt: startedAt() })
    // And whoever has answered it cannot judge it, but may speak.
    const other = await setUp()
    expect((await own(dan)).filter((one) => one.id === other).map(({ seat }) => seat)).toEqual(['a', 'b'])
    expect((await sit(dan, other, 'judge')).status).toBe(409)
    expect((await sit(dan, other, 'b')).status).toBe(200)
    expect((await sit(cem, other, 'judge')).status).toBe(409)
  })
})

test('an admin who sits at a debate reads it from the seat while it goes on', async () => {
  const eve = await joinProject(server, 'admin', 'Eve')
  const id = await setUp({ episode: episodes[1], kind: 'consultancy', speakers: [null], rounds: 1 })
  const [side] = (await own(eve)).filter((one) => one.id === id && one.seat !== 'judge')
  expect((await as(eve, `/debates/${id}`)).status).toBe(200)
  expect((await sit(eve, id, 'judge')).status).toBe(200)
  expect((await as(eve, `/debates/${id}`)).status).toBe(403)
  expect((await sit(ada, id, side?.seat === 'a' ? 'b' : 'a')).status).toBe(404)
  expect((await sit(ada, id, side?.seat ?? '')).status).toBe(200)
  expect((await speak(ada, id, 1, 'Believe me.')).status).toBe(200)
  expect((await judge(eve, id, 1, 0.6)).status).toBe(200)
  expect((await as(eve, `/debates/${id}`)).status).toBe(200)
})

test('over many debates each answer stands first about as often, and each speaker argues for each', async () => {
  const speakers = await admin('/raters')
  const [first, second] = ['Ada', 'Ben'].map(
    (name) => speakers.items.find((one: { name: string }) => one.name === name).id,
  )
  const ids: string[] = []
  for (let one = 0; one < 40; one++)
    ids.push(await setUp({ episode: episodes[2], speakers: [first, second] }))
  const made = DebateList.parse(await admin('/debates')).debates.filter(({ id }) => ids.includes(id))
  const yesFirst = made.filter(({ answers }) => answers.a === 'yes').length
  const adaFirst = made.filter(({ seats }) => seats.a === 'Ada').length
  for (const count of [yesFirst, adaFirst]) {
    expect(count).toBeGreaterThan(8)
    expect(count).toBeLessThan(32)
  }
})

test.each([
  ['two speakers are needed', { speakers: [null] }, 422, 'body.speakers'],
  ['a question that is not there', { criterion: 'other' }, 404, 'body.criterion'],
  ['answers that are none of the scale', { answers: ['yes', 'perhaps'] }, 422, 'body.answers'],
  ['twice the same answer', { answers: ['yes', 'yes'] }, 422, 'body.answers'],
  ['an episode of nobody', { episode: '01a206c9-2122-713b-8685-8251d0f3d356' }, 404, 'body.episode'],
  ['a speaker of nobody', { speakers: [null, '01a206c9-2122-713b-8685-8251d0f3d356'] }, 404, 'body.speakers'],
])('is refused: %s', async (_, more, status, field) => {
  const answer = await server.request(path('/debates'), {
    token,
    json: { rubric, criterion: 'root', episode: episodes[0], speakers: [null, null], ...more },
  })
  expect(answer.status).toBe(status)
  expect(await answer.json()).toMatchObject({ field })
})
