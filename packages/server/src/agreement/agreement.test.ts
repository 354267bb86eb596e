/** What the page of agreement says of answers whose agreement is known. */
import { AgreementView, type QuestionAgreement } from '@leeway/contract/agreement'
import { episodeLine } from '@leeway/core/episodes/formats/leeway-jsonl'
import { seededRandom } from '@leeway/core/numeric/seeded-random'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sampleEpisode } from '../episodes/sample-episode.ts'
import { setTier } from '../raters/set-tier.ts'
import { raters } from '../raters/tables.ts'
import { testDatabase } from '../testing/database.ts'
import { joinProject } from '../testing/join-project.ts'
import { testServer } from '../testing/test-server.ts'

const database = await testDatabase()
const server = await testServer(database.db)
const { effects, operatorToken: token } = server
afterAll(async () => {
  await server.close()
  await database.close()
})

const EPISODES = 60
const RUBRIC = `name: desk
combine: all
children:
  - { id: done, question: Was it done?, answeredBy: [human] }
  - { id: asked, question: Did it ask first?, answeredBy: [human] }
  - { id: needless, question: Did it avoid needless steps?, answeredBy: [human] }
  - { id: mood, question: Was the mood right?, answeredBy: [human] }
  - { id: sent, question: Was it sent?, answeredBy: [human, model] }
`
const path = (rest: string) => `/api/projects/default${rest}`
const call = async (rest: string, json?: object) => {
  const answer = await server.request(path(rest), { token, ...(json === undefined ? {} : { json }) })
  if (!answer.ok) throw new Error(`${rest}: ${answer.status} ${await answer.text()}`)
  return answer.json()
}

let episodes: readonly string[] = []
let view: AgreementView
const of = (question: string): QuestionAgreement => {
  const found = view.questions.find((one) => one.question === question)
  if (found === undefined) throw new Error(`no ${question}`)
  return found
}

beforeAll(async () => {
  const sent = await server.request(path('/episodes/import?agent=desk&policy=p'), {
    token,
    body: Array.from({ length: EPISODES }, (_, at) =>
      episodeLine(sampleEpisode(at, { taskKey: `task-${at}` })),
    ).join('\n'),
    headers: { 'content-type': 'application/octet-stream' },
  })
  await sent.text()
  episodes = ((await call('/episodes?limit=200')) as { items: { id: string }[] }).items.map(({ id }) => id)
  const { id: rubric } = (await call('/rubrics', { agent: 'desk', source: RUBRIC })) as { id: string }
  const random = seededRandom(4)
  const says = (yes: boolean, share: number) => (random() < share ? (yes ? 'yes' : 'no') : yes ? 'no' : 'yes')
  const ratings = episodes.flatMap((episodeId, at) => {
    const good = at % 2 === 0
    return ['Ada', 'Ben', 'Cleo', 'Sus'].flatMap((rater) => {
      // Cleo has answered five only; what Sus says is suspended, and always the contrary.
      if (rater === 'Cleo' && at >= 5) return []
      const answers =
        rater === 'Sus'
          ? { done: good ? 'no' : 'yes' }
          : {
              done: says(good, 0.95),
              asked: says(good, 0.9),
              // Asked the wrong way round.
              needless: says(!good, 0.85),
              // Nobody knows what is meant.
              mood: says(good, 0.5),
            }
      return Object.entries(answers).map(([criterion, value]) => ({
        episodeId,
        criterion,
        rater,
        answer: { kind: 'answered', value },
        sourceKey: `${rater} ${criterion} ${at}`,
      }))
    })
  })
  await call('/ratings', { rubric, ratings })
  // Two people who agree, and three copies of a model that agree with themselves and hardly with people.
  const models = episodes.flatMap((episodeId, at) => {
    const good = at % 3 !== 0
    const copied = says(good, 0.55)
    const answers = {
      Ada: says(good, 0.95),
      Ben: says(good, 0.95),
      ...Object.fromEntries(['copy a', 'copy b', 'copy c'].map((copy) => [copy, copied])),
    }
    return Object.entries(answers).map(([rater, value]) => ({
      episodeId,
      criterion: 'sent',
      rater,
      ...(rater.startsWith('copy') ? { raterKind: 'model', family: 'llama' } : {}),
      answer: { kind: 'answered', value },
      sourceKey: `${rater} sent ${at}`,
    }))
  })
  await call('/ratings', { rubric, ratings: models })
  const [sus] = (await effects.db.select().from(raters)).filter(({ name }) => name === 'Sus')
  const projectId = server.project.id
  await setTier(effects, { projectId, raterId: sus?.id ?? '', tier: 'suspended', reason: 'x', actor: 'test' })
  view = AgreementView.parse(await call('/agreement'))
}, 60_000)

test('a clear question is agreed on, one that nobody understands is not, each with an interval', () => {
  const done = of('Was it done?')
  expect(done.alpha).toMatchObject({ kind: 'estimate' })
  expect(done.alpha.kind === 'estimate' && done.alpha.low).toBeGreaterThan(0.5)
  const mood = of('Was the mood right?')
  expect(mood.alpha.kind === 'estimate' && mood.alpha.low).toBeLessThan(0)
  expect(mood.alpha.kind === 'estimate' && mood.alpha.high).toBeLessThan(0.667)
  expect(done).toMatchObject({ itemsShared: EPISODES, answers: 2 * EPISODES + 5, ratersLeftOut: 0 })
})

test('pairs with few common items are blank, and suspended raters are not there', () => {
  const { raters: shown, pairs } = of('Was it done?')
  expect(shown.map(({ name }) => name)).toEqual(['Ada', 'Ben', 'Cleo'])
  expect(pairs.map(({ first, second, items, share }) => [first, second, items, share === null])).toEqual([
    [0, 1, EPISODES, false],
    [0, 2, 5, true],
    [1, 2, 5, true],
  ])
  expect(pairs[0]?.share).toBeGreaterThan(0.8)
})

test('the hardest items are those on which people differ', () => {
  const { hardest } = of('Was the mood right?')
  expect(hardest).toHaveLength(10)
  for (const { episodeId, answers, entropy } of hardest) {
    expect(episodes).toContain(episodeId)
    expect(answers).toHaveLength(2)
    expect(entropy).toBeGreaterThan(0)
  }
  expect(hardest.map(({ entropy }) => entropy)).toEqual(
    hardest.map(({ entropy }) => entropy).sort((a, b) => b - a),
  )
})

test('a question asked the wrong way round is shown to be, the others are not', () => {
  const correlation = (question: string) => {
    const [found] = of(question).withRest
    if (found?.correlation.kind !== 'estimate') throw new Error('none')
    return found.correlation
  }
  expect(correlation('Did it avoid needless steps?').high).toBeLessThan(0)
  expect(correlation('Was it done?').high).toBeGreaterThan(0)
})

test('copies of one model lift the raw alpha, and neither that of people nor that of voices', () => {
  const { alpha, withModels, raters: shown, pairs } = of('Was it sent?')
  const value = (found: typeof alpha | undefined) => {
    if (found?.kind !== 'estimate') throw new Error('nothing is measured')
    return found.value
  }
  expect(value(alpha)).toBeGreaterThan(0.7)
  expect(value(withModels?.voices)).toBeLessThan(0.5)
  expect(value(withModels?.raw)).toBeGreaterThan(value(withModels?.voices) + 0.05)
  const named = (place: number) => shown[place]?.name ?? ''
  expect(
    pairs
      .filter(({ sameFamily }) => sameFamily)
      .map(({ first, second }) => [named(first), named(second)].sort()),
  ).toEqual([
    ['copy a', 'copy b'],
    ['copy a', 'copy c'],
    ['copy b', 'copy c'],
  ])
  expect(of('Was it done?').withModels).toBeNull()
})

test('of a hard episode a family is counted once', () => {
  const { hardest } = of('Was it sent?')
  for (const { answers } of hardest)
    expect(answers.reduce((sum, { count }) => sum + count, 0)).toBeLessThanOrEqual(3)
})

test('raters have no way in', async () => {
  const cookie = await joinProject(server, 'rater', 'Rae')
  expect((await server.request(path('/agreement'), { cookie })).status).toBe(403)
})
