/** Known answers: who has met each is counted, and a retired one is drawn for nobody, in no way, and measures nothing any more. */
import { randomUUID } from 'node:crypto'
import { LedgerPage } from '@leeway/contract/ledger'
import { NextQuestion } from '@leeway/contract/review'
import { GoldList, RoundQuestion } from '@leeway/contract/vetting'
import { episodeLine } from '@leeway/core/episodes/formats/leeway-jsonl'
import { and, eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { goldAnswers } from '../assignments/tables.ts'
import { writtenClaims } from '../critiques/tables.ts'
import { sampleEpisode } from '../episodes/sample-episode.ts'
import { raters } from '../raters/tables.ts'
import { insertRatings } from '../ratings/stored-ratings.ts'
import { measureGold } from '../releases/criterion-labels.ts'
import { splitReveals } from '../splits/tables.ts'
import { testDatabase } from '../testing/database.ts'
import { joinProject } from '../testing/join-project.ts'
import { testServer } from '../testing/test-server.ts'
import { drawKnown } from './draw-known.ts'
import { vettingRulesOf } from './rules.ts'
import { vettingDraws } from './tables.ts'
import { vetRaters } from './vet-raters.ts'

const database = await testDatabase()
const server = await testServer(database.db, {
  rateLimits: { address: { burst: 5_000, perMinute: 5_000 }, key: { burst: 10_000, perMinute: 10_000 } },
})
const { effects, operatorToken: token } = server
const projectId = server.project.id
const KNOWN = 80
afterAll(async () => {
  await server.close()
  await database.close()
})

type Who = { readonly token: string } | { readonly cookie: string }
const send = async (who: Who, rest: string, json?: object) => {
  const answer = await server.request(`/api/projects/default${rest}`, {
    ...who,
    ...(json === undefined ? {} : { json }),
  })
  return { status: answer.status, body: (await answer.json()) as never }
}
const gold = async () => GoldList.parse((await send({ token }, '/gold')).body).items
const retire = (episode: string, reason = 'told in a meeting') =>
  send({ token }, '/gold/retire', { episode, criterionSha256: sha256, reason })
async function joined(name: string) {
  const cookie = await joinProject(server, 'rater', name)
  await send({ cookie }, '/inbox')
  const [row] = await effects.db.select().from(raters).where(eq(raters.name, name))
  return { cookie, raterId: row?.id ?? '' }
}
const partOf = async (part: 'fit' | 'measure') =>
  (await effects.db.select().from(goldAnswers).where(eq(goldAnswers.part, part))).map(
    ({ episodeId }) => episodeId,
  )
const rules = async () => {
  const found = await vettingRulesOf(effects.db, projectId)
  if (found === null) throw new Error('there are rules')
  return found
}

let sha256 = ''
let rubric = ''

beforeAll(async () => {
  for (const [policy, many] of [
    ['known', KNOWN],
    ['work', 10],
  ] as const)
    await server
      .request(`/api/projects/default/episodes/import?agent=desk&policy=${policy}`, {
        token,
        body: Array.from({ length: many }, (_, index) =>
          episodeLine(sampleEpisode(index, { instructions: `${policy} ${index}` })),
        ).join('\n'),
        headers: { 'content-type': 'application/octet-stream' },
      })
      .then((sent) => sent.text())
  const saved = await send({ token }, '/rubrics', {
    agent: 'desk',
    source: 'name: desk\nquestion: Is everything the agent says true?\nansweredBy: [human]\n',
  })
  rubric = (saved.body as { id: string }).id
  const shown = (await send({ token }, `/rubrics/${rubric}`)).body as {
    nodes: { criterion: { sha256: string } }[]
  }
  sha256 = shown.nodes[0]?.criterion.sha256 ?? ''
  const idsOf = async (policy: string) =>
    ((await send({ token }, `/episodes?policy=${policy}&limit=200`)).body as { items: { id: string }[] })
      .items
  await send({ token }, '/review/questions', {
    rubric,
    episodes: (await idsOf('work')).map(({ id }) => id),
    answersWanted: 20,
  })
  for (const [at, { id: episode }] of (await idsOf('known')).entries())
    await send({ token }, '/gold', { episode, criterionSha256: sha256, value: at % 2 === 0 ? 'no' : 'yes' })
  await send({ token }, '/vetting', { hiddenShare: 0.5, roundQuestions: 0, exposuresMax: 50 })
})

test('known answers are listed with how many have met each; raters see none of it', async () => {
  const before = await gold()
  expect(before).toHaveLength(KNOWN)
  expect(before.every(({ people, retired, sign }) => people === 0 && retired === null && sign === null)).toBe(
    true,
  )
  const { cookie, raterId } = await joined('Anna')
  for (const [rest, json] of [
    ['/gold', undefined],
    ['/gold/retire', { episode: before[0]?.episodeId, criterionSha256: sha256, reason: 'mine' }],
  ] as const)
    expect((await send({ cookie }, rest, json)).status).toBe(403)
  await vetRaters(effects)
  const drawn = await effects.db.select().from(vettingDraws).where(eq(vettingDraws.raterId, raterId))
  expect(drawn.length).toBeGreaterThan(5)
  const after = new Map((await gold()).map((item) => [item.episodeId, item.people]))
  expect([...after.values()].reduce((sum, people) => sum + people, 0)).toBe(drawn.length)
  for (const { episodeId } of drawn) expect(after.get(episodeId)).toBe(1)
})

test('who met one in any other way is counted too: told of it as a part, or having written about it', async () => {
  const item = (await gold()).find(({ people, retired }) => people === 0 && retired === null)
  const episodeId = item?.episodeId ?? ''
  const people = async () => (await gold()).find((one) => one.episodeId === episodeId)?.people
  const place = async (name: string) => ({
    projectId,
    raterId: (await joined(name)).raterId,
    episodeId,
    at: effects.now(),
  })
  await effects.db.insert(writtenClaims).values({
    ...(await place('Writes')),
    id: effects.newId(),
    criterionSha256: sha256,
    claim: { text: 'It was never sent.', quote: 'sent', severity: 'major' },
  })
  expect(await people()).toBe(1)
  const part = { sha256, question: 'Was it sent?', guidance: '', good: 'yes', own: null, answers: [] }
  await effects.db.insert(splitReveals).values({
    ...(await place('Told')),
    assignmentId: effects.newId(),
    ratingId: effects.newId(),
    splitId: effects.newId(),
    arm: 'decomposition',
    share: 1,
    parts: [part],
  })
  expect(await people()).toBe(2)
})

test('one that is retired is not drawn any more, and what was drawn of it does not come', async () => {
  const { cookie, raterId } = await joined('Bert')
  await vetRaters(effects)
  const drawn = await effects.db.select().from(vettingDraws).where(eq(vettingDraws.raterId, raterId))
  const gone = new Set(drawn.slice(0, drawn.length - 1).map(({ episodeId }) => episodeId))
  for (const episode of gone) expect((await retire(episode)).status).toBe(200)
  expect((await retire([...gone][0] ?? '')).status).toBe(409)
  expect((await retire(randomUUID())).status).toBe(404)
  const fresh = await joined('Fresh')
  const left = await drawKnown(effects.db, await rules(), fresh.raterId, 50, 'hidden', () => 0.3)
  for (const { episodeId } of left) expect(gone.has(episodeId)).toBe(false)
  const met: string[] = []
  for (;;) {
    const { question } = NextQuestion.parse((await send({ cookie }, '/review/next', { mode: 'focus' })).body)
    if (question === null) break
    met.push(server.episodeOf(question.episodeId))
    const stored = await send({ cookie }, `/review/${question.assignmentId}/answer`, {
      commitKey: randomUUID(),
      answer: { kind: 'answered', value: 'yes' },
      startedAt: effects.now().toISOString(),
    })
    expect(stored.status).toBe(200)
  }
  expect(met.filter((id) => gone.has(id))).toEqual([])
  const ledger = LedgerPage.parse((await send({ token }, '/ledger?action=gold.retired&limit=200')).body)
  expect(ledger.items).toHaveLength(gone.size)
  expect(JSON.stringify(ledger.items)).not.toMatch(/"value"|told in a meeting/)
})

test('a round passes over what was retired, also the question that somebody is at', async () => {
  await send({ token }, '/vetting', { hiddenShare: 0, roundQuestions: 3, exposuresMax: 50 })
  const { cookie } = await joined('Cara')
  const next = async () =>
    RoundQuestion.parse((await send({ cookie }, '/review/round/next', {})).body).question
  const first = server.episodeOf((await next())?.episodeId ?? '')
  await retire(first)
  const second = await next()
  expect(server.episodeOf(second?.episodeId ?? '')).not.toBe(first)
})

test('what was said before an item was retired measures the check, what is said later does not', async () => {
  const [{ cookie: _, raterId }] = [await joined('Dora')]
  await send({ token }, `/raters/${raterId}/tier`, { tier: 'vetted', reason: 'for the test' })
  const retired = new Set(
    (await gold()).filter((item) => item.retired !== null).map(({ episodeId }) => episodeId),
  )
  const open = (await partOf('measure')).filter((id) => !retired.has(id))
  const [before, after] = open
  if (before === undefined || after === undefined) throw new Error('two are needed')
  const says = (episodeId: string) =>
    insertRatings(effects.db, [
      {
        projectId,
        id: effects.newId(),
        episodeId,
        criterionSha256: sha256,
        raterId,
        kind: 'answered',
        value: 'yes',
        comment: '',
        evidence: [],
        flagged: false,
        assistance: 'none',
        commitKey: randomUUID(),
        committedAt: effects.now(),
      },
    ])
  const truth = { kind: 'criterion', rubricId: rubric, criterionSha256: sha256, good: 'yes' } as never
  const counted = async () => {
    const { faults, sound } = await measureGold(effects.db, projectId, truth)
    return faults + sound
  }
  const none = await counted()
  await says(before)
  expect(await counted()).toBe(none + 1)
  effects.advance(1_000)
  await retire(before)
  await retire(after)
  effects.advance(1_000)
  await says(after)
  expect(await counted()).toBe(none + 1)
})

test('what most people have met is retired by itself, with the reason', async () => {
  const [item] = (await gold()).filter(({ retired }) => retired === null)
  if (item === undefined) throw new Error('one is left')
  for (let one = 0; one < 12; one++) {
    const { raterId } = await joined(`Many${one}`)
    await effects.db.insert(vettingDraws).values({
      projectId,
      raterId,
      id: effects.newId(),
      kind: 'hidden',
      episodeId: item.episodeId,
      criterionSha256: sha256,
      at: effects.now(),
    })
  }
  await vetRaters(effects)
  const now = (await gold()).find(({ episodeId }) => episodeId === item.episodeId)
  expect(now?.retired).toMatchObject({ kind: 'overexposed' })
  expect(now?.retired?.reason).toMatch(/^1[2-9] of 1[4-9] people have met it\.$/)
  const others = (await gold()).filter(({ retired }) => retired?.kind === 'overexposed')
  expect(others).toHaveLength(1)
  const stored = await effects.db
    .select()
    .from(goldAnswers)
    .where(and(eq(goldAnswers.projectId, projectId), eq(goldAnswers.episodeId, item.episodeId)))
  expect(stored).toHaveLength(1)
})
