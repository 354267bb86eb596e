/**
 * Raters who leave with a question in hand: removed from the project, given a role that rates nothing, switched off, signed out, or
 * whose key is revoked. Nothing of theirs is accepted afterwards, nothing is lost of what they said before, and the question goes
 * to somebody else. A half-written answer is in their browser only: the server has nothing to accept.
 */
import { randomUUID } from 'node:crypto'
import { InboxView, NextQuestion } from '@leeway/contract/review'
import { episodeLine } from '@leeway/core/episodes/formats/leeway-jsonl'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { apiKeys, users } from '../accounts/tables.ts'
import { sampleEpisode } from '../episodes/sample-episode.ts'
import { raters, raterTiers } from '../raters/tables.ts'
import { ratings } from '../ratings/tables.ts'
import { testDatabase } from '../testing/database.ts'
import { joinProject } from '../testing/join-project.ts'
import { testServer } from '../testing/test-server.ts'
import { vetRaters } from '../vetting/vet-raters.ts'
import { assignments } from './tables.ts'

const database = await testDatabase()
const server = await testServer(database.db, {
  rateLimits: { address: { burst: 5_000, perMinute: 5_000 }, key: { burst: 10_000, perMinute: 10_000 } },
})
const { effects, operatorToken: token, project } = server
afterAll(async () => {
  await server.close()
  await database.close()
})

type Who = { readonly cookie: string } | { readonly token: string }
const path = (rest: string) => `/api/projects/default${rest}`
const send = async (who: Who, rest: string, json?: object, method?: string) => {
  const answer = await server.request(rest.startsWith('/api/') ? rest : path(rest), {
    ...who,
    ...(json === undefined ? {} : { json }),
    ...(method === undefined ? {} : { method }),
  })
  return { status: answer.status, text: await answer.text() }
}
const admin = async (rest: string, json?: object, method?: string) => {
  const { status, text } = await send({ token }, rest, json, method)
  if (status >= 300) throw new Error(`${rest}: ${status} ${text}`)
  return text === '' ? null : JSON.parse(text)
}
const says = (value: string) => ({
  commitKey: randomUUID(),
  answer: { kind: 'answered', value },
  startedAt: effects.now().toISOString(),
})
const next = async (who: Who) =>
  NextQuestion.parse(JSON.parse((await send(who, '/review/next', { mode: 'focus' })).text)).question
const rowsOf = (assignmentId: string) =>
  effects.db.select().from(ratings).where(eq(ratings.assignmentId, assignmentId))

async function joined(name: string): Promise<{ readonly cookie: string }> {
  const cookie = await joinProject(server, 'rater', name)
  await send({ cookie }, '/inbox')
  const [row] = await effects.db.select().from(raters).where(eq(raters.name, name))
  await effects.db.insert(raterTiers).values({
    projectId: project.id,
    raterId: row?.id ?? '',
    id: effects.newId(),
    tier: 'vetted',
    reason: 'for the test',
    actor: 'person:ada',
    at: effects.now(),
  })
  return { cookie }
}

let rubric = ''
let sha256 = ''
let count = 0
/** Open questions, each for one vetted rater. */
async function ask(many: number): Promise<void> {
  const policy = `p${++count}`
  const sent = await server.request(path(`/episodes/import?agent=desk&policy=${policy}`), {
    token,
    body: Array.from({ length: many }, (_, at) => episodeLine(sampleEpisode(count * 1_000 + at))).join('\n'),
    headers: { 'content-type': 'application/octet-stream' },
  })
  await sent.text()
  const { items } = await admin(`/episodes?policy=${policy}&limit=200`)
  if (rubric === '') {
    const source = 'name: desk\nquestion: Did it help?\nansweredBy: [human]\n'
    rubric = (await admin('/rubrics', { agent: 'desk', source })).id
    sha256 = (await admin(`/rubrics/${rubric}`)).nodes[0].criterion.sha256
  }
  const episodes = items.map(({ id }: { id: string }) => id)
  await admin('/review/questions', { rubric, episodes, answersWanted: 1 })
}

let other: { readonly cookie: string }
beforeAll(async () => {
  other = await joined('Other')
})

const userIdOf = async (name: string) =>
  (await effects.db.select().from(users).where(eq(users.name, name)))[0]?.id ?? ''
type Way = readonly [
  how: string,
  leave: (who: Who, userId: string) => Promise<unknown>,
  refusal: number,
  /** When the question is free for others. */
  freeAfterMs: number,
]
const WAYS: readonly Way[] = [
  ['is removed', (_, userId) => admin(`/members/${userId}`, undefined, 'DELETE'), 404, 0],
  ['becomes an auditor', (_, userId) => admin(`/members/${userId}`, { role: 'auditor' }, 'PATCH'), 403, 0],
  ['is switched off', (_, userId) => admin(`/members/${userId}`, { disabled: true }, 'PATCH'), 401, 0],
  // Whoever signs out may come back: the question stays theirs for its quarter of an hour.
  ['signs out', (who) => send(who, '/api/auth/sign-out', {}), 401, 16 * 60_000],
]

describe.each(WAYS)('who %s', (how, leave, refusal, freeAfterMs) => {
  test('says nothing more, loses nothing, and leaves the question to others', async () => {
    const name = `Gone ${how}`.replaceAll(' ', '')
    const gone = await joined(name)
    const userId = await userIdOf(name)
    await ask(2)
    const said = (await next(gone))?.assignmentId ?? ''
    expect((await send(gone, `/review/${said}/answer`, says('yes'))).status).toBe(200)
    const held = (await next(gone))?.assignmentId ?? ''
    expect(held).not.toBe(said)
    // While it is with them it is with nobody else.
    expect(await next(other)).toBeNull()
    const before = await rowsOf(said)

    expect((await leave(gone, userId)) ?? 'left').toBeTruthy()
    for (const [rest, json] of [
      [`/review/${held}/answer`, says('no')],
      [`/review/${said}/answer`, { ...says('no'), supersedes: before[0]?.id }],
      ['/review/undo', { commitKey: randomUUID() }],
      ['/review/next', { mode: 'focus' }],
      [`/review/${held}`, undefined],
      ['/inbox', undefined],
    ] as const)
      expect((await send(gone, rest, json)).status, rest).toBe(refusal)
    expect(await rowsOf(held)).toEqual([])
    expect(await rowsOf(said)).toEqual(before)
    const [rater] = await effects.db.select().from(raters).where(eq(raters.name, name))
    const { items } = await admin(`/ratings?rater=${rater?.id}`)
    expect(items).toHaveLength(1)

    effects.advance(freeAfterMs)
    expect((await next(other))?.assignmentId).toBe(held)
    expect((await send(other, `/review/${held}/answer`, says('yes'))).status).toBe(200)
  })
})

test('who signs out and comes back is at the same question', async () => {
  const back = await joined('Back')
  await ask(1)
  const held = (await next(back))?.assignmentId
  await send(back, '/api/auth/sign-out', {})
  const signedIn = await server.request('/api/auth/sign-in/email', {
    json: { email: 'back@example.org', password: 'correct horse battery' },
  })
  const cookie = signedIn.headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ')
  expect((await next({ cookie }))?.assignmentId).toBe(held)
  expect((await send({ cookie }, `/review/${held}/answer`, says('yes'))).status).toBe(200)
})

test('a key that is revoked holds nothing', async () => {
  const [first, second] = [await server.key(['rate']), await server.key(['rate'])]
  await ask(1)
  const held = (await next({ token: first }))?.assignmentId ?? ''
  // What others are not trusted with is open to keys, too; this one is not, while the first is at it.
  for (let one = await next({ token: second }); one !== null; one = await next({ token: second })) {
    expect(one.assignmentId).not.toBe(held)
    await send({ token: second }, `/review/${one.assignmentId}/answer`, says('yes'))
  }
  const keys = await effects.db.select().from(apiKeys)
  const id = keys.find(({ prefix }) => first.startsWith(prefix))?.id
  await admin(`/keys/${id}`, undefined, 'DELETE')
  expect((await send({ token: first }, `/review/${held}/answer`, says('yes'))).status).toBe(401)
  expect((await next({ token: second }))?.assignmentId).toBe(held)
})

test('who is suspended holds nothing', async () => {
  const gone = await joined('Suspended')
  // What the key answered is open to those who are trusted.
  for (let one = await next(other); one !== null; one = await next(other))
    await send(other, `/review/${one.assignmentId}/answer`, says('yes'))
  await ask(1)
  const held = (await next(gone))?.assignmentId
  const [row] = await effects.db.select().from(raters).where(eq(raters.name, 'Suspended'))
  await admin(`/raters/${row?.id}/tier`, { tier: 'suspended', reason: 'for the test' })
  expect((await next(other))?.assignmentId).toBe(held)
})

test('known answers are spent on nobody who has left', async () => {
  await joined('Spent')
  await admin(`/members/${await userIdOf('Spent')}`, undefined, 'DELETE')
  const open = await effects.db.select().from(assignments)
  for (const [at, { episodeId }] of open.entries())
    await admin('/gold', { episode: episodeId, criterionSha256: sha256, value: at % 2 === 0 ? 'yes' : 'no' })
  await admin('/vetting', { hiddenShare: 0.4, roundQuestions: 0, bar: 0.5, floor: 0.1, exposuresMax: 50 })
  await ask(3)
  await vetRaters(effects)
  const [row] = await effects.db.select().from(raters).where(eq(raters.name, 'Spent'))
  const { rows } = await effects.db.execute(`select 1 from vetting_draws where rater_id = '${row?.id}'`)
  expect(rows).toEqual([])
  const all = await effects.db.execute('select 1 from vetting_draws')
  expect(all.rows.length).toBeGreaterThan(0)
  expect(InboxView.parse(JSON.parse((await send(other, '/inbox')).text)).progress.total).toBeGreaterThan(0)
})
