/** Who may not judge an agent is asked nothing about it: not as work, not to decide, and not after it was at a question. */
import { randomUUID } from 'node:crypto'
import { RaterCard, RaterList } from '@leeway/contract/raters'
import { InboxView, NextQuestion, ReviewSheet } from '@leeway/contract/review'
import { episodeLine } from '@leeway/core/episodes/formats/leeway-jsonl'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hasAnswered } from '../adjudication/disagreements.ts'
import { sampleEpisode } from '../episodes/sample-episode.ts'
import { testDatabase } from '../testing/database.ts'
import { joinProject } from '../testing/join-project.ts'
import { testServer } from '../testing/test-server.ts'
import { drawKnown } from '../vetting/draw-known.ts'

const database = await testDatabase({ connectionsMax: 8 })
const server = await testServer(database.db, {
  rateLimits: { address: { burst: 5_000, perMinute: 5_000 }, key: { burst: 10_000, perMinute: 10_000 } },
})
const { effects, operatorToken: token } = server
afterAll(async () => {
  await server.close()
  await database.close()
})

/** More than a rater's page asks the database for before it gives up. */
const MANY = 230
const FEW = 3
/** With a known answer, of each agent. */
const KNOWN = 4
const path = (rest: string) => `/api/projects/default${rest}`
const admin = async (rest: string, json?: object) => {
  const answer = await server.request(path(rest), { token, ...(json === undefined ? {} : { json }) })
  return { status: answer.status, body: JSON.parse(await answer.text()) }
}
const post = async (cookie: string, rest: string, json: object) => {
  const answer = await server.request(path(rest), { cookie, json })
  return { status: answer.status, body: await answer.json() }
}
const next = async (cookie: string) => {
  const { question } = NextQuestion.parse((await post(cookie, '/review/next', { mode: 'focus' })).body)
  return question === null
    ? null
    : { assignmentId: question.assignmentId, episode: server.episodeOf(question.episodeId) }
}
const answer = (cookie: string, assignmentId: string) =>
  post(cookie, `/review/${assignmentId}/answer`, {
    commitKey: randomUUID(),
    answer: { kind: 'answered', value: 'yes' },
    startedAt: effects.now().toISOString(),
  })

const episodesOf = new Map<string, readonly string[]>()
let ada = ''
let adaId = ''
let rubric = ''
async function ask(agent: string, many: number, from: number) {
  const ids = await bring(agent, many, from)
  const source = 'name: r\nquestion: Was it well done?\nscale: yes-no\nansweredBy: [human]\n'
  rubric = (await admin('/rubrics', { agent, source })).body.id
  const asked = await admin('/review/questions', { rubric, criteria: ['root'], episodes: ids })
  expect(asked.status).toBeLessThan(300)
}
async function bring(agent: string, many: number, from: number) {
  const lines = Array.from({ length: many }, (_, at) => episodeLine(sampleEpisode(from + at)))
  await server
    .request(path(`/episodes/import?agent=${agent}&policy=one`), {
      token,
      body: lines.join('\n'),
      headers: { 'content-type': 'application/octet-stream' },
    })
    .then((imported) => imported.text())
  const ids: string[] = []
  for (let cursor = ''; ; ) {
    const { body } = await admin(`/episodes?agent=${agent}&limit=200${cursor}`)
    ids.push(...body.items.map(({ id }: { id: string }) => id))
    if (body.nextCursor === null) break
    cursor = `&cursor=${encodeURIComponent(body.nextCursor)}`
  }
  episodesOf.set(agent, ids)
  return ids
}
const conflict = (agent: string, excluded = true) =>
  admin(`/raters/${adaId}/conflicts`, { agent, excluded, reason: 'built it' })

beforeAll(async () => {
  ada = await joinProject(server, 'rater', 'Ada')
  await ask('desk', MANY, 1_000)
  await ask('shop', FEW, 9_000)
  await next(ada)
  const { items } = RaterList.parse((await admin('/raters')).body)
  adaId = items.find(({ name }) => name === 'Ada')?.id ?? ''
})

test('nothing of that agent comes any more, not even what she was at, and the rest does', async () => {
  // What she is at, of whichever agent it is, goes back only if it is of that one.
  let held = await next(ada)
  while (held !== null && !episodesOf.get('desk')?.includes(held.episode)) {
    expect((await answer(ada, held.assignmentId)).status).toBe(200)
    held = await next(ada)
  }
  const set = await conflict('desk')
  expect(set.status).toBe(200)
  expect(RaterCard.parse(set.body).conflicts).toMatchObject([{ agent: 'desk', reason: 'built it' }])
  expect((await answer(ada, held?.assignmentId ?? '')).status).toBe(404)

  const seen: string[] = []
  for (let one = await next(ada); one !== null; one = await next(ada)) {
    seen.push(one.episode)
    expect((await answer(ada, one.assignmentId)).status).toBe(200)
  }
  for (const episode of seen) expect(episodesOf.get('shop')).toContain(episode)
  const inbox = InboxView.parse(await (await server.request(path('/inbox'), { cookie: ada })).json())
  expect(inbox.progress.total).toBe(inbox.progress.answered)
  const sheet = await server.request(path(`/review/sheet/${held?.episode}`), { cookie: ada })
  if (sheet.ok) expect(ReviewSheet.parse(await sheet.json()).questions).toEqual([])
  const [episodeId = ''] = episodesOf.get('desk') ?? []
  const item = { episodeId, criterionSha256: '0'.repeat(64) }
  const decides = { projectId: server.project.id, raterId: adaId }
  expect(await hasAnswered(database.db, decides, item)).toBe(true)

  // Another one is asked what she was at.
  const bob = await joinProject(server, 'rater', 'Bob')
  expect(await next(bob)).not.toBeNull()
})

test('among known answers those of that agent are left out, and of others none', async () => {
  const { nodes } = (await admin(`/rubrics/${rubric}`)).body
  const known = new Map<string, readonly string[]>()
  for (const [agent, from] of [
    ['desk', 20_000],
    ['shop', 30_000],
  ] as const) {
    const before = new Set(episodesOf.get(agent))
    const fresh = (await bring(agent, KNOWN, from)).filter((one) => !before.has(one))
    known.set(agent, fresh)
    for (const [at, episode] of fresh.entries()) {
      const value = at % 2 === 0 ? 'yes' : 'no'
      const criterionSha256 = nodes[0].criterion.sha256
      const set = await admin('/gold', { episode, criterionSha256, value, explanation: 'seen at once' })
      expect(set.status).toBeLessThan(300)
    }
  }
  const rules = {
    projectId: server.project.id,
    id: effects.newId(),
    bar: 0.65,
    floor: 0.5,
    hiddenShare: 0.1,
    roundQuestions: 0,
    exposuresMax: 10,
    seed: '00',
    actor: 'person:admin',
    at: effects.now(),
  }
  const drawnFor = async (raterId: string) =>
    (await drawKnown(database.db, rules, raterId, 2 * KNOWN, 'hidden', () => 0.5)).map(
      ({ episodeId }) => episodeId,
    )
  const hers = await drawnFor(adaId)
  expect(hers.length).toBeGreaterThan(0)
  for (const episode of hers) expect(known.get('shop')).toContain(episode)
  // Nobody else is kept from them.
  const anybody = await drawnFor(randomUUID())
  expect(anybody.some((episode) => known.get('desk')?.includes(episode))).toBe(true)
})

test('lifted, she is asked again, and the ledger has both', async () => {
  const lifted = await conflict('desk', false)
  expect(RaterCard.parse(lifted.body).conflicts).toEqual([])
  effects.advance(60_000)
  await expect.poll(async () => (await next(ada))?.episode, { timeout: 10_000 }).toBeDefined()
  const { body } = await admin('/ledger?limit=50')
  const lines = body.items.map(({ sentence }: { sentence: string }) => sentence)
  expect(lines).toContainEqual(expect.stringMatching(/said that Ada may not judge desk\./))
  expect(lines).toContainEqual(expect.stringMatching(/said that Ada may judge desk again\./))
})

test('refused: an agent that is not there, a rater that is not there, and whoever is no admin', async () => {
  const unknown = await conflict('nobody')
  expect(unknown.status).toBe(422)
  expect(unknown.body.detail).toBe('There is no agent "nobody" in this project.')
  const stranger = await admin(`/raters/${randomUUID()}/conflicts`, {
    agent: 'desk',
    excluded: true,
    reason: 'built it',
  })
  expect(stranger.status).toBe(404)
  const own = await post(ada, `/raters/${adaId}/conflicts`, {
    agent: 'desk',
    excluded: true,
    reason: 'built it',
  })
  expect(own.status).toBe(403)
})
