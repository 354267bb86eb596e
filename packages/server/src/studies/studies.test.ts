/** A study from its set-up to its report: fixed before the first answer, drawn, blind, and silent until it is over. */
import { hash } from 'node:crypto'
import { StudyOffers, StudyTurn, StudyView } from '@leeway/contract/studies'
import { episodeLine } from '@leeway/core/episodes/formats/leeway-jsonl'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { goldAnswers } from '../assignments/tables.ts'
import { recordSpeech } from '../debates/record-step.ts'
import { findDebate, type StoredDebate } from '../debates/stored-debate.ts'
import { sampleEpisode, sampleStep } from '../episodes/sample-episode.ts'
import { ensureRater } from '../raters/ensure-rater.ts'
import { insertRatings } from '../ratings/stored-ratings.ts'
import { openParts } from '../splits/open-parts.ts'
import { testDatabase } from '../testing/database.ts'
import { joinProject } from '../testing/join-project.ts'
import { testServer } from '../testing/test-server.ts'

const database = await testDatabase()
const server = await testServer(database.db)
const { effects, operatorToken: token, project } = server
const projectId = project.id
afterAll(async () => {
  await server.close()
  await database.close()
})

const ITEMS = 12
const CLAIM = 'It never asked the customer to confirm.'
const path = (rest: string) => `/api/projects/default${rest}`
const admin = async (rest: string, json?: object, method?: string) => {
  const answer = await server.request(path(rest), {
    token,
    ...(json === undefined ? {} : { json }),
    ...(method === undefined ? {} : { method }),
  })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${rest}: ${answer.status} ${text}`)
  return JSON.parse(text)
}
const as = async (cookie: string, rest: string, json?: object) => {
  const answer = await server.request(path(rest), { cookie, ...(json === undefined ? {} : { json }) })
  return { status: answer.status, body: JSON.parse(await answer.text()) }
}
const agree = (cookie: string, study: string) => as(cookie, `/review/studies/${study}/agree`, {})
const answer = (
  cookie: string,
  study: string,
  place: number,
  stage: string,
  value: string,
  probability = 0.8,
) =>
  as(cookie, `/review/studies/${study}/answer`, {
    place,
    stage,
    value,
    probability,
    startedAt: new Date(effects.now().getTime() - 30_000).toISOString(),
  })
const view = async (study: string) => StudyView.parse(await admin(`/studies/${study}`))

let rubric = ''
let criterionSha256 = ''
let episodes: readonly string[] = []
const known = (episode: string) => (episodes.indexOf(episode) % 2 === 0 ? 'yes' : 'no')
const design = (more: object = {}) => ({
  name: 'Do critiques help?',
  question: 'Are people right more often once they have read what a model claims?',
  rubric,
  criterion: 'confirmed',
  arms: ['unaided', 'critique'],
  raters: 2,
  itemsPerRater: 6,
  consent: 'Your answers are stored and analysed. You may stop at any time.',
  expected: { control: 0.6, difference: 0.2 },
  ...more,
})

beforeAll(async () => {
  const body = Array.from({ length: ITEMS }, (_, index) =>
    episodeLine(
      sampleEpisode(index, {
        steps: [
          sampleStep(0, { content: `Refund order ${index}, please.` }),
          sampleStep(1, { content: 'I refunded it, no need to confirm.' }),
        ],
      }),
    ),
  ).join('\n')
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
      source:
        'name: desk\ncombine: all\nchildren:\n  - { id: confirmed, question: Did it confirm before it acted?, answeredBy: [human, model] }\n  - { id: tone, question: How was it?, scale: { ordinal: [rude, kind] }, answeredBy: [human] }\n',
    })
  ).id
  const nodes = (await admin(`/rubrics/${rubric}`)).nodes as {
    id: string
    criterion: { sha256: string } | null
  }[]
  criterionSha256 = nodes.find(({ id }) => id === 'confirmed')?.criterion?.sha256 ?? ''
  await effects.db.insert(goldAnswers).values(
    episodes.map((episodeId) => ({
      projectId,
      episodeId,
      criterionSha256,
      value: known(episodeId),
      part: 'fit',
      actor: 'test',
      at: effects.now(),
    })),
  )
  const model = await ensureRater(effects.db, effects, projectId, {
    kind: 'model',
    name: 'critic',
    family: 'test',
  })
  await insertRatings(
    effects.db,
    episodes.map((episodeId, at) => ({
      projectId,
      id: effects.newId(),
      episodeId,
      criterionSha256,
      raterId: model.id,
      assignmentId: null,
      kind: 'answered',
      value: 'no',
      comment: '',
      evidence: [],
      claims: [{ text: CLAIM, severity: 'major', step: 1, quote: 'no need to confirm' }],
      flagged: false,
      assistance: 'none',
      supersedes: null,
      commitKey: `judge-${at}`,
      committedAt: effects.now(),
    })),
  )
})

test('is fixed before the first answer: its hash is in the ledger, and it opens nothing before it is over', async () => {
  const made = StudyView.parse(await admin('/studies', design()))
  expect(made).toMatchObject({
    summary: { state: 'open', items: ITEMS, answersPlanned: 12, answers: 0, joined: 0 },
    report: null,
    seed: null,
  })
  const { items } = await admin('/ledger?limit=10')
  expect(JSON.stringify(items)).toContain(made.sha256)

  const study = made.summary.id
  const ada = await joinProject(server, 'rater', 'Ada')
  const [offer] = StudyOffers.parse((await as(ada, '/review/studies')).body).studies
  expect(offer).toMatchObject({ id: study, agreedAt: null, answered: 0, total: 6 })
  expect((await answer(ada, study, 1, 'first', 'yes')).status).toBe(404)

  let turn = StudyTurn.parse((await agree(ada, study)).body)
  expect(StudyTurn.parse((await agree(ada, study)).body)).toEqual(turn)
  const secrets = ['unaided', 'critique', 'secret-policy', 'known', 'gold', episodes[0] as string]
  let helped = 0
  while (turn.item !== null) {
    const { place, stage, episodeId } = turn.item
    for (const secret of secrets) expect(JSON.stringify(turn.item)).not.toContain(secret)
    expect(turn.item.claims.length > 0).toBe(stage === 'final')
    const right = known(server.episodeOf(episodeId ?? ''))
    const wrong = right === 'yes' ? 'no' : 'yes'
    if (stage === 'final') helped += 1
    // Wrong without help, right with it; out of turn and off the scale is refused.
    if (place === 2) {
      expect((await answer(ada, study, 3, 'first', right)).status).toBe(409)
      expect((await answer(ada, study, 2, stage, 'perhaps')).status).toBe(422)
    }
    const said = await answer(ada, study, place, stage, stage === 'final' ? right : wrong)
    expect(said.status).toBe(200)
    // The first answer stands: sent again with another value it changes nothing.
    expect(StudyTurn.parse((await answer(ada, study, place, stage, right)).body)).toEqual(
      StudyTurn.parse(said.body),
    )
    turn = StudyTurn.parse(said.body)
  }
  expect(helped).toBe(3)
  expect(turn.offer).toMatchObject({ answered: 6, total: 6 })
  const half = await view(study)
  expect(half).toMatchObject({ summary: { state: 'open', answers: 6 }, report: null, seed: null })
  expect(half.counts).toEqual([
    { arm: 'unaided', answers: 3 },
    { arm: 'critique', answers: 3 },
  ])

  const ben = await joinProject(server, 'rater', 'Ben')
  const cem = await joinProject(server, 'rater', 'Cem')
  // Both at once, and room for one.
  const [first, second] = await Promise.all([agree(ben, study), agree(cem, study)])
  expect([first.status, second.status].sort()).toEqual([200, 409])
  const last = first.status === 200 ? ben : cem
  const late = last === ben ? cem : ben
  expect((await as(late, `/review/studies/${study}`)).status).toBe(404)
  for (let next = StudyTurn.parse((await agree(last, study)).body); next.item !== null; ) {
    const { place, stage, episodeId } = next.item
    const right = known(server.episodeOf(episodeId ?? ''))
    next = StudyTurn.parse((await answer(last, study, place, stage, right, 0.9)).body)
  }
  const over = await view(study)
  expect(over.summary).toMatchObject({ state: 'complete', answers: 12, answersPlanned: 12 })
  const [unaided, critique] = over.report ?? []
  expect(unaided).toMatchObject({ arm: 'unaided', answers: 6, raters: 2, difference: null })
  expect(unaided?.right.share).toBeCloseTo(0.5, 12)
  expect(critique).toMatchObject({ answers: 6, spoilt: 0, mended: 3, right: { share: 1 } })
  expect(critique?.difference?.share).toBeCloseTo(0.5, 12)
  // Two answers of half a minute each against one, for half an error: a minute.
  expect(critique?.minutesPerErrorRemoved).toBeCloseTo(1, 1)
  // Everybody can now repeat the draws, and see that the seed is the one that was fixed.
  expect(over.seed).toMatch(/^[0-9a-f]{64}$/)
  expect(hash('sha256', over.seed ?? '')).not.toBe(over.sha256)

  // What somebody met in a study is not asked as work afterwards.
  await admin('/review/questions', { rubric, criteria: ['confirmed'], episodes, answersWanted: 9 })
  let asked = 0
  for (;;) {
    const { body } = await as(ada, '/review/next', { mode: 'focus' })
    if (body.question === null) break
    asked += 1
    const said = { kind: 'answered', value: 'no' }
    const commit = { commitKey: effects.newId(), answer: said, startedAt: effects.now().toISOString() }
    await as(ada, `/review/${body.question.assignmentId}/answer`, commit)
  }
  expect(asked).toBe(ITEMS - 6)
  // And whoever has answered all of it as work cannot take part.
  const again = StudyView.parse(await admin('/studies', design({ name: 'Once more' })))
  expect((await agree(ada, again.summary.id)).status).toBe(409)
}, 60_000)

test('debates take the place of the episode, and an early stop is told', async () => {
  for (const episode of episodes.slice(0, 6)) {
    const { id } = await admin('/debates', {
      rubric,
      criterion: 'confirmed',
      episode,
      speakers: [null, null],
      rounds: 1,
    })
    const debate = (await findDebate(effects.db, projectId, id)) as StoredDebate
    const said = { silent: null, costUsd: 0.02, tokens: 450, startedAt: effects.now(), at: effects.now() }
    for (const side of debate.rules.speakers)
      await recordSpeech(
        effects.db,
        debate,
        { round: 1, side },
        { text: 'See [[1: no need to confirm]].', ...said },
      )
  }
  const refused = await server.request(path('/studies'), {
    token,
    json: design({ arms: ['unaided', 'consultancy'] }),
  })
  expect(refused.status).toBe(422)
  expect(((await refused.json()) as { detail: string }).detail).toContain(
    '12 answers to this question are known',
  )
  const made = StudyView.parse(await admin('/studies', design({ arms: ['unaided', 'debate'], raters: 3 })))
  const study = made.summary.id
  expect(made.summary.items).toBe(6)
  const dan = await joinProject(server, 'rater', 'Dan')
  let turn = StudyTurn.parse((await agree(dan, study)).body)
  let read = 0
  while (turn.item !== null) {
    const { place, stage, speeches, episodeId, answers } = turn.item
    expect(speeches.length > 0).toBe(episodeId === null)
    if (speeches.length > 0) {
      read += 1
      expect(answers).not.toBeNull()
      expect(speeches[0]?.parts[1]).toMatchObject({ kind: 'quote', step: 1 })
    }
    turn = StudyTurn.parse((await answer(dan, study, place, stage, 'yes')).body)
  }
  expect(read).toBe(3)
  const stopped = StudyView.parse(await admin(`/studies/${study}/stop`, { reason: 'Nobody else has time.' }))
  expect(stopped).toMatchObject({
    summary: { state: 'stopped' },
    stopped: { reason: 'Nobody else has time.' },
  })
  expect(stopped.report?.[1]).toMatchObject({
    arm: 'debate',
    answers: 3,
    usdAnAnswer: 0.04,
    tokensAnAnswer: 900,
  })
  expect((await agree(await joinProject(server, 'rater', 'Eve'), study)).status).toBe(409)
  const twice = await server.request(path(`/studies/${study}/stop`), { token, json: { reason: 'again' } })
  expect(twice.status).toBe(409)
}, 60_000)

test('what others say to the parts comes after a first answer, as it stood when the study was fixed', async () => {
  const parts = [{ question: 'Did it ask?' }, { question: 'Did the customer agree?' }]
  const arms = ['unaided', 'decomposition']
  expect((await server.request(path('/studies'), { token, json: design({ arms }) })).status).toBe(422)
  await admin('/splits', { rubric, criterionSha256, parts, answersWanted: 2 })
  const shas = (await admin('/splits')).trees[0].nodes
    .filter(({ depth }: { depth: number }) => depth === 1)
    .map(({ sha256 }: { sha256: string }) => sha256) as string[]
  const others = { kind: 'human', name: 'Zoe', family: 'people', definition: { name: 'Zoe' } } as const
  const zoe = await ensureRater(effects.db, effects, projectId, others)
  const at = effects.now()
  const say = (criterion: string, own: readonly string[], comment: string) =>
    insertRatings(
      effects.db,
      own.map((episodeId) => ({
        projectId,
        id: effects.newId(),
        episodeId,
        criterionSha256: criterion,
        raterId: zoe.id,
        kind: 'answered',
        value: known(episodeId),
        comment,
        evidence: [1],
        flagged: false,
        assistance: 'none',
        commitKey: `${criterion} ${episodeId}`,
        startedAt: new Date(at.getTime() - 45_000),
        committedAt: at,
      })),
    )
  await say(shas[0] ?? '', episodes.slice(0, 8), 'It asked.')
  await say(shas[1] ?? '', episodes.slice(0, 6), 'So it says.')
  const study = StudyView.parse(await admin('/studies', design({ arms, raters: 1 }))).summary
  // Those alone of which every part was answered.
  expect(study.items).toBe(6)
  await say(shas[1] ?? '', episodes.slice(6), 'Too late.')

  const fay = await joinProject(server, 'rater', 'Fay')
  let turn = StudyTurn.parse((await agree(fay, study.id)).body)
  const seen: string[] = []
  while (turn.item !== null) {
    const { place, stage, episodeId } = turn.item
    for (const secret of ['decomposition', 'unaided', 'Zoe', zoe.id, ...shas])
      expect(JSON.stringify(turn.item)).not.toContain(secret)
    expect(turn.item.parts.length > 0).toBe(stage === 'final')
    const right = known(server.episodeOf(episodeId ?? ''))
    if (stage === 'final') {
      seen.push(server.episodeOf(episodeId ?? ''))
      expect(turn.item.parts[1]).toEqual({
        question: 'Did the customer agree?',
        guidance: '',
        answers: [{ value: right, comment: 'So it says.', steps: [1] }],
      })
    }
    // Right at first, and led astray or not by what is shown.
    const said = stage === 'final' && seen.length === 1 ? (right === 'yes' ? 'no' : 'yes') : right
    turn = StudyTurn.parse((await answer(fay, study.id, place, stage, said)).body)
  }
  expect(seen).toHaveLength(3)
  const [, helped] = (await view(study.id)).report ?? []
  // Two answers of three quarters of a minute each were the help.
  expect(helped).toMatchObject({ arm: 'decomposition', answers: 3, spoilt: 1, helpMinutesAnAnswer: 1.5 })
  // Of the parts that she was shown she is asked none.
  await admin('/splits/rules', { share: 1 }, 'PUT')
  await admin('/review/questions', { rubric, criteria: ['confirmed'], episodes, answersWanted: 9 })
  await openParts(effects)
  let asked = 0
  for (;;) {
    const { body } = await as(fay, '/review/next', { mode: 'focus' })
    if (body.question === null) break
    const { assignmentId, episodeId, question } = body.question
    if (question !== 'Did it confirm before it acted?') {
      asked += 1
      expect(seen).not.toContain(server.episodeOf(episodeId))
    }
    const said = { kind: 'answered', value: 'no' }
    const commit = { commitKey: effects.newId(), answer: said, startedAt: effects.now().toISOString() }
    await as(fay, `/review/${assignmentId}/answer`, commit)
  }
  expect(asked).toBeGreaterThan(3)
}, 60_000)

test.each([
  ['an arm twice', { arms: ['unaided', 'unaided'] }, 422, 'body.arms'],
  ['a question without right and wrong', { criterion: 'tone' }, 422, 'body.criterion'],
  ['a question that is not there', { criterion: 'other' }, 404, 'body.criterion'],
  ['a rubric of nobody', { rubric: '01a206c9-2122-713b-8685-8251d0f3d356' }, 404, 'body.rubric'],
])('is refused: %s', async (_, more, status, field) => {
  const refused = await server.request(path('/studies'), { token, json: design(more) })
  expect(refused.status).toBe(status)
  expect(await refused.json()).toMatchObject({ field })
})
