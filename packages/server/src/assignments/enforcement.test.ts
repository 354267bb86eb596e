/**
 * Raters who try to get around the rules, over HTTP: answering what was not given to them, twice, late, or under another name,
 * and reading what others said. What cannot be told from a response is in blindness.test.ts and indistinguishable.test.ts.
 */
import { randomUUID } from 'node:crypto'
import { InboxView, NextQuestion, ReviewSheet } from '@leeway/contract/review'
import { episodeLine } from '@leeway/core/episodes/formats/leeway-jsonl'
import { and, eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sampleEpisode } from '../episodes/sample-episode.ts'
import { raters, raterTiers } from '../raters/tables.ts'
import { ratings } from '../ratings/tables.ts'
import { testDatabase } from '../testing/database.ts'
import { joinProject } from '../testing/join-project.ts'
import { testServer } from '../testing/test-server.ts'
import { assignments, goldAnswers } from './tables.ts'

const database = await testDatabase({ connectionsMax: 12 })
const options = {
  rateLimits: { address: { burst: 5_000, perMinute: 5_000 }, key: { burst: 10_000, perMinute: 10_000 } },
}
const server = await testServer(database.db, options)
/** Another process on the same database: it knows of the first one's memory nothing. */
const second = await testServer(database.db, { ...options, slug: 'second' })
second.effects.advance(server.effects.now().getTime() - second.effects.now().getTime())
const { effects, operatorToken: token, project } = server
afterAll(async () => {
  await second.close()
  await server.close()
  await database.close()
})

const path = (rest: string) => `/api/projects/default${rest}`
const admin = async (rest: string, json?: object) => {
  const answer = await server.request(path(rest), { token, ...(json === undefined ? {} : { json }) })
  if (!answer.ok) throw new Error(`${rest}: ${answer.status} ${await answer.text()}`)
  return answer.json()
}
type Reply = { readonly status: number; readonly text: string }
const send = async (
  who: { readonly cookie?: string; readonly token?: string },
  rest: string,
  json?: object,
  more: { readonly at?: typeof server; readonly headers?: Readonly<Record<string, string>> } = {},
): Promise<Reply> => {
  const answer = await (more.at ?? server).request(path(rest), {
    ...who,
    ...(json === undefined ? {} : { json }),
    ...(more.headers === undefined ? {} : { headers: more.headers }),
  })
  return { status: answer.status, text: await answer.text() }
}
const says = (value: string, more: object = {}) => ({
  commitKey: randomUUID(),
  answer: { kind: 'answered', value },
  startedAt: effects.now().toISOString(),
  ...more,
})
const next = async (cookie: string) =>
  NextQuestion.parse(JSON.parse((await send({ cookie }, '/review/next', { mode: 'focus' })).text)).question
/** Without ids of requests: what a refusal tells. */
const told = ({ status, text }: Reply) => [status, text.replace(/"requestId":"[^"]*"/, '')]
const rowsOf = (assignmentId: string) =>
  effects.db.select().from(ratings).where(eq(ratings.assignmentId, assignmentId))

let rubric = ''
let sha256 = ''
let count = 0
async function ask(many: number, answersWanted = 1): Promise<readonly string[]> {
  const policy = `p${++count}`
  const sent = await server.request(path(`/episodes/import?agent=desk&policy=${policy}`), {
    token,
    body: Array.from({ length: many }, (_, at) => episodeLine(sampleEpisode(count * 1_000 + at))).join('\n'),
    headers: { 'content-type': 'application/octet-stream' },
  })
  await sent.text()
  const { items } = (await admin(`/episodes?policy=${policy}&limit=200`)) as { items: { id: string }[] }
  if (rubric === '') {
    const source = 'name: desk\nquestion: Did it help?\nansweredBy: [human]\n'
    rubric = ((await admin('/rubrics', { agent: 'desk', source })) as { id: string }).id
    const shown = (await admin(`/rubrics/${rubric}`)) as { nodes: { criterion: { sha256: string } }[] }
    sha256 = shown.nodes[0]?.criterion.sha256 ?? ''
  }
  const ids = items.map(({ id }) => id)
  await admin('/review/questions', { rubric, episodes: ids, answersWanted })
  return ids
}
const assignmentOf = async (episodeId: string) => {
  const [row] = await effects.db.select().from(assignments).where(eq(assignments.episodeId, episodeId))
  return row?.id ?? ''
}
async function joined(name: string): Promise<string> {
  const cookie = await joinProject(server, 'rater', name)
  await send({ cookie }, '/inbox')
  return cookie
}
async function tier(name: string, wanted: 'vetted' | 'suspended') {
  const [row] = await effects.db.select().from(raters).where(eq(raters.name, name))
  await effects.db.insert(raterTiers).values({
    projectId: project.id,
    raterId: row?.id ?? '',
    id: effects.newId(),
    tier: wanted,
    reason: 'for the test',
    actor: 'person:ada',
    at: effects.now(),
  })
}

let ada = ''
let bob = ''
beforeAll(async () => {
  ada = await joined('Ada')
  bob = await joined('Bob')
})

test('nobody picks what to judge: an open question, another’s, a known one and none are refused alike', async () => {
  const [open = '', known = ''] = await ask(3)
  await effects.db.insert(goldAnswers).values({
    projectId: project.id,
    episodeId: known,
    criterionSha256: sha256,
    value: 'no',
    part: 'fit',
    actor: 'person:ada',
    at: effects.now(),
  })
  const held = await next(ada)
  const drawn = randomUUID()
  // A known question that was drawn for Ada; its episode may be one that Bob can read.
  await effects.db.insert(assignments).values({
    projectId: project.id,
    id: drawn,
    rubricId: rubric,
    episodeId: known,
    criterionSha256: sha256,
    position: 0.5,
    answersWanted: 0,
    createdAt: effects.now(),
  })
  const ids = [await assignmentOf(open), held?.assignmentId ?? '', drawn, randomUUID()]
  const read = await Promise.all(ids.map(async (id) => told(await send({ cookie: bob }, `/review/${id}`))))
  const wrote = await Promise.all(
    ids.map(async (id) => told(await send({ cookie: bob }, `/review/${id}/answer`, says('yes')))),
  )
  expect(new Set(read.map(String)).size).toBe(1)
  expect(new Set(wrote.map(String)).size).toBe(1)
  expect([read[0]?.[0], wrote[0]?.[0]]).toEqual([404, 404])
  for (const id of ids) expect(await rowsOf(id)).toEqual([])
  // The sheet of an episode offers nothing either.
  for (const episode of [open, known]) {
    const sheet = await send({ cookie: bob }, `/review/sheet/${server.aliasOf(episode)}`)
    expect(ReviewSheet.parse(JSON.parse(sheet.text)).questions).toEqual([])
  }
})

test('two tabs race with two keys: one answer stands, the other tab is told, and nothing is doubled', async () => {
  await ask(6)
  for (let round = 0; round < 6; round++) {
    const id = (await next(ada))?.assignmentId ?? ''
    const at = [server, second, server, second]
    const answers = await Promise.all(
      at.map((one, tab) =>
        send({ cookie: ada }, `/review/${id}/answer`, says(tab % 2 === 0 ? 'yes' : 'no'), { at: one }),
      ),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409])
    expect(await rowsOf(id)).toHaveLength(1)
    const { progress } = InboxView.parse(JSON.parse((await send({ cookie: ada }, '/inbox')).text))
    expect(progress.answered).toBe(round + 1)
  }
})

test('two tabs that answer and take back at once leave one chain: every row follows the one before', async () => {
  await ask(1)
  const id = (await next(ada))?.assignmentId ?? ''
  await send({ cookie: ada }, `/review/${id}/answer`, says('yes'))
  const [first] = await rowsOf(id)
  const statuses = await Promise.all([
    send({ cookie: ada }, '/review/undo', { commitKey: randomUUID() }),
    send({ cookie: ada }, `/review/${id}/answer`, says('no', { supersedes: first?.id }), { at: second }),
    send({ cookie: ada }, '/review/undo', { commitKey: randomUUID() }, { at: second }),
  ])
  for (const { status } of statuses) expect([200, 409]).toContain(status)
  const rows = await rowsOf(id)
  const followed = rows.map(({ supersedes }) => supersedes).filter((one) => one !== null)
  expect(new Set(followed).size).toBe(followed.length)
  expect(rows.filter(({ supersedes }) => supersedes === null)).toHaveLength(1)
  const standing = rows.filter((row) => !followed.includes(row.id))
  expect(standing).toHaveLength(1)
})

test('a race for one question between all raters of two servers: one of them gets it', async () => {
  const crowd = await Promise.all(Array.from({ length: 8 }, (_, at) => joined(`Crowd${at}`)))
  // Whatever is open from before is skipped first.
  for (const cookie of [ada, ...crowd])
    for (let one = await next(cookie); one !== null; one = await next(cookie))
      await send({ cookie }, `/review/${one.assignmentId}/answer`, {
        ...says(''),
        answer: { kind: 'abstained', reason: 'too-hard' },
      })
  await ask(1)
  const questions = await Promise.all(
    crowd.map(async (cookie, at) => {
      const asked = await send(
        { cookie },
        '/review/next',
        { mode: 'focus' },
        { at: at % 2 === 0 ? server : second },
      )
      return NextQuestion.parse(JSON.parse(asked.text)).question
    }),
  )
  // Two who reserved at the same instant may both have given it back.
  expect(questions.filter((one) => one !== null).length).toBeLessThanOrEqual(1)
  const again = await Promise.all(crowd.map((cookie) => next(cookie)))
  expect(again.filter((one) => one !== null).length).toBeLessThanOrEqual(1)
})

test('late: what ran out may be answered still, by its own rater only, and who came between speaks first', async () => {
  const slow = await joined('Slow')
  const quick = await joined('Quick')
  await tier('Slow', 'vetted')
  await tier('Quick', 'vetted')
  const [episode = ''] = await ask(1)
  const mine = async (cookie: string) => {
    for (let one = await next(cookie); one !== null; one = await next(cookie)) {
      if (server.episodeOf(one.episodeId) === episode) return one.assignmentId
      await send({ cookie }, `/review/${one.assignmentId}/answer`, {
        ...says(''),
        answer: { kind: 'abstained', reason: 'too-hard' },
      })
    }
    return null
  }
  const id = (await mine(slow)) ?? ''
  expect(id).toBe(await assignmentOf(episode))
  expect(await mine(quick)).toBeNull()
  effects.advance(16 * 60_000)
  second.effects.advance(16 * 60_000)
  expect(await mine(quick)).toBe(id)
  expect((await send({ cookie: quick }, `/review/${id}/answer`, says('no'))).status).toBe(200)
  effects.advance(1_000)
  const late = await send({ cookie: slow }, `/review/${id}/answer`, says('yes'))
  expect(late.status).toBe(200)
  // Nothing in the late answer tells that somebody was there before.
  expect(late.text).not.toMatch(/"no"/)
  const rows = (await rowsOf(id)).sort((a, b) => Number(a.committedAt) - Number(b.committedAt))
  expect(rows.map(({ value }) => value)).toEqual(['no', 'yes'])
})

test('who is suspended while a question is with them answers it no more', async () => {
  const gone = await joined('Gone')
  await ask(2)
  const id = (await next(gone))?.assignmentId ?? ''
  expect(id).not.toBe('')
  const before = await rowsOf(id)
  await tier('Gone', 'suspended')
  for (const [rest, json] of [
    [`/review/${id}`, undefined],
    [`/review/${id}/answer`, says('yes')],
    ['/review/undo', { commitKey: randomUUID() }],
    ['/inbox', undefined],
  ] as const)
    expect((await send({ cookie: gone }, rest, json)).status, rest).toBe(403)
  expect(await rowsOf(id)).toEqual(before)
})

test('an idempotency key of somebody else answers nothing of theirs', async () => {
  await ask(2)
  const id = (await next(ada))?.assignmentId ?? ''
  const body = says('yes', { comment: 'Only I say this.' })
  const headers = { 'idempotency-key': 'the-same-key' }
  expect((await send({ cookie: ada }, `/review/${id}/answer`, body, { headers })).status).toBe(200)
  const theirs = await send({ cookie: bob }, `/review/${id}/answer`, body, { headers })
  expect(theirs.status).toBe(404)
  expect(theirs.text).not.toContain('Only I say this.')
  expect((await rowsOf(id)).filter(({ comment }) => comment === 'Only I say this.')).toHaveLength(1)
  // Nor does the commit key of another: it is theirs alone.
  const own = (await next(bob))?.assignmentId ?? ''
  const same = await send({ cookie: bob }, `/review/${own}/answer`, {
    ...says('no'),
    commitKey: body.commitKey,
  })
  expect(same.status).toBe(200)
})

test('a key that may rate is a rater of its own: trusted by nobody, and it speaks for no person', async () => {
  const [episode = ''] = await ask(1)
  const key = await server.key(['rate'])
  const asked = async () =>
    NextQuestion.parse(JSON.parse((await send({ token: key }, '/review/next', { mode: 'focus' })).text))
      .question
  let id = ''
  for (let one = await asked(); one !== null && id === ''; one = await asked()) {
    if (server.episodeOf(one.episodeId) === episode) id = one.assignmentId
    expect((await send({ token: key }, `/review/${one.assignmentId}/answer`, says('yes'))).status).toBe(200)
  }
  expect(id).not.toBe('')
  const [row] = await effects.db
    .select({ kind: raters.kind, userId: raters.userId })
    .from(ratings)
    .innerJoin(raters, and(eq(raters.projectId, ratings.projectId), eq(raters.id, ratings.raterId)))
    .where(eq(ratings.assignmentId, id))
  expect(row).toEqual({ kind: 'human', userId: null })
  // The question is as open to trusted people as before.
  await tier('Bob', 'vetted')
  let offered = false
  for (let one = await next(bob); one !== null && !offered; one = await next(bob)) {
    offered = server.episodeOf(one.episodeId) === episode
    await send({ cookie: bob }, `/review/${one.assignmentId}/answer`, says('no'))
  }
  expect(offered).toBe(true)
  for (const rest of ['/ratings', '/raters', '/estimates', '/releases', '/ledger', '/adjudication'])
    expect([403, 404], rest).toContain((await send({ token: key }, rest)).status)
})

test('a correction, a critique or a debate of somebody else’s question is as if there were none', async () => {
  await ask(1)
  const id = (await next(ada))?.assignmentId ?? ''
  const carol = { cookie: await joined('Carol') }
  for (const [rest, json] of [
    [`/review/${id}/answer`, says('yes', { supersedes: randomUUID() })],
    [`/review/${id}/critique`, { claim: 0, mark: 'valid' }],
    [`/review/debates/${id}/seat`, { seat: 'judge' }],
    [`/review/round/${id}/answer`, { answer: says('yes').answer, startedAt: effects.now().toISOString() }],
  ] as const)
    expect((await send(carol, rest, json)).status, rest).toBe(404)
})
