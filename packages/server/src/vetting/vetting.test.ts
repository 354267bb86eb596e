/** Raters earn their place: a round of known answers with feedback, then known answers that look like any other question. */
import { randomUUID } from 'node:crypto'
import { InboxView, NextQuestion } from '@leeway/contract/review'
import { RoundFeedback, RoundQuestion, VettingView } from '@leeway/contract/vetting'
import { episodeLine } from '@leeway/core/episodes/formats/leeway-jsonl'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { assignments, goldAnswers } from '../assignments/tables.ts'
import { sampleEpisode } from '../episodes/sample-episode.ts'
import { raters } from '../raters/tables.ts'
import { testDatabase } from '../testing/database.ts'
import { joinProject } from '../testing/join-project.ts'
import { testServer } from '../testing/test-server.ts'
import { roundAnswers, vettingDraws } from './tables.ts'
import { vetRaters } from './vet-raters.ts'

const database = await testDatabase()
const server = await testServer(database.db, {
  rateLimits: { address: { burst: 1_000, perMinute: 1_000 }, key: { burst: 10_000, perMinute: 10_000 } },
})
const { effects, operatorToken: token } = server
afterAll(async () => {
  await server.close()
  await database.close()
})

const GOLD = 80
const WORK = 30
const RUBRIC = 'name: desk\nquestion: Did the agent follow the instructions?\nansweredBy: [human]\n'
const path = (rest: string) => `/api/projects/default${rest}`
/** What these tests read of answers; pages are parsed with their schemas. */
type Reply = {
  readonly id: string
  readonly items: readonly { readonly id: string; readonly name: string; readonly tier: string }[]
  readonly nodes: readonly { readonly criterion: { readonly sha256: string } }[]
  readonly detail: string
  readonly hint: string
  readonly progress: { readonly total: number }
  readonly question: { readonly episodeId: string }
}
const as = async (cookie: string, rest: string, json?: object) => {
  const answer = await server.request(path(rest), { cookie, ...(json === undefined ? {} : { json }) })
  return { status: answer.status, body: (await answer.json()) as Reply }
}
const admin = async (rest: string, json?: object) => {
  const answer = await server.request(path(rest), { token, ...(json === undefined ? {} : { json }) })
  if (!answer.ok) throw new Error(`${rest}: ${answer.status} ${await answer.text()}`)
  return (await answer.json()) as Reply
}

const rules = (more: object) => admin('/vetting', { hiddenShare: 0, roundQuestions: 0, ...more })
const episodesOf = async (policy: string): Promise<readonly string[]> =>
  (await admin(`/episodes?policy=${policy}&limit=200`)).items.map(({ id }) => id)

/** By episode: what is right. */
const truth = new Map<string, string>()
let rubric = ''
let criterionSha256 = ''
beforeAll(async () => {
  for (const [policy, many] of [
    ['known', GOLD],
    ['work', WORK],
  ] as const)
    await server
      .request(path(`/episodes/import?agent=desk&policy=${policy}`), {
        token,
        body: Array.from({ length: many }, (_, index) =>
          episodeLine(sampleEpisode(index, { instructions: `${policy} ${index}` })),
        ).join('\n'),
        headers: { 'content-type': 'application/octet-stream' },
      })
      .then((sent) => sent.text())
  const saved = await admin('/rubrics', { agent: 'desk', source: RUBRIC })
  rubric = saved.id
  await admin('/review/questions', { rubric, episodes: await episodesOf('work'), answersWanted: 20 })
  const [root] = (await admin(`/rubrics/${rubric}`)).nodes
  criterionSha256 = root?.criterion.sha256 ?? ''
  for (const [at, episode] of (await episodesOf('known')).entries()) {
    const value = at % 2 === 0 ? 'yes' : 'no'
    truth.set(episode, value)
    await admin('/gold', { episode, criterionSha256, value, explanation: `because ${at}` })
  }
})

const startedAt = () => effects.now().toISOString()
const say = (value: string) => ({ kind: 'answered', value })
async function raterId(name: string): Promise<string> {
  const [row] = await effects.db.select().from(raters).where(eq(raters.name, name))
  return row?.id ?? ''
}
const cookies = new Map<string, string>()
async function join(name: string): Promise<string> {
  const cookie = await joinProject(server, 'rater', name)
  cookies.set(name, cookie)
  return cookie
}
const work = (cookie: string, assignment: string, value: string) =>
  as(cookie, `/review/${assignment}/answer`, {
    commitKey: randomUUID(),
    answer: say(value),
    startedAt: startedAt(),
  })
const tierNow = async (name: string) => (await admin('/raters')).items.find((one) => one.name === name)?.tier

/** Answers the round with `answer` until it is over; what was told each time. */
async function takeRound(cookie: string, answer: (right: string) => string) {
  const told: RoundFeedback[] = []
  for (;;) {
    const { question } = RoundQuestion.parse((await as(cookie, '/review/round/next', {})).body)
    if (question === null) return told
    const right = truth.get(server.episodeOf(question.episodeId)) ?? 'none'
    const { status, body } = await as(cookie, `/review/round/${question.assignmentId}/answer`, {
      answer: say(answer(right)),
      startedAt: startedAt(),
    })
    expect(status).toBe(200)
    const feedback = RoundFeedback.parse(body)
    told.push(feedback)
    // Whoever is suspended may ask nothing more.
    if (feedback.progress.done) return told
  }
}

describe('a qualification round', () => {
  beforeAll(() => rules({ roundQuestions: 30, bar: 0.75 }))

  test('comes before work, tells what was right, and vets whoever is right', async () => {
    const ada = await join('Ada')
    const before = NextQuestion.parse((await as(ada, '/review/next', { mode: 'focus' })).body)
    expect(before.question).toBeNull()
    expect(before.round).toEqual({ answered: 0, right: 0, total: 30, tier: 'trainee', done: false })
    const told = await takeRound(ada, (right) => right)
    // Thirteen right ones in a row are enough (skill-test.test.ts).
    expect(told).toHaveLength(13)
    for (const one of told) {
      expect(one.right).toBe(true)
      expect(one.explanation).toMatch(/^because \d+$/)
    }
    expect(told.at(-1)?.progress).toEqual({ answered: 13, right: 13, total: 30, tier: 'vetted', done: true })
    const inbox = InboxView.parse((await as(ada, '/inbox')).body)
    expect(inbox.round?.done).toBe(true)
    expect(inbox.progress.answered).toBe(0)
    expect(
      NextQuestion.parse((await as(ada, '/review/next', { mode: 'focus' })).body).question,
    ).not.toBeNull()
    const { items } = await admin('/ledger')
    expect(items[0]).toMatchObject({ action: 'rater.tier_set', actor: 'system:vetting' })
  })

  test('suspends who is wrong, and neither vets nor suspends who always says the same', async () => {
    const wrong = await join('Wrong')
    const told = await takeRound(wrong, (right) => (right === 'yes' ? 'no' : 'yes'))
    expect(told.at(-1)?.progress.tier).toBe('suspended')
    expect((await as(wrong, '/review/next', { mode: 'focus' })).status).toBe(403)
    const same = await join('Same')
    const all = await takeRound(same, () => 'yes')
    expect(['trainee', 'suspended']).toContain(all.at(-1)?.progress.tier)
    expect(all.filter(({ right }) => right).length).toBeLessThan(0.85 * all.length)
  })

  test('cannot be gone around: by answering work, another’s question, or twice', async () => {
    const eve = await join('Eve')
    const { question } = RoundQuestion.parse((await as(eve, '/review/round/next', {})).body)
    const again = RoundQuestion.parse((await as(eve, '/review/round/next', {})).body)
    expect(again.question).toEqual(question)
    const at = `/review/round/${question?.assignmentId}/answer`
    const bob = await join('Bob')
    expect((await as(bob, at, { answer: say('yes'), startedAt: startedAt() })).status).toBe(404)
    const first = await as(eve, at, { answer: say('yes'), startedAt: startedAt() })
    expect(await as(eve, at, { answer: say('yes'), startedAt: startedAt() })).toEqual(first)
    const other = await as(eve, at, { answer: say('no'), startedAt: startedAt() })
    expect([other.status, other.body.detail]).toEqual([409, expect.stringMatching(/were told what is right/)])
    const off = await as(eve, at, { answer: say('perhaps'), startedAt: startedAt() })
    expect([off.status, off.body.hint]).toEqual([422, 'Answer with one of: yes, no.'])
    const [open] = await effects.db.select().from(assignments).limit(1)
    const early = await as(eve, `/review/${open?.id}/answer`, {
      commitKey: randomUUID(),
      answer: say('yes'),
      startedAt: startedAt(),
    })
    expect([early.status, early.body.detail]).toEqual([409, expect.stringMatching(/round is not over: 1 of/)])
  })

  test('never tells of the half that measures the check', async () => {
    const gold = await effects.db.select().from(goldAnswers)
    const part = new Map(gold.map((one) => [one.episodeId, one.part]))
    const met = await effects.db.select().from(roundAnswers)
    expect(met.length).toBeGreaterThan(20)
    for (const { episodeId } of met) expect(part.get(episodeId)).toBe('fit')
  })

  test('what a rater was told, they are not asked as work', async () => {
    const [met] = await effects.db
      .select()
      .from(roundAnswers)
      .where(eq(roundAnswers.raterId, await raterId('Same')))
    await admin(`/raters/${await raterId('Same')}/tier`, { tier: 'vetted', reason: 'for the test' })
    await admin('/review/questions', { rubric, episodes: [met?.episodeId], answersWanted: 1 })
    const same = cookies.get('Same') ?? ''
    for (;;) {
      const { question } = NextQuestion.parse((await as(same, '/review/next', { mode: 'focus' })).body)
      if (question === null) break
      expect(server.episodeOf(question.episodeId)).not.toBe(met?.episodeId)
      await work(same, question.assignmentId, 'yes')
    }
    const [asked] = await effects.db
      .select()
      .from(assignments)
      .where(eq(assignments.episodeId, met?.episodeId ?? ''))
    expect((await work(same, asked?.id ?? '', 'yes')).status).toBe(404)
  })
})

describe('known answers among work', () => {
  /** Answers all that comes; what progress said, and which episodes were known. */
  async function takeAll(cookie: string, answer: (right: string | undefined) => string) {
    const totals: number[] = []
    const shapes = new Set<string>()
    const known: string[] = []
    let asked = 0
    for (;;) {
      const next = NextQuestion.parse((await as(cookie, '/review/next', { mode: 'focus' })).body)
      totals.push(next.progress.total)
      const { question } = next
      if (question === null) return { totals, shapes, known, asked }
      asked += 1
      shapes.add(`${Object.keys(question)} ${question.question} ${question.guidanceVersion}`)
      const episode = server.episodeOf(question.episodeId)
      const right = truth.get(episode)
      if (right !== undefined) known.push(episode)
      const stored = await work(cookie, question.assignmentId, answer(right))
      expect(stored.status).toBe(200)
      totals.push(stored.body.progress.total)
      if (asked % 7 === 0) {
        const undone = await as(cookie, '/review/undo', { commitKey: randomUUID() })
        totals.push(undone.body.progress.total)
        expect(undone.body.question.episodeId).toBe(question.episodeId)
        totals.push((await work(cookie, question.assignmentId, answer(right))).body.progress.total)
      }
    }
  }

  beforeAll(() => rules({ hiddenShare: 0.4, exposuresMax: 6, bar: 0.5, floor: 0.45 }))

  test('come at their rate, and nothing that a rater is told changes at one', async () => {
    const one = await join('Hide')
    await as(one, '/inbox')
    await vetRaters(effects)
    const { totals, shapes, known, asked } = await takeAll(one, (right) => right ?? 'yes')
    expect(known.length).toBeGreaterThanOrEqual(10)
    expect(new Set(known).size).toBe(known.length)
    expect(asked - known.length).toBeGreaterThanOrEqual(WORK)
    expect(new Set(totals).size).toBe(1)
    expect(shapes.size).toBe(1)
    await vetRaters(effects)
    expect(await tierNow('Hide')).toBe('vetted')
  })

  test('find who is wrong; experts and those whom a person has judged since are left alone', async () => {
    const poor = await join('Poor')
    await as(poor, '/inbox')
    await vetRaters(effects)
    const { known } = await takeAll(poor, (right) => (right === 'yes' ? 'no' : 'yes'))
    expect(known.length).toBeGreaterThanOrEqual(10)
    await vetRaters(effects)
    expect(await tierNow('Poor')).toBe('suspended')
    await admin(`/raters/${await raterId('Poor')}/tier`, { tier: 'expert', reason: 'for the test' })
    await vetRaters(effects)
    expect(await tierNow('Poor')).toBe('expert')
  })

  test('are shown to as many people as the rules say, each of them once', async () => {
    for (const name of ['P1', 'P2', 'P3', 'P4', 'P5', 'P6', 'P7']) await as(await join(name), '/inbox')
    await vetRaters(effects)
    const draws = await effects.db.select().from(vettingDraws)
    const times = new Map<string, number>()
    for (const { episodeId } of draws) times.set(episodeId, (times.get(episodeId) ?? 0) + 1)
    expect(Math.max(...times.values())).toBeLessThanOrEqual(6)
    const pairs = draws.map((one) => `${one.raterId} ${one.episodeId}`)
    expect(new Set(pairs).size).toBe(pairs.length)
    const view = VettingView.parse(await admin('/vetting'))
    expect(view.known[0]?.answers.map(({ value, items }) => [value, items])).toEqual([
      ['no', GOLD / 2],
      ['yes', GOLD / 2],
    ])
    expect(JSON.stringify(view)).not.toContain('seed')
  })

  test('can be asked as work all the same: what was drawn for one keeps nothing from the others', async () => {
    const [draw] = await effects.db.select().from(vettingDraws).where(eq(vettingDraws.kind, 'hidden'))
    const episodes = [draw?.episodeId]
    expect(await admin('/review/questions', { rubric, episodes, answersWanted: 1 })).toEqual({
      added: 1,
      known: 0,
    })
    expect(await admin('/review/questions', { rubric, episodes, answersWanted: 1 })).toEqual({
      added: 0,
      known: 1,
    })
    const cookie = await join('Worker')
    const offered: string[] = []
    for (;;) {
      const { question } = NextQuestion.parse((await as(cookie, '/review/next', { mode: 'focus' })).body)
      if (question === null) break
      offered.push(server.episodeOf(question.episodeId))
      await work(cookie, question.assignmentId, 'yes')
    }
    expect(offered).toContain(draw?.episodeId)
  })
})
