/** Trusted people disagree, somebody who did not answer decides, and the estimate believes it until it is taken back. */
import { randomUUID } from 'node:crypto'
import { DisagreementPage, DisagreementView } from '@leeway/contract/adjudication'
import { InboxView } from '@leeway/contract/review'
import { episodeLine } from '@leeway/core/episodes/formats/leeway-jsonl'
import type { Criterion } from '@leeway/core/rubrics/rubric'
import { and, eq, isNotNull } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { assignments } from '../assignments/tables.ts'
import { sampleEpisode, sampleStep } from '../episodes/sample-episode.ts'
import { createEstimator } from '../estimates/estimator.ts'
import { createProject } from '../projects/create-project.ts'
import { ensureRater } from '../raters/ensure-rater.ts'
import { setTier } from '../raters/set-tier.ts'
import type { RaterTier } from '../raters/stored-raters.ts'
import { raters } from '../raters/tables.ts'
import { insertRatings } from '../ratings/stored-ratings.ts'
import { measureGold } from '../releases/criterion-labels.ts'
import { checks } from '../releases/tables.ts'
import { criteria } from '../rubrics/tables.ts'
import { testDatabase } from '../testing/database.ts'
import { giveQuestion } from '../testing/give-question.ts'
import { joinProject } from '../testing/join-project.ts'
import { testServer } from '../testing/test-server.ts'
import { adjudications } from './tables.ts'

const database = await testDatabase()
const server = await testServer(database.db)
const { effects, operatorToken: token } = server
const projectId = server.project.id
const estimate = createEstimator()
afterAll(async () => {
  await server.close()
  await database.close()
})

/** Disagreed on by two vetted people: the first five. The others are agreed on. */
const EPISODES = 12
const DISAGREED = 5
const path = (rest: string) => `/api/projects/default${rest}`
type Reply = {
  readonly detail: string
  readonly hint: string
  readonly question: { readonly episodeId: string } | null
  readonly questions: readonly { readonly assignmentId: string }[]
}
const as = async (cookie: string, rest: string, json?: object) => {
  const answer = await server.request(path(rest), { cookie, ...(json === undefined ? {} : { json }) })
  return { status: answer.status, body: (await answer.json()) as Reply }
}
const list = async (cookie: string, query = '') =>
  DisagreementPage.parse((await as(cookie, `/adjudication${query}`)).body)
const itemPath = (episode: string) => `/adjudication/${episode}/${sha256}`
const show = async (cookie: string, episode: string) =>
  DisagreementView.parse((await as(cookie, itemPath(episode))).body)
const decide = (cookie: string, episode: string, value: string, more: object = {}) =>
  as(cookie, itemPath(episode), {
    answer: { kind: 'answered', value },
    reason: 'missed-evidence',
    comment: 'See step 1.',
    ...more,
  })
const promote = async (name: string, tier: RaterTier) => {
  const [rater] = await effects.db
    .select()
    .from(raters)
    .where(and(eq(raters.name, name), isNotNull(raters.userId)))
  await setTier(effects, { projectId, raterId: rater?.id ?? '', tier, reason: 'for the test', actor: 'test' })
}
const assignmentOf = async (alias: string) => {
  const [question] = await effects.db
    .select()
    .from(assignments)
    .where(eq(assignments.episodeId, server.episodeOf(alias)))
  return question?.id ?? ''
}
/** Of "yes", as it is believed now. */
const believed = async (alias: string) => {
  const [row] = await effects.db.select().from(criteria).where(eq(criteria.sha256, sha256))
  const { beliefs } = await estimate(effects.db, projectId, row?.definition as Criterion)
  const belief = beliefs.get(server.episodeOf(alias))
  return belief?.kind === 'known'
    ? belief.law.reduce((sum, { worth, probability }) => sum + worth * probability, 0)
    : belief?.kind
}

let sha256 = ''
let rubric = ''
let episodes: readonly string[] = []
let admin = ''
let expert = ''
let vetted = ''
beforeAll(async () => {
  const sent = await server.request(path('/episodes/import?agent=desk&policy=p'), {
    token,
    body: Array.from({ length: EPISODES }, (_, at) =>
      episodeLine(
        sampleEpisode(at, {
          steps: [sampleStep(0, { content: 'Stop.' }), sampleStep(1, { content: 'Done.' })],
        }),
      ),
    ).join('\n'),
    headers: { 'content-type': 'application/octet-stream' },
  })
  await sent.text()
  const other = await server.request(path('/episodes/import?agent=desk&policy=q'), {
    token,
    body: episodeLine(sampleEpisode(EPISODES)),
    headers: { 'content-type': 'application/octet-stream' },
  })
  await other.text()
  const asked = async (rest: string, json?: object) =>
    (await server.request(path(rest), { token, ...(json === undefined ? {} : { json }) })).json()
  episodes = ((await asked('/episodes?limit=200&policy=p')) as { items: { id: string }[] }).items.map(
    ({ id }) => id,
  )
  rubric = (
    (await asked('/rubrics', {
      agent: 'desk',
      source: 'name: desk\nquestion: Did it stop when told to?\nansweredBy: [human, model]\n',
    })) as { id: string }
  ).id
  sha256 = ((await asked(`/rubrics/${rubric}`)) as { nodes: { criterion: { sha256: string } }[] }).nodes[0]
    ?.criterion.sha256 as string
  await asked('/review/questions', { rubric, episodes, answersWanted: 2 })
  const answersOf = async (
    name: string,
    tier: RaterTier | null,
    kind: 'human' | 'model',
    says: (at: number) => string,
  ) => {
    const { id } = await ensureRater(effects.db, effects, projectId, {
      kind,
      name,
      family: name,
      definition: { name },
    })
    if (tier !== null)
      await setTier(effects, { projectId, raterId: id, tier, reason: 'for the test', actor: 'test' })
    await insertRatings(
      effects.db,
      episodes.map((episodeId, at) => ({
        projectId,
        id: effects.newId(),
        episodeId,
        criterionSha256: sha256,
        raterId: id,
        assignmentId: null,
        kind: 'answered',
        value: says(at),
        comment: `It seems so to me, ${kind}.`,
        evidence: [1],
        flagged: false,
        assistance: 'none',
        supersedes: null,
        commitKey: `${name}-${at}`,
        committedAt: effects.now(),
      })),
    )
  }
  await answersOf('Rosa Secret', 'vetted', 'human', () => 'yes')
  await answersOf('Tariq Secret', 'vetted', 'human', (at) => (at < DISAGREED ? 'no' : 'yes'))
  await answersOf('Ned Secret', null, 'human', (at) => (at === EPISODES - 1 ? 'no' : 'yes'))
  await answersOf('Model Secret', null, 'model', () => 'no')
  admin = await joinProject(server, 'admin', 'Ada')
  expert = await joinProject(server, 'rater', 'Eve')
  vetted = await joinProject(server, 'rater', 'Vic')
  for (const cookie of [expert, vetted]) await as(cookie, '/inbox')
  await promote('Eve', 'expert')
  await promote('Vic', 'vetted')
}, 60_000)

test('experts and admins in person see what trusted people disagree on; nobody else, and no key', async () => {
  for (const cookie of [admin, expert]) {
    const { items, waiting, yours } = await list(cookie)
    expect({ items: items.length, waiting, yours }).toEqual({
      items: DISAGREED,
      waiting: DISAGREED,
      yours: 0,
    })
  }
  expect(InboxView.parse((await as(expert, '/inbox')).body).disagreements).toBe(DISAGREED)
  expect(InboxView.parse((await as(vetted, '/inbox')).body).disagreements).toBeNull()
  const [item] = (await list(admin)).items
  const refused = [
    await as(vetted, '/adjudication'),
    await as(vetted, itemPath(item?.episodeId ?? '')),
    await decide(vetted, item?.episodeId ?? '', 'yes'),
  ]
  for (const { status, body } of refused) {
    expect(status).toBe(403)
    expect(body.detail).toBe('What people disagree on is decided by experts and admins.')
  }
  for (const rest of ['/adjudication', itemPath(item?.episodeId ?? '')]) {
    const answer = await server.request(path(rest), { token: await server.key(['rate', 'read', 'admin']) })
    expect(answer.status).toBe(403)
    expect(await answer.text()).toContain('not by an API key')
  }
  const auditor = await joinProject(server, 'auditor', 'Otto')
  expect((await as(auditor, '/adjudication')).status).toBe(403)
})

test('answers stand side by side under numbers: no names, no models, no ids of episodes or raters', async () => {
  const [item] = (await list(expert)).items
  const view = await show(expert, item?.episodeId ?? '')
  expect(view.answers.map(({ rater }) => rater)).toEqual(['Rater 1', 'Rater 2', 'Rater 3'])
  expect(view.answers.map(({ answer }) => JSON.stringify(answer)).sort()).toEqual(
    ['no', 'yes', 'yes'].map((value) => JSON.stringify({ kind: 'answered', value })),
  )
  expect(view.answers[0]).toMatchObject({ comment: 'It seems so to me, human.', evidence: [1] })
  const told = JSON.stringify([view, await list(expert)])
  for (const secret of [
    'Secret',
    ...episodes,
    ...(await effects.db.select().from(raters)).map(({ id }) => id),
  ])
    expect(told).not.toContain(secret)
})

test('pages hold each item once, waiting ones first', async () => {
  const seen: string[] = []
  let cursor: string | null = null
  do {
    const page: DisagreementPage = await list(expert, `?limit=2${cursor === null ? '' : `&cursor=${cursor}`}`)
    seen.push(...page.items.map(({ episodeId }) => episodeId))
    cursor = page.nextCursor
  } while (cursor !== null)
  expect(new Set(seen).size).toBe(DISAGREED)
  expect(seen).toHaveLength(DISAGREED)
})

test('a decision is believed, corrected by naming it, taken back by its own author, and all of it stays', async () => {
  const [first, second] = (await list(expert)).items
  const episode = first?.episodeId ?? ''
  const before = await believed(episode)
  expect(before).toBeGreaterThan(0.01)
  const { status, body } = await decide(expert, episode, 'no')
  expect(status).toBe(200)
  const decision = DisagreementView.parse(body).decision
  expect(decision).toMatchObject({
    answer: { value: 'no' },
    reason: 'missed-evidence',
    mine: true,
    locked: false,
  })
  expect(await believed(episode)).toBe(0)
  const after = await list(expert)
  expect(after.waiting).toBe(DISAGREED - 1)
  expect(after.items.at(-1)).toMatchObject({ episodeId: episode, decided: true })

  // The admin may correct it, but not by accident, and may not take back what is not hers.
  expect((await decide(admin, episode, 'yes')).status).toBe(409)
  expect((await as(admin, `${itemPath(episode)}/undo`, { decision: decision?.id })).status).toBe(403)
  const corrected = DisagreementView.parse(
    (await decide(admin, episode, 'yes', { supersedes: decision?.id })).body,
  )
  expect(await believed(episode)).toBe(1)
  expect((await as(expert, `${itemPath(episode)}/undo`, { decision: decision?.id })).status).toBe(409)
  const undone = await as(admin, `${itemPath(episode)}/undo`, { decision: corrected.decision?.id })
  expect(DisagreementView.parse(undone.body).earlier.map(({ answer }) => answer)).toEqual([
    null,
    { kind: 'answered', value: 'yes' },
    { kind: 'answered', value: 'no' },
  ])
  expect(await believed(episode)).toBe(before)
  expect((await list(expert)).waiting).toBe(DISAGREED)

  const absent = await as(expert, itemPath(second?.episodeId ?? ''), {
    answer: { kind: 'not-applicable' },
    reason: 'slip',
  })
  expect(absent.status).toBe(200)
  expect(await believed(second?.episodeId ?? '')).toBe('not-applicable')
})

test('two people at once: one decision stands, the other is told to read again', async () => {
  const item = (await list(expert)).items.find(({ decided }) => !decided)
  const answers = await Promise.all(
    [expert, admin].map((cookie) => decide(cookie, item?.episodeId ?? '', 'no')),
  )
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
})

test('whoever answered may not decide, and whoever decided is not asked any more', async () => {
  const item = (await list(expert)).items.find(({ decided }) => !decided)
  const episode = item?.episodeId ?? ''
  const next = async (cookie: string) => (await as(cookie, '/review/next', { mode: 'focus' })).body.question
  const assignment = await assignmentOf(episode)
  await giveQuestion(server, admin, assignment)
  // Who is to answer it reads first of all no other answers.
  expect((await list(admin)).yours).toBe(1)
  expect((await as(admin, itemPath(episode))).status).toBe(403)
  await as(admin, `/review/${assignment}/answer`, {
    commitKey: randomUUID(),
    answer: { kind: 'answered', value: 'yes' },
    startedAt: effects.now().toISOString(),
  })
  expect((await list(admin)).yours).toBe(1)
  for (const refused of [await as(admin, itemPath(episode)), await decide(admin, episode, 'yes')]) {
    expect(refused.status).toBe(403)
    expect(refused.body.detail).toBe('You answered this question yourself, or may not judge its agent.')
  }
  // An answer that is taken back was given all the same.
  await as(admin, '/review/undo', { commitKey: randomUUID() })
  expect((await decide(admin, episode, 'yes')).status).toBe(403)

  expect((await decide(expert, episode, 'yes')).status).toBe(200)
  const late = await as(expert, `/review/${assignment}/answer`, {
    commitKey: randomUUID(),
    answer: { kind: 'answered', value: 'yes' },
    startedAt: effects.now().toISOString(),
  })
  expect(late.status).toBe(404)
  expect((await next(expert))?.episodeId).not.toBe(episode)
})

test('an admin of another project finds nothing of this one', async () => {
  const { project } = await createProject(effects, { slug: 'other', name: 'Other' }, { actor: 'test' })
  const stranger = await joinProject({ ...server, project }, 'admin', 'Stan')
  const [item] = (await list(expert)).items
  for (const episode of [item?.episodeId ?? '', server.episodeOf(item?.episodeId ?? '')]) {
    const answer = await server.request(`/api/projects/other${itemPath(episode)}`, { cookie: stranger })
    expect(answer.status).toBe(404)
  }
  const own = await server.request('/api/projects/other/adjudication', { cookie: stranger })
  expect(DisagreementPage.parse(await own.json())).toMatchObject({ items: [], waiting: 0, yours: 0 })
})

test('what is wrong with a request is said', async () => {
  const agreed = server.aliasOf(episodes.at(-2) ?? '')
  expect((await as(expert, itemPath(agreed))).status).toBe(404)
  expect((await decide(expert, agreed, 'yes')).status).toBe(404)
  const item = (await list(expert)).items.find(({ decided }) => !decided)
  const off = await decide(expert, item?.episodeId ?? '', 'perhaps')
  expect(off.status).toBe(422)
  expect(off.body.hint).toContain('yes, no')
  const other = await decide(expert, item?.episodeId ?? '', 'yes', { reason: 'other', comment: '' })
  expect(other.status).toBe(400)
  expect(JSON.stringify(other.body)).toContain('say in a few words what it was')
  expect((await as(expert, '/adjudication?cursor=abc')).status).toBe(400)
})

test('a check of a release locks what was decided before it, and no decision measures the check', async () => {
  const decided = (await list(expert)).items.filter((one) => one.decided)
  const truth = {
    kind: 'criterion' as const,
    rubricId: randomUUID(),
    criterionId: 'root',
    criterionSha256: sha256,
    question: 'Did it stop when told to?',
    good: 'yes' as const,
    labelError: 'shared' as const,
    auditShare: 1,
    consequentialTools: [],
  }
  expect(await measureGold(effects.db, projectId, truth)).toEqual({
    faults: 0,
    found: 0,
    sound: 0,
    passed: 0,
  })
  const rows = await effects.db.select().from(adjudications)
  expect(rows.length).toBeGreaterThan(4)

  const release = await server.request(path('/releases'), {
    token,
    json: {
      agent: 'desk',
      baseline: 'p',
      candidate: 'q',
      unitSource: 'stream',
      truth: { kind: 'criterion', rubric, labelError: 'none' },
    },
  })
  expect(await release.clone().text()).toContain('"id"')
  const { id: releaseId } = (await release.json()) as { id: string }
  effects.advance(60_000)
  // A check that read answers; what it found does not matter here.
  await effects.db.insert(checks).values({
    projectId,
    id: effects.newId(),
    releaseId,
    ordinal: 1,
    stage: 'shadow',
    uptoSequence: 0,
    rowsSha256: '',
    result: {},
    at: effects.now(),
  })
  effects.advance(60_000)
  const views = await Promise.all(decided.map(({ episodeId }) => show(expert, episodeId)))
  expect(views.map(({ decision }) => decision?.locked)).toEqual(decided.map(() => true))
  const own = views.find(({ decision }) => decision?.mine)
  const episode = own?.episodeId ?? ''
  const undo = await as(expert, `${itemPath(episode)}/undo`, { decision: own?.decision?.id })
  expect(undo.status).toBe(409)
  expect(undo.body.detail).toContain('locked')
  expect((await decide(expert, episode, 'no', { supersedes: own?.decision?.id })).status).toBe(409)
  // A later decision is news, and free until the next check.
  const waiting = (await list(expert)).items.find((one) => !one.decided)
  const late = DisagreementView.parse((await decide(expert, waiting?.episodeId ?? '', 'no')).body)
  expect(late.decision?.locked).toBe(false)
  const taken = await as(expert, `${itemPath(late.episodeId)}/undo`, { decision: late.decision?.id })
  expect(taken.status).toBe(200)
})
