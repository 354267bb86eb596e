/** Known answers among work go on though one of them may not be put to the rater any more, and stand in the words that work does. */
import { randomUUID } from 'node:crypto'
import { NextQuestion } from '@leeway/contract/review'
import { episodeLine } from '@leeway/core/episodes/formats/leeway-jsonl'
import { and, eq } from 'drizzle-orm'
import { afterAll, expect, test } from 'vitest'
import { sampleEpisode } from '../episodes/sample-episode.ts'
import { raters } from '../raters/tables.ts'
import { testDatabase } from '../testing/database.ts'
import { joinProject } from '../testing/join-project.ts'
import { testServer } from '../testing/test-server.ts'
import { vettingDraws } from './tables.ts'
import { vetRaters } from './vet-raters.ts'

const database = await testDatabase()
const server = await testServer(database.db, {
  rateLimits: { address: { burst: 5_000, perMinute: 5_000 }, key: { burst: 10_000, perMinute: 10_000 } },
})
const { effects, operatorToken: token } = server
afterAll(async () => {
  await server.close()
  await database.close()
})

const KNOWN = 30
const WORK = 20
type Reply = {
  readonly id: string
  readonly items: readonly { readonly id: string }[]
  readonly nodes: readonly { readonly criterion: { readonly sha256: string } }[]
}
const path = (rest: string) => `/api/projects/default${rest}`
const admin = async (rest: string, json?: object) => {
  const answer = await server.request(path(rest), { token, ...(json === undefined ? {} : { json }) })
  if (!answer.ok) throw new Error(`${rest}: ${answer.status} ${await answer.text()}`)
  return (await answer.json()) as Reply
}

async function brought(agent: string, policy: string, many: number): Promise<readonly string[]> {
  const sent = await server.request(path(`/episodes/import?agent=${agent}&policy=${policy}`), {
    token,
    body: Array.from({ length: many }, (_, index) =>
      episodeLine(sampleEpisode(index, { instructions: `${agent} ${policy} ${index}` })),
    ).join('\n'),
    headers: { 'content-type': 'application/octet-stream' },
  })
  await sent.text()
  return (await admin(`/episodes?agent=${agent}&policy=${policy}&limit=200`)).items.map(({ id }) => id)
}
/** Another version of the same rubric, by the words of its question. */
async function saved(question: string) {
  const source = `name: desk\nquestion: ${question}\nansweredBy: [human]\n`
  const { id: rubric } = await admin('/rubrics', { agent: 'desk', source })
  const { nodes } = await admin(`/rubrics/${rubric}`)
  return { rubric, sha256: nodes[0]?.criterion.sha256 ?? '' }
}
async function known(episodes: readonly string[], criterionSha256: string): Promise<void> {
  for (const [at, episode] of episodes.entries())
    await admin('/gold', { episode, criterionSha256, value: at % 2 === 0 ? 'no' : 'yes' })
}
async function joined(name: string) {
  const cookie = await joinProject(server, 'rater', name)
  await server.request(path('/inbox'), { cookie }).then((answer) => answer.text())
  const [row] = await effects.db.select().from(raters).where(eq(raters.name, name))
  return { cookie, raterId: row?.id ?? '' }
}
const drawnFor = async (raterId: string) =>
  (
    await effects.db
      .select()
      .from(vettingDraws)
      .where(and(eq(vettingDraws.raterId, raterId), eq(vettingDraws.kind, 'hidden')))
  ).map(({ episodeId, criterionSha256 }) => ({ episodeId, criterionSha256 }))

/** The episodes that came, until nothing did. */
async function answerAll(cookie: string): Promise<readonly string[]> {
  const came: string[] = []
  for (;;) {
    const next = await server.request(path('/review/next'), { cookie, json: { mode: 'focus' } })
    const { question } = NextQuestion.parse(await next.json())
    if (question === null) return came
    came.push(server.episodeOf(question.episodeId))
    const answer = await server.request(path(`/review/${question.assignmentId}/answer`), {
      cookie,
      json: {
        commitKey: randomUUID(),
        answer: { kind: 'answered', value: 'yes' },
        startedAt: effects.now().toISOString(),
      },
    })
    if (!answer.ok) throw new Error(await answer.text())
    await answer.text()
  }
}

let sha256 = ''
test('one about an agent that the rater may not judge any more neither comes nor keeps the others back', async () => {
  const work = await brought('desk', 'work', WORK)
  const asked = await saved('Did it help?')
  sha256 = asked.sha256
  await admin('/review/questions', { rubric: asked.rubric, episodes: work, answersWanted: 20 })
  await admin('/vetting', { hiddenShare: 0.5, roundQuestions: 0, exposuresMax: 50 })
  const barred = new Set(await brought('shop', 'known', KNOWN))
  await known([...barred], sha256)
  const { cookie, raterId } = await joined('Ines')
  await vetRaters(effects)
  const before = await drawnFor(raterId)
  expect(before.length).toBeGreaterThan(5)
  expect(before.every(({ episodeId }) => barred.has(episodeId))).toBe(true)

  await admin(`/raters/${raterId}/conflicts`, { agent: 'shop', excluded: true, reason: 'works there' })
  const free = new Set(await brought('desk', 'known', KNOWN))
  await known([...free], sha256)
  // What cannot come is none of those that wait.
  await vetRaters(effects)
  expect((await drawnFor(raterId)).filter(({ episodeId }) => free.has(episodeId)).length).toBeGreaterThan(5)

  const came = await answerAll(cookie)
  expect(came.filter((id) => barred.has(id))).toEqual([])
  expect(came.filter((id) => free.has(id)).length).toBeGreaterThan(5)
  expect(came.filter((id) => work.includes(id))).toHaveLength(WORK)
})

test('in old words none is drawn once the work in them is done, however many are known', async () => {
  const { cookie, raterId } = await joined('Olga')
  const now = await saved('Did it help as it was asked to?')
  const work = await brought('desk', 'later', WORK)
  await admin('/review/questions', { rubric: now.rubric, episodes: work, answersWanted: 20 })
  await known(await brought('desk', 'known-later', KNOWN), now.sha256)
  await vetRaters(effects)
  // Both are open to her still.
  expect(new Set((await drawnFor(raterId)).map((one) => one.criterionSha256))).toEqual(
    new Set([sha256, now.sha256]),
  )
  await answerAll(cookie)
  await admin('/review/questions', {
    rubric: now.rubric,
    episodes: await brought('desk', 'latest', WORK),
    answersWanted: 20,
  })
  const before = new Set((await drawnFor(raterId)).map(({ episodeId }) => episodeId))
  await vetRaters(effects)
  const drawn = (await drawnFor(raterId)).filter(({ episodeId }) => !before.has(episodeId))
  expect(drawn.length).toBeGreaterThan(0)
  expect(new Set(drawn.map((one) => one.criterionSha256))).toEqual(new Set([now.sha256]))
})
