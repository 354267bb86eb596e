/** The whole way of an answer: from the question to the reward, the rater's card and the list of raters. */
import { randomUUID } from 'node:crypto'
import { RaterCard, RaterList } from '@leeway/contract/raters'
import { NextQuestion } from '@leeway/contract/review'
import { EpisodeReward } from '@leeway/contract/rewards'
import { episodeLine } from '@leeway/core/episodes/formats/leeway-jsonl'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sampleEpisode } from '../episodes/sample-episode.ts'
import { testDatabase } from '../testing/database.ts'
import { joinProject } from '../testing/join-project.ts'
import { testServer } from '../testing/test-server.ts'

const database = await testDatabase({ connectionsMax: 12 })
const server = await testServer(database.db, {
  rateLimits: { address: { burst: 1_000, perMinute: 1_000 }, key: { burst: 10_000, perMinute: 10_000 } },
})
const { operatorToken: token } = server
afterAll(async () => {
  await server.close()
  await database.close()
})

const RUBRIC = `
name: desk
question: Did the agent follow the instructions?
combine: all
children:
  - id: polite
    question: Was it polite?
    answeredBy: [human]
  - id: complete
    question: Was everything done?
    answeredBy: [human]
  - id: short
    question: Was it short?
    check: { kind: steps, max: 100 }
`
const ITEMS = 12
const path = (rest: string) => `/api/projects/default${rest}`
const call = async (rest: string, json?: object) => {
  const answer = await server.request(path(rest), { token, ...(json === undefined ? {} : { json }) })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${rest}: ${answer.status} ${text}`)
  return JSON.parse(text)
}

let episodes: readonly string[] = []
let ada = ''
let bob = ''
beforeAll(async () => {
  const imported = await server.request(path('/episodes/import?agent=desk&policy=p'), {
    token,
    body: Array.from({ length: ITEMS }, (_, index) => episodeLine(sampleEpisode(index))).join('\n'),
    headers: { 'content-type': 'application/octet-stream' },
  })
  // The answer streams while episodes are stored: read to its end, all are there.
  expect(await imported.text()).toContain(`"added":${ITEMS},`)
  const { items } = await call('/episodes?limit=200')
  episodes = items.map(({ id }: { id: string }) => id)
  const rubric = (await call('/rubrics', { agent: 'desk', source: RUBRIC })).id
  await call(`/rubrics/${rubric}/apply`, {})
  await call('/review/questions', { rubric, criteria: ['polite', 'complete'], episodes, answersWanted: 2 })
  ada = await joinProject(server, 'rater', 'Ada')
  bob = await joinProject(server, 'rater', 'Bob')
})

/** Answers everything that is open, and says to how many. */
async function answerAll(
  cookie: string,
  say: (episode: string, question: string) => string,
): Promise<number> {
  for (let answered = 0; ; answered++) {
    const next = NextQuestion.parse(
      await (await server.request(path('/review/next'), { cookie, json: {} })).json(),
    )
    if (next.question === null) return answered
    const { assignmentId, episodeId, question } = next.question
    const committed = await server.request(path(`/review/${assignmentId}/answer`), {
      cookie,
      json: {
        commitKey: randomUUID(),
        answer: { kind: 'answered', value: say(server.episodeOf(episodeId), question) },
        startedAt: new Date(server.effects.now().getTime() - 30_000).toISOString(),
      },
    })
    expect(committed.status).toBe(200)
  }
}
const rewardOf = async (episode: string | undefined) =>
  EpisodeReward.parse((await call(`/episodes/${episode}/reward`)).reward)
const list = async () => RaterList.parse(await call('/raters'))
const named = async (name: string) => (await list()).items.find((rater) => rater.name === name)

test('before anybody answers, the reward says what is missing and is no number', async () => {
  const reward = await rewardOf(episodes[0])
  expect(reward.value).toEqual({ kind: 'insufficient', missing: ['polite', 'complete'] })
  expect(reward.completeness).toEqual({ answered: 1, total: 3, notApplicable: 0 })
  expect(reward.parts.find(({ id }) => id === 'short')?.value).toMatchObject({ kind: 'known', estimate: 1 })
})

test("one person's answers make it known, but not certain; nothing is said of how good that person is", async () => {
  expect(await answerAll(ada, () => 'yes')).toBe(2 * ITEMS)
  const { value } = await rewardOf(episodes[0])
  if (value.kind !== 'known') throw new Error('insufficient')
  expect(value.estimate).toBeGreaterThan(0.5)
  expect(value.estimate).toBeLessThan(0.99)
  expect(await named('Ada')).toMatchObject({
    ratings: 2 * ITEMS,
    accuracy: null,
    minutesAnAnswer: 0.5,
    tier: 'trainee',
  })
})

test('a second person who disagrees on one episode lowers its reward and nobody else’s; cards appear', async () => {
  const before = await rewardOf(episodes[0])
  const other = await rewardOf(episodes[1])
  await answerAll(bob, (episode) => (episode === episodes[0] ? 'no' : 'yes'))
  const after = await rewardOf(episodes[0])
  const unmoved = await rewardOf(episodes[1])
  const estimate = ({ value }: EpisodeReward) => (value.kind === 'known' ? value.estimate : Number.NaN)
  expect(estimate(after)).toBeLessThan(estimate(before))
  expect(estimate(unmoved)).toBeGreaterThan(estimate(other))
  const found = await named('Ada')
  expect(found?.accuracy?.estimate).toBeGreaterThan(0.8)
  expect(found?.accuracyFrom).toBe(2 * ITEMS)
  const card = RaterCard.parse(await call(`/raters/${found?.id}`))
  expect(card.perQuestion.map(({ question }) => question).sort()).toEqual([
    'Was everything done?',
    'Was it polite?',
  ])
  expect(card.words.join(' ')).toContain('Right on')
  expect((await list()).words.join(' ')).toContain('independent')
})

test('known answers speak for the one who gave them', async () => {
  const before = (await named('Bob'))?.accuracy?.estimate ?? 0
  const polite = RaterCard.parse(await call(`/raters/${(await named('Ada'))?.id}`)).perQuestion.find(
    ({ question }) => question === 'Was it polite?',
  )
  let fit = 0
  for (const episode of episodes) {
    const value = episode === episodes[0] ? 'no' : 'yes'
    const { part } = await call('/gold', { episode, criterionSha256: polite?.criterionSha256, value })
    // Only this half may move anything.
    if (part === 'fit') fit += 1
  }
  expect(fit).toBeGreaterThan(0)
  expect(fit).toBeLessThan(ITEMS)
  const after = (await named('Bob'))?.accuracy?.estimate ?? 0
  expect(after).toBeGreaterThan(before)
  // Two people on so few known answers: nothing tells them apart, and the page says so.
  if (fit >= 5) expect((await list()).words[0]).toContain('not shown to differ')
  else expect((await list()).words.join(' ')).not.toContain('differ in how often')
  const again = await server.request(path('/gold'), {
    token,
    json: { episode: episodes[0], criterionSha256: polite?.criterionSha256, value: 'yes' },
  })
  expect(again.status).toBe(409)
})

test('a suspended rater no longer counts, and the ledger says who did it', async () => {
  const before = await rewardOf(episodes[2])
  const { id } = (await named('Bob')) ?? { id: '' }
  await call(`/raters/${id}/tier`, { tier: 'suspended', reason: 'answered without reading' })
  const after = await rewardOf(episodes[2])
  expect(JSON.stringify(after.value)).not.toBe(JSON.stringify(before.value))
  expect((await named('Bob'))?.tier).toBe('suspended')
  const { items } = await call('/ledger?limit=5')
  expect(JSON.stringify(items)).toContain('made Bob suspended')
})

test('raters themselves have no way to rewards, cards or gold', async () => {
  for (const rest of [`/episodes/${episodes[0]}/reward`, '/raters', '/ratings', '/rubrics'])
    expect((await server.request(path(rest), { cookie: ada })).status).toBe(403)
})
