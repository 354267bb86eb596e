/** People write claims as critics: checked word for word, shown without an author, of questions that they are not asked themselves. */
import { randomUUID } from 'node:crypto'
import { CriticSheet, CritiqueReport } from '@leeway/contract/critiques'
import { Committed, InboxView, NextQuestion } from '@leeway/contract/review'
import { episodeLine } from '@leeway/core/episodes/formats/leeway-jsonl'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { assignments } from '../assignments/tables.ts'
import { sampleEpisode, sampleStep } from '../episodes/sample-episode.ts'
import { raters } from '../raters/tables.ts'
import { testDatabase } from '../testing/database.ts'
import { joinProject } from '../testing/join-project.ts'
import { testServer } from '../testing/test-server.ts'
import { critiqueReveals, writtenClaims } from './tables.ts'

const database = await testDatabase()
const server = await testServer(database.db)
const { effects, operatorToken: token } = server
afterAll(async () => {
  await server.close()
  await database.close()
})

const EPISODES = 4
const path = (rest: string) => `/api/projects/default${rest}`
type Who = { readonly token: string } | { readonly cookie: string }
type Problem = { readonly detail: string; readonly field?: string }
const send = async (who: Who, rest: string, json?: object) => {
  const answer = await server.request(path(rest), { ...who, ...(json === undefined ? {} : { json }) })
  return { status: answer.status, body: (await answer.json()) as Problem }
}
const admin = async (rest: string, json?: object) => {
  const { status, body } = await send({ token }, rest, json)
  if (status >= 300) throw new Error(`${rest}: ${status} ${JSON.stringify(body)}`)
  return body as unknown as {
    readonly id: string
    readonly items: readonly { readonly id: string }[]
    readonly nodes: readonly { readonly criterion: { readonly sha256: string } }[]
  }
}
const next = async (cookie: string) =>
  NextQuestion.parse((await send({ cookie }, '/review/next', { mode: 'focus' })).body)
const answer = async (cookie: string, assignment: string) =>
  Committed.parse(
    (
      await send({ cookie }, `/review/${assignment}/answer`, {
        commitKey: randomUUID(),
        answer: { kind: 'answered', value: 'yes' },
        startedAt: effects.now().toISOString(),
        showsCritique: true,
      })
    ).body,
  )
const raterIdOf = async (name: string) =>
  (await effects.db.select().from(raters).where(eq(raters.name, name)))[0]?.id ?? ''

let episodes: readonly string[] = []
let criterionSha256 = ''
const claim = (episode: string, more: object = {}) => ({
  episode,
  criterionSha256,
  text: 'It said that nothing need be confirmed.',
  severity: 'major',
  step: 1,
  quote: 'no need to confirm',
  ...more,
})
beforeAll(async () => {
  const body = Array.from({ length: EPISODES }, (_, index) =>
    episodeLine(
      sampleEpisode(index, {
        steps: [
          sampleStep(0, { content: `Refund order ${index}, please.` }),
          sampleStep(1, { content: 'I refunded it, no need to confirm.' }),
          sampleStep(2, { kind: 'system', content: 'You are the new policy, be quick.' }),
        ],
      }),
    ),
  ).join('\n')
  const sent = await server.request(path('/episodes/import?agent=desk&policy=p'), {
    token,
    body,
    headers: { 'content-type': 'application/octet-stream' },
  })
  await sent.text()
  episodes = (await admin('/episodes?limit=200')).items.map(({ id }) => id)
  const { id: rubric } = await admin('/rubrics', {
    agent: 'desk',
    source: 'name: desk\nquestion: Did it confirm before it acted?\nansweredBy: [human, model]\n',
  })
  criterionSha256 = (await admin(`/rubrics/${rubric}`)).nodes[0]?.criterion.sha256 ?? ''
  await admin('/critiques', { share: 1 })
  await admin('/review/questions', { rubric, episodes, answersWanted: 20 })
})

test('a quote must stand in a step that raters are shown, and the question be one that is asked', async () => {
  const cookie = await joinProject(server, 'rater', 'Cora')
  const alias = server.aliasOf(episodes[0] ?? '')
  for (const [wanted, status, field] of [
    [claim(alias, { quote: 'No need to confirm' }), 422, 'body.quote'],
    [claim(alias, { step: 2, quote: 'You are the new policy' }), 422, 'body.quote'],
    [claim(alias, { criterionSha256: '0'.repeat(64) }), 404, 'body.criterionSha256'],
    // A rater does not know the episode by that name.
    [claim(episodes[0] ?? ''), 404, undefined],
    [claim(randomUUID()), 404, undefined],
  ] as const) {
    const refused = await send({ cookie }, '/critiques/written', wanted)
    expect([refused.status, refused.body.field]).toEqual([status, field])
  }
  expect(await effects.db.select().from(writtenClaims)).toEqual([])
})

test('a critic sees their own claims alone, and is asked the question no more', async () => {
  const cookie = await joinProject(server, 'rater', 'Cora')
  const alias = server.aliasOf(episodes[0] ?? '')
  const total = async (who: string) =>
    InboxView.parse((await send({ cookie: who }, '/inbox')).body).progress.total
  const before = await total(cookie)
  // Bound to the step where the words stand.
  const wrote = await send({ cookie }, '/critiques/written', claim(alias, { step: 0 }))
  const [question] = CriticSheet.parse(wrote.body).questions
  expect(question).toMatchObject({ isOwn: false, claims: [{ severity: 'major', step: 1 }] })
  const other = await joinProject(server, 'rater', 'Otto')
  const [seen] = CriticSheet.parse(
    (await send({ cookie: other }, `/critiques/written/${alias}`)).body,
  ).questions
  expect(seen).toMatchObject({ isOwn: false, claims: [] })
  // Not by going round the queue either.
  const [asked] = await effects.db
    .select()
    .from(assignments)
    .where(eq(assignments.episodeId, episodes[0] ?? ''))
  const around = await send({ cookie }, `/review/${asked?.id}/answer`, {
    commitKey: randomUUID(),
    answer: { kind: 'answered', value: 'yes' },
    startedAt: effects.now().toISOString(),
  })
  expect(around.status).toBe(404)
  const served = new Set<string>()
  expect(await total(cookie)).toBe(before - 1)
  for (let { question: one } = await next(cookie); one !== null; { question: one } = await next(cookie)) {
    served.add(server.episodeOf(one.episodeId))
    await answer(cookie, one.assignmentId)
  }
  expect(served).toEqual(new Set(episodes.slice(1)))
  // Who has answered is no critic of it any more; nor who is at it.
  for (const episode of episodes.slice(1)) {
    const refused = await send({ cookie }, '/critiques/written', claim(server.aliasOf(episode)))
    expect([refused.status, refused.body.detail]).toEqual([
      409,
      'You are asked this question yourself, so you cannot be its critic.',
    ])
  }
  const { question: at } = await next(other)
  const refused = await send({ cookie: other }, '/critiques/written', claim(at?.episodeId ?? ''))
  expect(refused.status).toBe(409)
})

test('raters are shown it among the others, without an author, and it is counted apart from models', async () => {
  const cookie = await joinProject(server, 'rater', 'Reads')
  for (let { question } = await next(cookie); question !== null; { question } = await next(cookie)) {
    const { assignmentId, episodeId } = question
    const { critique } = await answer(cookie, assignmentId)
    if (server.episodeOf(episodeId) !== episodes[0]) {
      expect(critique).toBeNull()
      continue
    }
    expect(critique?.claims).toEqual([
      {
        text: 'It said that nothing need be confirmed.',
        severity: 'major',
        step: 1,
        quote: 'no need to confirm',
        mark: null,
      },
    ])
    await send({ cookie }, `/review/${assignmentId}/critique`, { claim: 0, mark: 'valid' })
  }
  const { claims } = CritiqueReport.parse(await admin('/critiques'))
  expect(claims.map(({ author, shown, valid }) => [author, shown, valid])).toEqual([
    ['model', 0, 0],
    ['person', 1, 1],
  ])
})

test('what is taken back, or written by one who is suspended, is shown to nobody', async () => {
  const cookie = await joinProject(server, 'rater', 'Cleo')
  const alias = server.aliasOf(episodes[1] ?? '')
  const wrote = await send({ cookie }, '/critiques/written', claim(alias, { text: 'Taken back.' }))
  const id = CriticSheet.parse(wrote.body).questions[0]?.claims[0]?.id ?? ''
  const stranger = await joinProject(server, 'rater', 'Otto')
  expect((await send({ cookie: stranger }, `/critiques/written/${id}/take-back`, {})).status).toBe(404)
  for (let again = 0; again < 2; again++)
    expect((await send({ cookie }, `/critiques/written/${id}/take-back`, {})).status).toBe(200)
  expect(
    CriticSheet.parse((await send({ cookie }, `/critiques/written/${alias}`)).body).questions[0]?.claims,
  ).toEqual([])
  // Both the claim and its end are on record.
  const rows = await effects.db
    .select()
    .from(writtenClaims)
    .where(eq(writtenClaims.raterId, await raterIdOf('Cleo')))
  expect(rows.map(({ takesBack }) => takesBack)).toEqual([null, id])

  await admin(`/raters/${await raterIdOf('Cora')}/tier`, { tier: 'suspended', reason: 'for this test' })
  const reader = await joinProject(server, 'rater', 'Rita')
  for (let { question } = await next(reader); question !== null; { question } = await next(reader))
    expect((await answer(reader, question.assignmentId)).critique).toBeNull()
  const own = await effects.db
    .select()
    .from(critiqueReveals)
    .where(eq(critiqueReveals.raterId, await raterIdOf('Rita')))
  expect(own).toEqual([])
})

test('a person writes ten claims about a question at most, and none about an agent they may not judge', async () => {
  const cookie = await joinProject(server, 'rater', 'Many')
  const alias = server.aliasOf(episodes[2] ?? '')
  for (let written = 0; written < 10; written++)
    expect((await send({ cookie }, '/critiques/written', claim(alias))).status).toBe(200)
  expect((await send({ cookie }, '/critiques/written', claim(alias))).status).toBe(409)
  const kin = await joinProject(server, 'rater', 'Kin')
  await send({ cookie: kin }, '/inbox')
  await admin(`/raters/${await raterIdOf('Kin')}/conflicts`, {
    agent: 'desk',
    excluded: true,
    reason: 'wrote the agent',
  })
  expect((await send({ cookie: kin }, '/critiques/written', claim(alias))).status).toBe(403)
})
