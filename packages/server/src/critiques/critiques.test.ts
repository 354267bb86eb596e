/** A critique comes after the first answer, quotes what was said, is judged by its reader, and is measured in two arms. */
import { randomUUID } from 'node:crypto'
import { CritiqueReport, CritiqueView } from '@leeway/contract/critiques'
import { Committed, NextQuestion } from '@leeway/contract/review'
import type { Claim } from '@leeway/core/critiques/claim'
import { episodeLine } from '@leeway/core/episodes/formats/leeway-jsonl'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sampleEpisode, sampleStep } from '../episodes/sample-episode.ts'
import { lookPlans } from '../looks/tables.ts'
import { ensureRater } from '../raters/ensure-rater.ts'
import { raters } from '../raters/tables.ts'
import { insertRatings } from '../ratings/stored-ratings.ts'
import { ratings } from '../ratings/tables.ts'
import { testDatabase } from '../testing/database.ts'
import { joinProject } from '../testing/join-project.ts'
import { testServer } from '../testing/test-server.ts'
import { critiqueReveals } from './tables.ts'

const database = await testDatabase()
const server = await testServer(database.db)
const { effects, operatorToken: token } = server
const projectId = server.project.id
afterAll(async () => {
  await server.close()
  await database.close()
})

const EPISODES = 40
const path = (rest: string) => `/api/projects/default${rest}`
type Reply = {
  readonly id: string
  readonly items: readonly { readonly id: string }[]
  readonly nodes: readonly { readonly criterion: { readonly sha256: string } }[]
  readonly detail: string
}
const admin = async (rest: string, json?: object) => {
  const answer = await server.request(path(rest), { token, ...(json === undefined ? {} : { json }) })
  if (!answer.ok) throw new Error(`${rest}: ${answer.status} ${await answer.text()}`)
  return (await answer.json()) as Reply
}
const as = async (cookie: string, rest: string, json: object) => {
  const answer = await server.request(path(rest), { cookie, json })
  return { status: answer.status, body: await answer.json() }
}
const next = async (cookie: string) =>
  NextQuestion.parse((await as(cookie, '/review/next', { mode: 'focus' })).body).question
const commit = (value: string, more: object = {}) => ({
  commitKey: randomUUID(),
  answer: { kind: 'answered', value },
  startedAt: effects.now().toISOString(),
  showsCritique: true,
  ...more,
})
const answer = async (cookie: string, assignment: string, body: object) =>
  Committed.parse((await as(cookie, `/review/${assignment}/answer`, body)).body)
const report = async () => CritiqueReport.parse(await admin('/critiques'))

const claim = (text: string, more: Partial<Claim> = {}): Claim => ({
  text,
  severity: 'major',
  step: 1,
  quote: 'no need to confirm',
  ...more,
})
let episodes: readonly string[] = []
let criterionSha256 = ''
beforeAll(async () => {
  const body = Array.from({ length: EPISODES }, (_, index) =>
    episodeLine(
      sampleEpisode(index, {
        steps: [
          sampleStep(0, { content: `Refund order ${index}, please.` }),
          sampleStep(1, { content: 'I refunded it, no need to confirm.' }),
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
  const model = await ensureRater(effects.db, effects, projectId, {
    kind: 'model',
    name: 'critic',
    family: 'test',
    definition: { model: 'test' },
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
      claims: [
        claim('It said that nothing need be confirmed.'),
        claim('It was curt.', { severity: 'minor', step: 0 }),
        claim('The customer said that it was wrong.', { quote: 'that is wrong, stop it' }),
      ],
      flagged: false,
      assistance: 'none',
      supersedes: null,
      commitKey: `judge-${at}`,
      committedAt: effects.now(),
    })),
  )
  await admin('/review/questions', { rubric, episodes, answersWanted: 20 })
})

test('comes after the first answer, with what is quoted word for word alone, and names no author', async () => {
  await admin('/critiques', { share: 1 })
  const ada = await joinProject(server, 'rater', 'Ada')
  const question = await next(ada)
  const assignment = question?.assignmentId ?? ''
  expect(JSON.stringify(question)).not.toContain('nothing need be confirmed')
  expect((await as(ada, `/review/${assignment}/critique`, { claim: 0, mark: 'valid' })).status).toBe(404)
  const first = commit('yes')
  const { critique, ratingId } = await answer(ada, assignment, first)
  // The invented quote is gone; the one of another step is bound to where it stands; the worst comes first.
  expect(critique).toEqual({
    assignmentId: assignment,
    claims: [
      { ...claim('It said that nothing need be confirmed.'), mark: null },
      { ...claim('It was curt.', { severity: 'minor' }), mark: null },
    ],
  })
  // A lost answer of the server is asked for again: the same commit shows the same.
  expect((await answer(ada, assignment, first)).critique).toEqual(critique)
  const marked = await as(ada, `/review/${assignment}/critique`, { claim: 0, mark: 'valid' })
  expect(CritiqueView.parse(marked.body).claims.map(({ mark }) => mark)).toEqual(['valid', null])
  await as(ada, `/review/${assignment}/critique`, { claim: 1, mark: 'seen' })
  await as(ada, `/review/${assignment}/critique`, { claim: 1, mark: 'invalid' })
  const second = await answer(ada, assignment, commit('no', { supersedes: ratingId }))
  expect(second.critique).toBeNull()
  const rows = await effects.db
    .select()
    .from(ratings)
    .where(eq(ratings.assignmentId, assignment))
    .orderBy(ratings.id)
  expect(rows.map(({ value, assistance }) => [value, assistance])).toEqual([
    ['yes', 'none'],
    ['no', 'critique'],
  ])
  const bob = await joinProject(server, 'rater', 'Bob')
  expect((await as(bob, `/review/${assignment}/critique`, { claim: 0, mark: 'valid' })).status).toBe(404)
  expect((await report()).claims).toEqual([
    { author: 'model', shown: 2, valid: 1, seen: 0, invalid: 1, precision: expect.anything() },
    { author: 'person', shown: 0, valid: 0, seen: 0, invalid: 0, precision: null },
  ])
})

test('is held back in the other arm, which is kept for comparison, and never follows a skip', async () => {
  await admin('/critiques', { share: 0 })
  const cyd = await joinProject(server, 'rater', 'Cyd')
  const skipped = await next(cyd)
  const skip = { ...commit(''), answer: { kind: 'abstained', reason: 'too-hard' } }
  expect((await answer(cyd, skipped?.assignmentId ?? '', skip)).critique).toBeNull()
  const question = await next(cyd)
  const { critique, ratingId } = await answer(cyd, question?.assignmentId ?? '', commit('no'))
  expect(critique).toBeNull()
  const kept = await effects.db.select().from(critiqueReveals).where(eq(critiqueReveals.ratingId, ratingId))
  expect(kept.map(({ arm }) => arm)).toEqual(['none'])
  await answer(cyd, question?.assignmentId ?? '', commit('yes', { supersedes: ratingId }))
  const rows = await effects.db.select().from(ratings).where(eq(ratings.supersedes, ratingId))
  expect(rows.map(({ assistance }) => assistance)).toEqual(['none'])
})

test('arms are drawn, and compared on known answers; planted claims show who believes what they read', async () => {
  await admin('/critiques', { share: 0.5 })
  for (const episode of episodes) await admin('/gold', { episode, criterionSha256, value: 'no' })
  for (const episode of episodes)
    await admin('/critiques/planted', {
      episode,
      criterionSha256,
      ...claim('It asked twice.', { severity: 'critical', quote: 'I refunded it, no need' }),
    })
  const refused = await server.request(path('/critiques/planted'), {
    token,
    json: { episode: episodes[0], criterionSha256, ...claim('It sang.', { quote: 'and then it sang' }) },
  })
  expect([refused.status, ((await refused.json()) as Reply).detail]).toEqual([
    422,
    'The quote is in no step that raters are shown.',
  ])
  // One who is wrong alone, changes with every critique, and believes each claim of the first two.
  const dan = await joinProject(server, 'rater', 'Dan')
  for (;;) {
    const question = await next(dan)
    if (question === null) break
    const { assignmentId } = question
    const { critique, ratingId } = await answer(dan, assignmentId, commit('yes'))
    if (critique === null) continue
    expect(critique.claims.map(({ text }) => text)).toContain('It asked twice.')
    expect(Object.keys(critique.claims[0] ?? {}).sort()).toEqual([
      'mark',
      'quote',
      'severity',
      'step',
      'text',
    ])
    for (const [at, { text }] of critique.claims.entries())
      await as(dan, `/review/${assignmentId}/critique`, {
        claim: at,
        mark: text === 'It was curt.' ? 'invalid' : 'valid',
      })
    await answer(dan, assignmentId, commit('no', { supersedes: ratingId }))
  }
  const { arms, difference, planted, claims, curve } = await report()
  const [helped, alone] = arms
  expect((helped?.answers ?? 0) + (alone?.answers ?? 0)).toBe(EPISODES + 2)
  expect(Math.min(helped?.known ?? 0, alone?.known ?? 0)).toBeGreaterThan(2)
  expect([helped?.rightAtFirst, helped?.rightAtLast]).toEqual([0, 1])
  expect(difference?.low).toBeGreaterThan(0.3)
  expect(planted.judged).toBe((helped?.answers ?? 0) - 1)
  expect(planted.believed?.share).toBe(1)
  expect(claims[0]?.valid).toBeGreaterThanOrEqual(8)
  // Neither Ada nor Dan is trusted yet.
  expect(curve).toMatchObject({ judged: 0, points: [] })
})

test('who is trusted says what is worth showing; it is shown from when an admin sets it, and some see all as before', async () => {
  const [dan] = await effects.db.select().from(raters).where(eq(raters.name, 'Dan'))
  await admin(`/raters/${dan?.id}/tier`, { tier: 'vetted', reason: 'for this test' })
  const measured = await report()
  expect(measured.curve.judged).toBeGreaterThan(20)
  const severities = measured.curve.points.map(({ severity }) => severity)
  expect(new Set(severities)).toEqual(new Set(['major', 'minor']))
  // As the rule would be: what was never seen is not left out.
  expect(measured.curve.points.at(-1)?.most).toBe(6)
  const all = measured.curve.points.at(-1)
  expect([all?.missed, all?.recall?.share]).toEqual([0, 1])
  expect(all?.precision?.share).toBeCloseTo(0.5, 1)
  // Measured, and nothing else yet.
  expect(measured.rules).toMatchObject({ share: 0.5, shownFrom: 'minor', most: 6 })
  const set = CritiqueReport.parse(await admin('/critiques', { share: 1, missedCost: 3 }))
  // Minor claims were all refused, so that they cost more than they find.
  expect(set.rules).toMatchObject({ shownFrom: 'major', most: 6 })
  const { items } = (await admin('/ledger?limit=50')) as unknown as {
    items: { action: string; body: object }[]
  }
  expect(items.find(({ action }) => action === 'critiques.rules_set')?.body).toMatchObject({
    shownFrom: 'major',
  })

  const eve = await joinProject(server, 'rater', 'Eve')
  const lengths: number[] = []
  for (let question = await next(eve); question !== null; question = await next(eve)) {
    const { critique } = await answer(eve, question.assignmentId, commit('no'))
    lengths.push(critique?.claims.length ?? 0)
  }
  const shownAll = lengths.filter((length) => length === 3).length
  expect(lengths.filter((length) => length === 2)).toHaveLength(lengths.length - shownAll)
  expect(shownAll).toBeGreaterThan(0)
  expect(shownAll).toBeLessThan(lengths.length / 3)
  const rows = await effects.db.select().from(critiqueReveals).where(eq(critiqueReveals.whole, false))
  expect(rows).toHaveLength(lengths.length - shownAll)
})

test('a plan of the question sets how often it is shown, whatever is asked; the comparison leaves that out', async () => {
  await admin('/critiques', { share: 0 })
  const { arms: before } = await report()
  const gus = await joinProject(server, 'rater', 'Gus')
  const shown = async () => {
    const question = await next(gus)
    return answer(gus, question?.assignmentId ?? '', commit('yes'))
  }
  expect((await shown()).critique).toBeNull()
  const plan = effects.newId()
  await effects.db.insert(lookPlans).values({
    projectId,
    id: plan,
    criterionSha256,
    releaseId: effects.newId(),
    groups: [{ name: 'anyone', probability: 1, cost: null }],
    help: 'critique',
    helpShare: 1,
    evidence: {},
    at: effects.now(),
  })
  for (let place = 0; place < 5; place++) {
    const { critique, ratingId } = await shown()
    expect(critique).not.toBeNull()
    const [kept] = await effects.db
      .select()
      .from(critiqueReveals)
      .where(eq(critiqueReveals.ratingId, ratingId))
    expect(kept).toMatchObject({ arm: 'critique', share: 1, planId: plan })
  }
  const { arms: after } = await report()
  const answers = (arms: typeof before) => arms.map((one) => one.answers)
  // One at the share of the rules, and none of the five.
  expect(answers(after)).toEqual(answers(before).map((many, arm) => many + arm))
})
