/**
 * Nothing that a rater can reach tells gold from audits and chosen questions, the candidate's episodes from the
 * baseline's, or whether others answered. A new rater walks every route of the role once for each kind of question; when
 * ids and times are blanked, the answers must be the same bytes.
 */
import { NextQuestion } from '@leeway/contract/review'
import { episodeLine } from '@leeway/core/episodes/formats/leeway-jsonl'
import { and, eq, isNull } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sampleEpisode, sampleStep } from '../episodes/sample-episode.ts'
import { episodes } from '../episodes/tables.ts'
import { policies } from '../policies/tables.ts'
import { raters, raterTiers } from '../raters/tables.ts'
import { checkRelease } from '../releases/check-release.ts'
import { releases } from '../releases/tables.ts'
import { testDatabase } from '../testing/database.ts'
import { giveQuestion } from '../testing/give-question.ts'
import { joinProject } from '../testing/join-project.ts'
import { commitKeyOf, type Step, type Subject, walk } from '../testing/rater-walk.ts'
import { testServer } from '../testing/test-server.ts'
import { assignmentPurposes, assignments, goldAnswers } from './tables.ts'

const database = await testDatabase()
const server = await testServer(database.db, {
  rateLimits: { address: { burst: 1_000, perMinute: 1_000 }, key: { burst: 10_000, perMinute: 10_000 } },
})
const { effects, operatorToken: token, project } = server
afterAll(async () => {
  await server.close()
  await database.close()
})

/** Never shown to a rater, and in everything that must not be. */
const MARK = 'Zq7-mark'
const SECRETS = [MARK, 'gold', 'audit', 'chosen', 'candidate', 'baseline', 'purpose', 'sequence', 'position']

const RUBRIC = `
name: desk
question: Did the agent find the order with find_order?
guidance: Look at the call.
answeredBy: [human]
`

const NOBODY: Subject = { what: 'nothing', assignmentId: 'none', episodeId: 'none' }
const blank = (text: string, { assignmentId, episodeId }: Subject) =>
  text
    .replaceAll(`"${assignmentId}"`, '"<assignment>"')
    .replaceAll(`"${episodeId}"`, '"<episode>"')
    .replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, '<id>')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>')
    // Everybody's answers, which these walks add to.
    .replaceAll(/"everybody":\d+/g, '"everybody":<n>')

const ask = async (cookie: string, { path, json }: Pick<Step, 'path' | 'json'>) => {
  const answer = await server.request(`/api/projects/default${path}`, {
    cookie,
    ...(json === undefined ? {} : { json }),
  })
  return `${answer.status} ${await answer.text()}`
}
const admin = async (path: string, json?: object) => {
  const answer = await server.request(`/api/projects/default${path}`, {
    token,
    ...(json === undefined ? {} : { json }),
  })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`)
  return JSON.parse(text)
}

async function importEpisodes(policy: string, tasks: readonly string[], success: number) {
  const lines = tasks.map((task) =>
    episodeLine(
      sampleEpisode(1, {
        instructions: 'Help a customer with an order.',
        taskKey: `${MARK}-${task}`,
        startedAt: success === 1 ? '2026-01-01T00:00:00.000Z' : '2026-01-02T00:00:00.000Z',
        steps: [
          sampleStep(0, { kind: 'system', content: `You are ${policy}.` }),
          sampleStep(1, { kind: 'tool_call', name: 'find_order', content: { order: 1 }, callId: 'c' }),
          sampleStep(2, { kind: 'assistant', name: policy, content: 'Done.', outputTokens: 10 + success }),
        ],
        outcome: { success, severe: success === 0, detail: { note: MARK } },
      }),
    ),
  )
  const sent = await server.request(`/api/projects/default/episodes/import?agent=desk&policy=${policy}`, {
    token,
    body: lines.join('\n'),
    headers: { 'content-type': 'application/octet-stream' },
  })
  await sent.text()
}

let subjects: readonly Subject[] = []
let questionSha256 = ''
const secretIds: string[] = []
let waiting = 0

beforeAll(async () => {
  const tasks = ['a', 'b', 'c', 'd']
  await importEpisodes(`old-${MARK}`, tasks, 0)
  await importEpisodes(`new-${MARK}`, tasks, 1)
  await importEpisodes(`past-${MARK}`, ['gold', 'chosen'], 0)
  const { id: rubric } = await admin('/rubrics', { agent: 'desk', source: RUBRIC })
  const rows = await effects.db.select().from(episodes)
  const byTask = (task: string) => rows.find(({ taskKey }) => taskKey === `${MARK}-${task}`)?.id ?? ''
  const { nodes } = await admin(`/rubrics/${rubric}`)
  questionSha256 = nodes[0].criterion.sha256
  await effects.db.insert(goldAnswers).values({
    projectId: project.id,
    episodeId: byTask('gold'),
    criterionSha256: nodes[0].criterion.sha256,
    value: 'no',
    part: 'measure',
    actor: 'person:ada',
    at: effects.now(),
  })
  await admin('/review/questions', { rubric, episodes: [byTask('chosen')] })
  const { id } = await admin('/releases', {
    agent: 'desk',
    baseline: `old-${MARK}`,
    candidate: `new-${MARK}`,
    truth: { kind: 'criterion', rubric },
  })
  const [release] = await effects.db.select().from(releases).where(eq(releases.id, id))
  if (release === undefined) throw new Error('the release was not started')
  await checkRelease(effects, release)
  secretIds.push(id, ...(await effects.db.select().from(policies)).map((policy) => policy.id))

  // Another person, trusted, has answered two of the audits, one of each arm.
  const other = await joinProject(server, 'rater', `Other-${MARK}`)
  await ask(other, { path: '/inbox' })
  const [row] = await effects.db
    .select()
    .from(raters)
    .where(eq(raters.name, `Other-${MARK}`))
  if (row === undefined) throw new Error('the other rater is not there')
  secretIds.push(row.id)
  const tier = { tier: 'vetted', reason: 'test', actor: 'person:ada', at: effects.now() }
  await effects.db
    .insert(raterTiers)
    .values({ projectId: project.id, raterId: row.id, id: effects.newId(), ...tier })
  const all = await effects.db
    .select({
      assignmentId: assignments.id,
      episodeId: assignments.episodeId,
      purpose: assignmentPurposes.purpose,
      policyId: episodes.policyId,
    })
    .from(assignments)
    .innerJoin(
      assignmentPurposes,
      and(
        eq(assignmentPurposes.projectId, assignments.projectId),
        eq(assignmentPurposes.assignmentId, assignments.id),
      ),
    )
    .innerJoin(episodes, eq(episodes.id, assignments.episodeId))
    .where(isNull(episodes.sourceId))
  waiting = all.length
  const of = (purpose: string, policy: string) => {
    const names = effects.db
      .select()
      .from(policies)
      .where(eq(policies.name, `${policy}-${MARK}`))
    return names.then(([found]) => all.filter((one) => one.purpose === purpose && one.policyId === found?.id))
  }
  const [candidate, baseline, gold, chosen] = [
    await of('audit', 'new'),
    await of('audit', 'old'),
    await of('gold', 'past'),
    await of('chosen', 'past'),
  ]
  const named: [string, (typeof all)[number] | undefined][] = [
    ['audit of the candidate', candidate[0]],
    ['audit of the baseline', baseline[0]],
    ['gold', gold[0]],
    ['chosen', chosen[0]],
    ['audit of the candidate, answered by another', candidate[1]],
    ['audit of the baseline, skipped by another', baseline[1]],
  ]
  for (const [index, value] of [
    [4, { kind: 'answered', value: 'no' }],
    [5, { kind: 'abstained', reason: 'too-hard' }],
  ] as const) {
    const assignmentId = named[index]?.[1]?.assignmentId ?? ''
    await giveQuestion(server, other, assignmentId)
    const stored = await ask(other, {
      path: `/review/${assignmentId}/answer`,
      json: {
        commitKey: `01900000-0000-4000-8000-00000000000${index}`,
        answer: value,
        comment: `Because of ${MARK}.`,
        flagged: true,
        startedAt: '2026-01-15T08:59:00.000Z',
      },
    })
    expect(stored).toMatch(/^200 /)
  }
  subjects = named.map(([what, one]) => {
    if (one === undefined) throw new Error(`there is no ${what}`)
    return { what, assignmentId: one.assignmentId, episodeId: server.aliasOf(one.episodeId) }
  })
}, 60_000)

const roleRoutes = async (scopes: readonly string[]) => {
  const document = (await (await server.request('/api/openapi.json')).json()) as {
    paths: Record<string, Record<string, { 'x-scope'?: string }>>
  }
  return Object.entries(document.paths)
    .filter(([path]) => path.startsWith('/api/projects/{project}'))
    .flatMap(([path, item]) =>
      Object.entries(item)
        .filter(([, operation]) => scopes.includes(operation['x-scope'] ?? ''))
        .map(
          ([method]) =>
            `${method.toUpperCase()} ${path.slice('/api/projects/{project}'.length).replace(/\/$/, '')}`,
        ),
    )
}

test('the walk visits every route that the role can reach', async () => {
  const visited = new Set(walk(NOBODY, questionSha256).map(({ route }) => route))
  expect([...visited].sort()).toEqual((await roleRoutes(['member', 'rate'])).sort())
})

test('every other route refuses the role', async () => {
  const cookie = await joinProject(server, 'rater', 'Nosy')
  const routes = await roleRoutes(['read', 'ingest', 'release', 'admin'])
  expect(routes.length).toBeGreaterThan(25)
  for (const route of routes) {
    const [method = '', path = ''] = route.split(' ')
    const own = path.replaceAll(/\{\w+\}/g, subjects[0]?.episodeId ?? '')
    const answer = await server.request(`/api/projects/default${own}`, {
      method,
      cookie,
      ...(method === 'GET' || method === 'DELETE' ? {} : { json: {} }),
    })
    expect(answer.status, route).toBe(403)
  }
})

test('the same walk gives the same bytes for every kind of question, and no secret word', async () => {
  const walks: { readonly what: string; readonly answers: readonly string[] }[] = []
  for (const [at, subject] of subjects.entries()) {
    // Names of equal length: a rater sees its own.
    const cookie = await joinProject(server, 'rater', `Walker${at}`)
    await giveQuestion(server, cookie, subject.assignmentId)
    const answers: string[] = []
    for (const step of walk(subject, questionSha256)) {
      const text = await ask(cookie, step)
      for (const secret of [...SECRETS, ...secretIds])
        expect(text.toLowerCase(), `${step.route} for ${subject.what}`).not.toContain(secret.toLowerCase())
      // In the list of all episodes the subject stands somewhere, by a hash of its id.
      answers.push(`${step.route} ${blank(text, step.route === 'GET /episodes' ? NOBODY : subject)}`)
    }
    walks.push({ what: subject.what, answers })
  }
  const [first] = walks
  expect(first?.answers.filter((answer) => answer.includes(' 200 '))).toHaveLength(27)
  expect(first?.answers.join('\n')).toContain(`"total":${waiting}`)
  for (const { what, answers } of walks.slice(1)) expect(answers, what).toEqual(first?.answers)
})

test('one after the other, the questions of a whole queue look alike', async () => {
  const cookie = await joinProject(server, 'rater', 'Patient')
  // The walkers took their answers back and are still at the questions.
  effects.advance(16 * 60_000)
  const seen = new Set<string>()
  for (let at = 0; at < waiting; at++) {
    const text = await ask(cookie, { path: '/review/next', json: { mode: at % 2 === 0 ? 'focus' : 'sheet' } })
    const { question } = NextQuestion.parse(JSON.parse(text.slice(4)))
    if (question === null) throw new Error(`only ${at} questions of ${waiting}`)
    const subject = { what: '', ...question }
    seen.add(
      blank(text, subject)
        .replace(`"answered":${at}`, '"answered":<n>')
        .replace(`"mine":${at}`, '"mine":<n>')
        .replace(/"secondsAnAnswer":[\w.]+/, ''),
    )
    await ask(cookie, {
      path: `/review/${question.assignmentId}/answer`,
      json: {
        commitKey: commitKeyOf(subject, 9),
        answer: { kind: 'answered', value: 'yes' },
        startedAt: '2026-01-15T08:59:00.000Z',
      },
    })
  }
  expect(seen.size).toBe(1)
  expect(waiting).toBe(10)
})

test('ids of questions hold no time: gold is asked at once, audits at another time', async () => {
  const rows = await effects.db.select().from(assignments)
  for (const { id } of rows) expect(id[14]).toBe('4')
})
