/** People say of faults whether they were planted: what they are shown, what they are never asked again, and what it shows. */
import { createHmac, hash, randomUUID } from 'node:crypto'
import { IssuedLink } from '@leeway/contract/accounts'
import { LedgerPage } from '@leeway/contract/ledger'
import { FaultsPlanted } from '@leeway/contract/planted-faults'
import { NextQuestion } from '@leeway/contract/review'
import { ValidityOffers, ValidityReport, ValidityTurn } from '@leeway/contract/validity'
import { episodeLine } from '@leeway/core/episodes/formats/leeway-jsonl'
import { seededRandom } from '@leeway/core/numeric/seeded-random'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { goldAnswers } from '../assignments/tables.ts'
import { sampleEpisode, sampleStep } from '../episodes/sample-episode.ts'
import { showCopy } from '../planted-faults/show-copy.ts'
import { raterCopies } from '../planted-faults/tables.ts'
import { createProject } from '../projects/create-project.ts'
import { raters } from '../raters/tables.ts'
import { ratings } from '../ratings/tables.ts'
import { testDatabase } from '../testing/database.ts'
import { joinProject } from '../testing/join-project.ts'
import { testServer } from '../testing/test-server.ts'
import { drawKnown } from '../vetting/draw-known.ts'
import { vettingRulesOf } from '../vetting/rules.ts'
import { vetRaters } from '../vetting/vet-raters.ts'
import { validityPlaces } from './tables.ts'

const database = await testDatabase()
const server = await testServer(database.db, {
  rateLimits: { address: { burst: 9_000, perMinute: 9_000 }, key: { burst: 10_000, perMinute: 10_000 } },
})
const { effects, operatorToken: token } = server
const projectId = server.project.id
afterAll(async () => {
  await server.close()
  await database.close()
})

const KNOWN = 100
const WORK = 60
const PLANTED = 40
const QUESTIONS = 24
const CONSENT =
  'You will be shown runs with a fault, some of which we put in ourselves. Your guesses are kept.'
type Who = { readonly token: string } | { readonly cookie: string }
const send = async (who: Who, rest: string, json?: object) => {
  const answer = await server.request(`/api/projects/default${rest}`, {
    ...who,
    ...(json === undefined ? {} : { json }),
  })
  return { status: answer.status, text: await answer.text() }
}
const ok = async (who: Who, rest: string, json?: object): Promise<unknown> => {
  const { status, text } = await send(who, rest, json)
  if (status >= 300) throw new Error(`${rest}: ${status} ${text}`)
  return JSON.parse(text)
}
const raterIdOf = async (name: string) =>
  (await effects.db.select().from(raters).where(eq(raters.name, name)))[0]?.id ?? ''
const placesOf = async (raterId: string) =>
  effects.db
    .select()
    .from(validityPlaces)
    .where(eq(validityPlaces.raterId, raterId))
    .orderBy(validityPlaces.place)
async function joined(name: string) {
  const cookie = await joinProject(server, 'rater', name)
  await ok({ cookie }, '/inbox')
  return { cookie, raterId: await raterIdOf(name) }
}

let sha256 = ''
let rubric = ''
let work: readonly string[] = []
let copies: readonly string[] = []
let roundId = ''

beforeAll(async () => {
  for (const [policy, many] of [
    ['known', KNOWN],
    ['work', WORK],
  ] as const)
    await server
      .request(`/api/projects/default/episodes/import?agent=desk&policy=${policy}`, {
        token,
        body: Array.from({ length: many }, (_, index) =>
          episodeLine(
            sampleEpisode(index, {
              instructions: `${policy} ${index}`,
              steps: [
                sampleStep(0),
                sampleStep(1, {
                  content: `Order ${policy} ${index} has left us, and all of it is as you wished.`,
                }),
              ],
            }),
          ),
        ).join('\n'),
        headers: { 'content-type': 'application/octet-stream' },
      })
      .then((sent) => sent.text())
  rubric = (
    (await ok({ token }, '/rubrics', {
      agent: 'desk',
      source: 'name: desk\nquestion: Is everything the agent says true?\nansweredBy: [human]\n',
    })) as { id: string }
  ).id
  const { nodes } = (await ok({ token }, `/rubrics/${rubric}`)) as {
    nodes: { criterion: { sha256: string } }[]
  }
  sha256 = nodes[0]?.criterion.sha256 ?? ''
  const idsOf = async (policy: string) =>
    ((await ok({ token }, `/episodes?policy=${policy}&limit=200`)) as { items: { id: string }[] }).items.map(
      ({ id }) => id,
    )
  work = await idsOf('work')
  await ok({ token }, '/review/questions', { rubric, episodes: work, answersWanted: 20 })
  for (const [at, episode] of (await idsOf('known')).entries())
    await ok({ token }, '/gold', {
      episode,
      criterionSha256: sha256,
      value: at % 5 === 0 ? 'yes' : 'no',
      explanation: '',
    })
  await ok({ token }, '/vetting', {
    hiddenShare: 0.3,
    roundQuestions: 0,
    exposuresMax: 50,
    bar: 0.5,
    floor: 0.2,
  })
  const made = FaultsPlanted.parse(
    await ok({ token }, '/planted-faults', {
      rubric,
      criterion: 'root',
      operator: 'invent-fact',
      value: 'no',
      episodes: work.slice(0, PLANTED),
    }),
  )
  copies = made.planted.map(({ id }) => id)
  for (const id of copies)
    await ok({ token }, `/planted-faults/${id}/review`, { accepted: true, reason: 'looked at it' })
})

const report = async () => ValidityReport.parse(await ok({ token }, '/validity-rounds'))

/** Guesses to the end; `tells`: the chance of a right guess. */
async function guessAll(cookie: string, raterId: string, tells: number, seed: number) {
  const random = seededRandom(seed)
  const places = await placesOf(raterId)
  const texts: string[] = []
  for (;;) {
    const { status, text } = await send({ cookie }, `/review/validity-rounds/${roundId}`)
    expect(status).toBe(200)
    texts.push(text)
    const { item } = ValidityTurn.parse(JSON.parse(text))
    if (item === null) return texts
    const planted = places.find(({ place }) => place === item.place)?.planted === true
    await ok({ cookie }, `/review/validity-rounds/${roundId}/answer`, {
      place: item.place,
      saidPlanted: random() < tells ? planted : !planted,
      startedAt: effects.now().toISOString(),
    })
  }
}
/** At most so many; the episodes they were about, by their own ids. */
async function answerWork(cookie: string, most: number): Promise<readonly string[]> {
  const met: string[] = []
  while (met.length < most) {
    const { question, progress } = NextQuestion.parse(await ok({ cookie }, '/review/next', { mode: 'focus' }))
    if (question === null) {
      expect(progress.answered).toBe(progress.total)
      break
    }
    met.push(server.episodeOf(question.episodeId))
    await ok({ cookie }, `/review/${question.assignmentId}/answer`, {
      commitKey: randomUUID(),
      answer: { kind: 'answered', value: 'no' },
      startedAt: effects.now().toISOString(),
    })
  }
  return met
}

const agree = async (cookie: string) =>
  ValidityTurn.parse(await ok({ cookie }, `/review/validity-rounds/${roundId}/agree`, {}))

test('nobody is asked before a round is open; then raters are offered it, and nobody else', async () => {
  const { cookie } = await joined('Anna')
  const offersTo = async (who: Who) => ValidityOffers.parse(await ok(who, '/review/validity-rounds')).rounds
  expect(await offersTo({ cookie })).toEqual([])
  const [before] = (await report()).operators
  expect(before).toMatchObject({
    operator: 'invent-fact',
    copies: PLANTED,
    guesses: 0,
    verdict: 'too-few',
    right: null,
  })
  expect(before?.guessesToGo).toBe(20)
  const opened = ValidityReport.parse(
    await ok({ token }, '/validity-rounds', { questions: QUESTIONS, consent: CONSENT }),
  )
  roundId = opened.rounds[0]?.id ?? ''
  expect(opened.rounds[0]).toMatchObject({ seed: null, people: 0, ended: null })
  expect(await offersTo({ cookie })).toEqual([
    { id: roundId, consent: CONSENT, agreed: false, answered: 0, total: QUESTIONS },
  ])
  const admin = await joinProject(server, 'admin', 'Adam')
  for (const who of [{ token }, { cookie: admin }]) {
    expect(await offersTo(who)).toEqual([])
    expect((await send(who, `/review/validity-rounds/${roundId}`)).status).toBe(403)
    expect((await send(who, `/review/validity-rounds/${roundId}/agree`, {})).status).toBe(403)
  }
  for (const rest of ['/validity-rounds', `/validity-rounds/${roundId}/end`])
    expect((await send({ cookie }, rest, { consent: CONSENT, reason: 'over now' })).status).toBe(403)
  expect((await send({ cookie }, '/validity-rounds')).status).toBe(403)
})

test('what is drawn is kept, half of it planted by a recorded coin, and no answer tells which', async () => {
  const { cookie, raterId } = await joined('Anna')
  const first = await agree(cookie)
  expect(first.offer).toMatchObject({ agreed: true, answered: 0, total: QUESTIONS })
  expect(await agree(cookie)).toEqual(first)
  const places = await placesOf(raterId)
  expect(places).toHaveLength(QUESTIONS)
  const planted = places.filter((place) => place.planted)
  expect(planted.length).toBeGreaterThan(3)
  expect(planted.length).toBeLessThan(QUESTIONS - 3)
  for (const { coin, planted: isPlanted, episodeId, originalId } of places) {
    expect(isPlanted).toBe(coin < 0.5)
    expect(copies.includes(episodeId)).toBe(isPlanted)
    expect(isPlanted ? work : [episodeId]).toContain(originalId)
  }
  // Nothing that measures the check is told.
  const gold = await effects.db.select().from(goldAnswers)
  for (const { episodeId } of places.filter((place) => !place.planted))
    expect(gold.find((known) => known.episodeId === episodeId)).toMatchObject({ part: 'fit', value: 'no' })
  // Both kinds are read by alias, and look alike but for their words.
  const texts = await guessAll(cookie, raterId, 0.5, 1)
  const keys = new Set<string>()
  for (const text of texts) {
    const { item, right } = ValidityTurn.parse(JSON.parse(text))
    const raw = JSON.parse(text) as { item: object | null }
    if (raw.item !== null) keys.add(Object.keys(raw.item).join())
    expect(right === null).toBe(item !== null)
    for (const secret of [...copies, ...work]) expect(text).not.toContain(secret)
    expect(text).not.toMatch(/operator|coin|"planted"|seed/)
    if (item !== null)
      expect((await send({ cookie }, `/episodes/${item.episodeId}/steps/bodies`)).status).toBe(200)
  }
  expect([...keys]).toEqual(['place,episodeId,question,guidance,rightAnswer'])
  expect(ValidityTurn.parse(JSON.parse(texts.at(-1) ?? '')).right).toBeGreaterThan(0)
})

test('a copy is shown in the place of its original, with the fault in it', async () => {
  const cookie = await joinProject(server, 'rater', 'Anna')
  const places = await placesOf(await raterIdOf('Anna'))
  const listed = (await ok({ cookie }, '/episodes?limit=200')) as { items: { id: string }[] }
  const textOf = async (originalId: string) => {
    const alias = listed.items.find(({ id }) => server.episodeOf(id) === originalId)?.id
    return (await send({ cookie }, `/episodes/${alias}/steps/bodies`)).text
  }
  const [planted] = places.filter((place) => place.planted)
  const [natural] = places.filter((place) => !place.planted)
  expect(await textOf(planted?.originalId ?? '')).not.toMatch(/as you wished\."/)
  expect(await textOf(natural?.originalId ?? '')).toMatch(/as you wished\."/)
})

test('the first answer stands, places come in their order, and who did not agree answers nothing', async () => {
  const { cookie, raterId } = await joined('Bert')
  const answer = (place: number, saidPlanted: boolean, who = cookie) =>
    send({ cookie: who }, `/review/validity-rounds/${roundId}/answer`, {
      place,
      saidPlanted,
      startedAt: effects.now().toISOString(),
    })
  expect((await answer(1, true)).status).toBe(404)
  await agree(cookie)
  expect((await answer(2, true)).status).toBe(409)
  const [one, again] = await Promise.all([answer(1, true), answer(1, false)])
  expect([one.status, again.status]).toEqual([200, 200])
  expect((await answer(1, false)).status).toBe(200)
  const { rows } = await effects.db.execute<{ many: number }>(
    `select count(*)::int as many from validity_answers where rater_id = '${raterId}'`,
  )
  expect(rows[0]?.many).toBe(1)
})

test('what somebody was shown never comes to them as work or as a hidden known question', async () => {
  const cookie = await joinProject(server, 'rater', 'Anna')
  const raterId = await raterIdOf('Anna')
  const places = await placesOf(raterId)
  const shown = new Set(places.flatMap(({ episodeId, originalId }) => [episodeId, originalId]))
  const rules = await vettingRulesOf(effects.db, projectId)
  if (rules === null) throw new Error('there are rules')
  const drawn = await drawKnown(effects.db, rules, raterId, 200, 'hidden', seededRandom(2))
  expect(drawn.length).toBeGreaterThan(10)
  for (const { episodeId, copyOf } of drawn) {
    expect(shown.has(episodeId)).toBe(false)
    expect(shown.has(copyOf ?? '')).toBe(false)
  }
  await vetRaters(effects)
  const met = await answerWork(cookie, 1_000)
  expect(met.length).toBeGreaterThan(WORK - QUESTIONS - 5)
  expect(met.filter((id) => shown.has(id))).toEqual([])
  const own = await effects.db.select().from(ratings).where(eq(ratings.raterId, raterId))
  expect(own.filter(({ episodeId }) => shown.has(episodeId))).toEqual([])
})

test('who has a copy among their hidden questions, or has met an episode, is not shown it in a round', async () => {
  const { cookie, raterId } = await joined('Cara')
  const rules = await vettingRulesOf(effects.db, projectId)
  if (rules === null) throw new Error('there are rules')
  // As many as chance would seldom give to one rater.
  const drawn = await drawKnown(effects.db, rules, raterId, 100, 'hidden', seededRandom(5))
  for (const { episodeId, copyOf } of drawn.filter(({ copyOf }) => copyOf !== null).slice(0, 4))
    await effects.db.transaction((tx) =>
      showCopy(tx, effects, { projectId, raterId, episodeId: copyOf ?? '', copyId: episodeId }),
    )
  const hidden = await effects.db.select().from(raterCopies).where(eq(raterCopies.raterId, raterId))
  expect(hidden.length).toBeGreaterThan(2)
  const met = await answerWork(cookie, 40)
  await agree(cookie)
  const shown = (await placesOf(raterId)).map(({ originalId }) => originalId)
  expect(shown.length).toBeGreaterThan(5)
  for (const { episodeId } of hidden) expect(shown).not.toContain(episodeId)
  for (const id of met) expect(shown).not.toContain(id)
})

test('a rater of another project is told of no round here', async () => {
  const { project } = await createProject(effects, { slug: 'other', name: 'Other' }, { actor: 't' })
  const invited = await server.request('/api/projects/other/members/invite', {
    token: await server.key(['admin'], project),
    json: { role: 'rater' },
  })
  const { url } = IssuedLink.parse(await invited.json())
  const person = { password: 'correct horse battery', email: 'eve@example.org', name: 'Eve' }
  const redeemed = await server.request('/api/links/redeem', {
    json: { token: url.split('#')[1], ...person },
  })
  const cookie = redeemed.headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ')
  const visit = async (rest: string, json?: object) =>
    (
      await server.request(`/api/projects/other/review/validity-rounds/${roundId}${rest}`, {
        cookie,
        ...(json === undefined ? {} : { json }),
      })
    ).status
  const guess = { place: 1, saidPlanted: true, startedAt: effects.now().toISOString() }
  expect([await visit(''), await visit('/agree', {}), await visit('/answer', guess)]).toEqual([404, 404, 404])
})

test('an operator that people tell apart fails, and is drawn among hidden questions no more', async () => {
  const rules = await vettingRulesOf(effects.db, projectId)
  if (rules === null) throw new Error('there are rules')
  const fresh = await joined('Fresh')
  const copiesDrawn = async () =>
    (await drawKnown(effects.db, rules, fresh.raterId, 100, 'hidden', seededRandom(3))).filter(
      ({ copyOf }) => copyOf !== null,
    ).length
  expect(await copiesDrawn()).toBeGreaterThan(0)
  const [few] = (await report()).operators
  expect(few?.verdict).not.toBe('fails')
  expect(few?.guessesToGo).toBeGreaterThan(0)
  for (const name of ['Dora', 'Emil', 'Fritz', 'Gina', 'Hans']) {
    const { cookie, raterId } = await joined(name)
    await agree(cookie)
    await guessAll(cookie, raterId, 1, 5)
  }
  const [now] = (await report()).operators
  expect(now).toMatchObject({ verdict: 'fails', guessesToGo: 0 })
  expect(now?.right?.low).toBeGreaterThan(0.6)
  expect(now?.words).toContain('mixed in among questions no more')
  expect(await copiesDrawn()).toBe(0)
  // What raters caught, beside known answers that may be told.
  expect(now?.detection).not.toBeNull()
})

test('an erased copy is passed over, and a round that has ended shows its seed and takes nobody in', async () => {
  const { cookie, raterId } = await joined('Ida')
  await agree(cookie)
  const [first] = (await placesOf(raterId)).filter((place) => place.planted)
  await ok({ token }, `/episodes/${first?.originalId}/erase`, { reason: 'asked for by the customer' })
  const texts = await guessAll(cookie, raterId, 0.5, 9)
  const places = texts.flatMap((text) => ValidityTurn.parse(JSON.parse(text)).item?.place ?? [])
  expect(places).not.toContain(first?.place)
  expect(places).toHaveLength(QUESTIONS - 1)

  await ok({ token }, `/validity-rounds/${roundId}/end`, { reason: 'enough was said' })
  expect((await send({ token }, `/validity-rounds/${roundId}/end`, { reason: 'again' })).status).toBe(409)
  const [round] = (await report()).rounds
  const ledger = LedgerPage.parse(await ok({ token }, '/ledger?action=validity.opened'))
  expect(ledger.items[0]?.body).toMatchObject({ seedSha256: hash('sha256', round?.seed ?? '') })
  // The coins were what the seed says.
  for (const { place, coin } of await placesOf(raterId)) {
    const words = `${raterId} ${place - 1} coin`
    expect(coin).toBe(
      createHmac('sha256', round?.seed ?? '')
        .update(words)
        .digest()
        .readUIntBE(0, 6) /
        2 ** 48,
    )
  }
  const late = await joined('Late')
  expect((await send({ cookie: late.cookie }, `/review/validity-rounds/${roundId}`)).status).toBe(404)
  expect((await send({ cookie: late.cookie }, `/review/validity-rounds/${roundId}/agree`, {})).status).toBe(
    409,
  )
  const bert = await joinProject(server, 'rater', 'Bert')
  const turn = ValidityTurn.parse(await ok({ cookie: bert }, `/review/validity-rounds/${roundId}`))
  expect([turn.item, turn.offer.answered]).toEqual([null, 1])
})
