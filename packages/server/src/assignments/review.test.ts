/** People answer questions over HTTP: reserved for one, stored once, corrected and taken back in the open. */
import { randomUUID } from 'node:crypto'
import { InboxView, NextQuestion, ReviewQuestion, ReviewSheet } from '@leeway/contract/review'
import { and, eq } from 'drizzle-orm'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { episodes } from '../episodes/tables.ts'
import { raters } from '../raters/tables.ts'
import { standingRatings } from '../ratings/stored-ratings.ts'
import { ratings } from '../ratings/tables.ts'
import { joinProject } from '../testing/join-project.ts'
import { type Reply, reviewWorld } from '../testing/review-world.ts'
import { testServer } from '../testing/test-server.ts'
import { assignments } from './tables.ts'

const {
  database,
  server,
  effects,
  token,
  path,
  post,
  admin,
  rubric,
  ask,
  next,
  commit,
  skip,
  answer,
  drain,
  trust,
  close,
} = await reviewWorld()
afterAll(close)

const ada = await joinProject(server, 'rater', 'Ada')
const bob = await joinProject(server, 'rater', 'Bob')

// A skip leaves the question to others; after this nothing is open to the two.
beforeEach(async () => {
  for (const cookie of [ada, bob, ada]) await drain(cookie)
})

describe('the next question', () => {
  test('is the same until it is answered, and nobody else is at it', async () => {
    const ids = await ask(2, ['root'])
    const first = await next(ada)
    expect(ids).toContain(first.question?.episodeId)
    expect(await next(ada)).toEqual(first)
    const other = await next(bob)
    expect(ids).toContain(other.question?.episodeId)
    expect(other.question?.episodeId).not.toBe(first.question?.episodeId)
    const third = await joinProject(server, 'rater', 'Cleo')
    expect((await next(third)).question?.episodeId).not.toBe(first.question?.episodeId)
  })

  test('is free again for others after fifteen minutes', async () => {
    const [id] = await ask(1, ['root'])
    expect((await next(ada)).question?.episodeId).toBe(id)
    expect((await next(bob)).question).toBeNull()
    effects.advance(15 * 60_000 + 1)
    expect((await next(bob)).question?.episodeId).toBe(id)
  })

  test('comes in the order of its position', async () => {
    await ask(6, ['root'])
    const seen = await drain(ada)
    const rows = await effects.db
      .select()
      .from(assignments)
      .where(eq(assignments.projectId, server.project.id))
      .orderBy(assignments.position)
    const order = rows.map(({ episodeId }) => episodeId)
    const wanted = order.filter((id) => seen.includes(id))
    expect(seen).toHaveLength(6)
    expect(seen).toEqual(wanted)
  })

  test('twelve reviewers at once are at twelve different questions', async () => {
    await ask(12, ['root'])
    const people = await Promise.all(
      Array.from({ length: 12 }, (_, index) => joinProject(server, 'rater', `Crowd${index}`)),
    )
    const questions = await Promise.all(people.map((cookie) => next(cookie)))
    const ids = questions.map(({ question }) => question?.assignmentId)
    expect(ids).not.toContain(undefined)
    expect(new Set(ids).size).toBe(12)
    await Promise.all(
      ids.map(async (id, at) =>
        expect((await answer(people[at] ?? '', id ?? '', commit('yes'))).status).toBe(200),
      ),
    )
  })

  test('two servers on one database reserve nothing twice', async () => {
    const other = await testServer(database.db, { slug: 'second' })
    // The same time on both: a reservation made by a clock a quarter of an hour behind would be over at once.
    other.effects.advance(effects.now().getTime() - other.effects.now().getTime())
    try {
      await ask(6, ['root'])
      const people = await Promise.all(
        ['Dot', 'Eli', 'Fay', 'Gus', 'Hal', 'Ivy'].map((name) => joinProject(server, 'rater', name)),
      )
      const asked = await Promise.all(
        people.map(async (cookie, at) => {
          const json = { mode: 'focus' }
          const one = at % 2 === 0 ? server : other
          return NextQuestion.parse(await (await one.request(path('/review/next'), { cookie, json })).json())
        }),
      )
      const ids = asked.map(({ question }) => question?.assignmentId)
      expect(ids).not.toContain(undefined)
      expect(new Set(ids).size).toBe(6)
      for (const [at, id] of ids.entries()) await answer(people[at] ?? '', id ?? '', commit('yes'))
    } finally {
      await other.close()
    }
  })
})

describe('an answer', () => {
  test('is stored once for its commit key, however often and at once it is sent', async () => {
    await ask(1, ['root'])
    const { question } = await next(ada)
    const id = question?.assignmentId ?? ''
    const body = commit('yes', { comment: 'clear', evidence: [1, 1], flagged: true })
    const answers = await Promise.all(Array.from({ length: 6 }, () => answer(ada, id, body)))
    expect(answers.map(({ status }) => status)).toEqual(Array(6).fill(200))
    expect(new Set(answers.map((one) => one.body.ratingId)).size).toBe(1)
    const rows = await effects.db.select().from(ratings).where(eq(ratings.assignmentId, id))
    expect(rows).toHaveLength(1)
    expect(rows[0]).toMatchObject({
      kind: 'answered',
      value: 'yes',
      comment: 'clear',
      evidence: [1],
      flagged: true,
    })
    const other = await answer(ada, id, { ...body, answer: { kind: 'answered', value: 'no' } })
    expect([other.status, other.body.code]).toEqual([422, 'idempotency_mismatch'])
    expect((await next(ada)).question).toBeNull()
  })

  test('is on the scale, and a refusal says what is', async () => {
    const [episode] = await ask(1, ['polite', 'share'])
    await next(ada, 'sheet')
    const sheet = ReviewSheet.parse(
      await (await server.request(path(`/review/sheet/${episode}`), { cookie: ada })).json(),
    )
    const of = (kind: string) => sheet.questions.find(({ scale }) => scale.kind === kind)
    expect(of('number')?.suggestedSteps).toEqual([1])
    expect(of('ordinal')?.suggestedSteps).toEqual([])
    const refusals = [
      [of('ordinal'), commit('great'), 'Answer with one of: rude, plain, kind.'],
      [of('ordinal'), commit(1), 'Answer with one of: rude, plain, kind.'],
      [of('number'), commit(10.5), 'Answer with a number from 0 to 10.'],
      [of('number'), commit('5'), 'Answer with a number from 0 to 10.'],
      [of('number'), commit(5, { evidence: [3] }), 'Steps are numbered from 0 to 2.'],
    ] as const
    for (const [question, body, hint] of refusals) {
      const refused = await answer(ada, question?.assignmentId ?? '', body)
      expect([refused.status, refused.body.hint]).toEqual([422, hint])
    }
    expect((await answer(ada, of('ordinal')?.assignmentId ?? '', commit('kind'))).status).toBe(200)
    expect((await answer(ada, of('number')?.assignmentId ?? '', commit(2.5))).status).toBe(200)
    const stored = await standingRatings(effects.db, server.project.id, { episodeIds: [episode ?? ''] })
    expect(stored.map(({ value }) => value)).toEqual(['kind', 2.5])
  })

  test('is corrected only by naming it; two windows cannot overwrite each other', async () => {
    await ask(1, ['root'])
    const id = (await next(ada)).question?.assignmentId ?? ''
    const first = (await answer(ada, id, commit('yes'))).body.ratingId
    expect((await answer(ada, id, commit('no'))).body.detail).toMatch(/answered this question already/)
    const both = await Promise.all([
      answer(ada, id, commit('no', { supersedes: first })),
      answer(ada, id, commit('no', { supersedes: first })),
    ])
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409])
    expect((await answer(ada, id, commit('yes', { supersedes: first }))).status).toBe(409)
    const theirs = await answer(bob, id, commit('yes', { supersedes: first }))
    expect(theirs.status).toBe(404)
    const shown = ReviewQuestion.parse(
      await (await server.request(path(`/review/${id}`), { cookie: ada })).json(),
    )
    expect(shown.mine?.answer).toEqual({ kind: 'answered', value: 'no' })
    const mine = and(eq(ratings.assignmentId, id), eq(ratings.projectId, server.project.id))
    expect(await effects.db.select().from(ratings).where(mine)).toHaveLength(2)
    expect((await next(ada)).question).toBeNull()
  })

  test('is taken back by a row that says so, once for each key, and the question is open again', async () => {
    await ask(2, ['root'])
    const one = (await next(ada)).question
    await answer(ada, one?.assignmentId ?? '', commit('yes'))
    const two = (await next(ada)).question
    await answer(ada, two?.assignmentId ?? '', skip())
    const key = { commitKey: randomUUID() }
    for (let again = 0; again < 2; again++) {
      const undone = (await (await post(ada, '/review/undo', key)).json()) as Reply
      expect({ ...undone.question, episodeId: two?.episodeId }).toEqual(two)
    }
    expect((await next(ada)).question).toEqual(two)
    const before = (await (await post(ada, '/review/undo', { commitKey: randomUUID() })).json()) as Reply
    expect({ ...before.question, episodeId: one?.episodeId }).toEqual(one)
    expect((await answer(ada, one?.assignmentId ?? '', commit('no'))).status).toBe(200)
    expect((await answer(ada, two?.assignmentId ?? '', commit('no'))).status).toBe(200)
    const rows = await effects.db
      .select()
      .from(ratings)
      .where(eq(ratings.assignmentId, one?.assignmentId ?? ''))
      .orderBy(ratings.id)
    expect(rows.map(({ kind }) => kind)).toEqual(['answered', 'withdrawn', 'answered'])
    expect(rows.map(({ supersedes }) => supersedes)).toEqual([null, rows[0]?.id, rows[1]?.id])
  })

  test('of a person who never answered cannot be taken back', async () => {
    const fresh = await joinProject(server, 'rater', 'Fresh')
    const refused = await post(fresh, '/review/undo', { commitKey: randomUUID() })
    expect(refused.status).toBe(409)
  })

  test('is counted in the inbox, and timed from the fifth on without the time away', async () => {
    const person = await joinProject(server, 'rater', 'Timed')
    await drain(person)
    await ask(7, ['root'])
    const inbox = async () =>
      InboxView.parse(await (await server.request(path('/inbox'), { cookie: person })).json())
    expect((await inbox()).progress).toEqual({ answered: 0, total: 7, secondsAnAnswer: null })
    for (let at = 0; at < 6; at++) {
      const { question, progress } = await next(person)
      expect(progress).toMatchObject({ answered: at, total: 7 })
      const startedAt = effects.now().toISOString()
      effects.advance(at === 0 ? 14 * 60_000 : 20_000)
      const stored = await answer(person, question?.assignmentId ?? '', commit('yes', { startedAt }))
      expect(stored.body.progress).toMatchObject({ answered: at + 1, total: 7 })
    }
    const { progress, recent } = await inbox()
    expect(progress).toEqual({ answered: 6, total: 7, secondsAnAnswer: 20 })
    expect(recent).toHaveLength(6 + (await skipsOf('Timed')))
    await drain(person)
    expect((await inbox()).progress).toMatchObject({ answered: 6, total: 6 })
  })
})

const skipsOf = async (name: string) => {
  const [row] = await effects.db.select().from(raters).where(eq(raters.name, name))
  const own = and(eq(ratings.raterId, row?.id ?? ''), eq(ratings.kind, 'abstained'))
  return (await effects.db.select().from(ratings).where(own)).length
}

describe('answers wanted', () => {
  test('are those of trusted people; as many untrusted ones may answer too; a skip is none', async () => {
    const [t1, t2, u1, u2, u3] = await Promise.all(
      ['Trudy', 'Tom', 'Una', 'Ulf', 'Uri'].map((name) => joinProject(server, 'rater', name)),
    )
    // One after the other: what somebody else is at is not offered, and would turn up later.
    for (const cookie of [t1, t2, u1, u2, u3]) await drain(cookie ?? '')
    await trust('Trudy', 'vetted')
    await trust('Tom', 'vetted')
    await drain(t1 ?? '')
    await drain(t2 ?? '')
    const [id] = await ask(1, ['root'])
    const offered = async (cookie = '') => (await next(cookie)).question?.episodeId === id
    const give = async (cookie = '', body: object = commit('yes')) =>
      answer(cookie, (await next(cookie)).question?.assignmentId ?? '', body)
    await give(u1, skip())
    expect(await offered(u1)).toBe(false)
    await give(u2)
    expect(await offered(u3)).toBe(false)
    await give(t1, skip())
    expect(await offered(t1)).toBe(false)
    expect(await offered(t2)).toBe(true)
    await give(t2, commit('no'))
    expect(await offered(t2)).toBe(false)
    const late = await answer(u3 ?? '', (await assignmentOf(id ?? '')) ?? '', commit('yes'))
    expect([late.status, late.body.detail]).toEqual([404, 'No such question was given to you.'])
    // Trudy's skip left the trusted place to Tom, and nothing is left now.
    const stored = await standingRatings(effects.db, server.project.id, { episodeIds: [id ?? ''] })
    expect(stored.map(({ kind }) => kind).sort()).toEqual(['abstained', 'abstained', 'answered', 'answered'])
    await trust('Trudy', 'suspended')
    expect((await post(t1 ?? '', '/review/next', { mode: 'focus' })).status).toBe(403)
  })
})

const assignmentOf = async (episodeId: string) => {
  const [row] = await effects.db.select().from(assignments).where(eq(assignments.episodeId, episodeId))
  return row?.id
}

describe('asking', () => {
  test('asks a question about an episode once', async () => {
    const ids = await ask(2, ['root'])
    const again = { rubric, criteria: ['root', 'polite'], episodes: ids }
    expect(await admin('/review/questions', again)).toEqual({ added: 2, known: 2 })
    const { items } = await admin('/ledger')
    expect(items[0]).toMatchObject({ action: 'questions.asked' })
    expect((await admin('/review/questions', { rubric, episodes: { random: 5 } })).added).toBeGreaterThan(4)
  })

  test.each([
    [{ criteria: ['nothing'] }, 'The rubric has no question "nothing".'],
    [{ episodes: ['01900000-0000-7000-8000-000000000001'] }, /no episode 01900000/],
    [{ rubric: '01900000-0000-7000-8000-000000000001' }, 'There is no such rubric in this project.'],
  ])('refuses %o and says why', async (wrong, detail) => {
    const [episode] = await effects.db.select().from(episodes).limit(1)
    const body = { rubric, episodes: [episode?.id], ...wrong }
    const refused = await server.request(path('/review/questions'), { token, json: body })
    expect(refused.status).toBeGreaterThanOrEqual(404)
    expect(((await refused.json()) as Reply).detail).toMatch(detail)
  })
})
