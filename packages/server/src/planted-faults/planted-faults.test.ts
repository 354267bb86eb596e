/** Copies with a known fault come among a rater's questions, look like any other, and count as nothing else. */
import { randomUUID } from 'node:crypto'
import { RaterEpisodePage, StepBodies, StepIndex } from '@leeway/contract/episodes'
import { FaultsPlanted, PlantedChange, PlantedReport } from '@leeway/contract/planted-faults'
import { NextQuestion, ReviewSheet } from '@leeway/contract/review'
import { episodeLine } from '@leeway/core/episodes/formats/leeway-jsonl'
import { seededRandom } from '@leeway/core/numeric/seeded-random'
import { and, eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createOpenQueue } from '../assignments/open-queue.ts'
import { assignments } from '../assignments/tables.ts'
import { sampleEpisode, sampleStep } from '../episodes/sample-episode.ts'
import { episodeChunks } from '../episodes/tables.ts'
import { criterionRatings } from '../estimates/criterion-ratings.ts'
import { raters } from '../raters/tables.ts'
import { ratings } from '../ratings/tables.ts'
import { testDatabase } from '../testing/database.ts'
import { joinProject } from '../testing/join-project.ts'
import { testServer } from '../testing/test-server.ts'
import { drawKnown } from '../vetting/draw-known.ts'
import { vettingRulesOf } from '../vetting/rules.ts'
import { vetRaters } from '../vetting/vet-raters.ts'
import { plantedFaults, raterCopies } from './tables.ts'

const database = await testDatabase()
const server = await testServer(database.db, {
  rateLimits: { address: { burst: 1_000, perMinute: 1_000 }, key: { burst: 10_000, perMinute: 10_000 } },
})
const { effects, operatorToken: token } = server
const projectId = server.project.id
afterAll(async () => {
  await server.close()
  await database.close()
})

const KNOWN = 24
const WORK = 30
const PLANTED = 10
/** What these tests read of answers beside what they parse. */
type Reply = {
  readonly field: string
  readonly hint: string
  readonly skipped: readonly { readonly reason: string }[]
}
const path = (rest: string) => `/api/projects/default${rest}`
const send = async (
  who: { readonly token: string } | { readonly cookie: string },
  rest: string,
  json?: object,
) => {
  const answer = await server.request(path(rest), { ...who, ...(json === undefined ? {} : { json }) })
  return { status: answer.status, body: (await answer.json()) as Reply }
}
const admin = async (rest: string, json?: object) => {
  const { status, body } = await send({ token }, rest, json)
  if (status >= 300) throw new Error(`${rest}: ${status} ${JSON.stringify(body)}`)
  return body as unknown as {
    id: string
    items: { id: string }[]
    nodes: { criterion: { sha256: string; id: string } }[]
  }
}
const raterIdOf = async (name: string) =>
  (await effects.db.select().from(raters).where(eq(raters.name, name)))[0]?.id ?? ''

let sha256 = ''
let criterion = ''
let rubric = ''
let work: readonly string[] = []
let planted: readonly string[] = []

beforeAll(async () => {
  for (const [policy, many] of [
    ['known', KNOWN],
    ['work', WORK],
  ] as const)
    await server
      .request(path(`/episodes/import?agent=desk&policy=${policy}`), {
        token,
        body: Array.from({ length: many }, (_, index) =>
          episodeLine(
            sampleEpisode(index, {
              instructions: `${policy} ${index}`,
              steps: [
                sampleStep(0),
                sampleStep(1, {
                  content: `Order ${index} has left us, and everything in it is as you wished.`,
                }),
              ],
            }),
          ),
        ).join('\n'),
        headers: { 'content-type': 'application/octet-stream' },
      })
      .then((sent) => sent.text())
  rubric = (
    await admin('/rubrics', {
      agent: 'desk',
      source: 'name: desk\nquestion: Is everything the agent says true?\nansweredBy: [human]\n',
    })
  ).id
  const [root] = (await admin(`/rubrics/${rubric}`)).nodes
  sha256 = root?.criterion.sha256 ?? ''
  criterion = root?.criterion.id ?? ''
  const idsOf = async (policy: string) =>
    (await admin(`/episodes?policy=${policy}&limit=200`)).items.map(({ id }) => id)
  work = await idsOf('work')
  await admin('/review/questions', { rubric, episodes: work, answersWanted: 20 })
  for (const [at, episode] of (await idsOf('known')).entries())
    await admin('/gold', {
      episode,
      criterionSha256: sha256,
      value: at % 6 === 0 ? 'no' : 'yes',
      explanation: '',
    })
  await admin('/vetting', { hiddenShare: 0.5, roundQuestions: 0, exposuresMax: 50, bar: 0.5, floor: 0.2 })
})

async function joined(name: string): Promise<{ readonly cookie: string; readonly raterId: string }> {
  const cookie = await joinProject(server, 'rater', name)
  await send({ cookie }, '/inbox')
  return { cookie, raterId: await raterIdOf(name) }
}

/** What a rater is shown under an alias. */
async function shown(cookie: string, alias: string) {
  const index = StepIndex.parse((await send({ cookie }, `/episodes/${alias}/steps`)).body)
  const bodies = StepBodies.parse((await send({ cookie }, `/episodes/${alias}/steps/bodies`)).body)
  return { index, text: bodies.steps.map(({ content }) => String(content)).join('\n') }
}

type Served = {
  readonly alias: string
  readonly assignmentId: string
  readonly text: string
  readonly count: number
  readonly total: number
}

/** Answers everything; `says` from what is read. */
async function takeAll(cookie: string, says: (text: string) => string, seconds = 60) {
  const served: Served[] = []
  for (;;) {
    const next = NextQuestion.parse((await send({ cookie }, '/review/next', { mode: 'focus' })).body)
    const { question } = next
    if (question === null) {
      expect(next.progress.answered).toBe(next.progress.total)
      return served
    }
    const { index, text } = await shown(cookie, question.episodeId)
    served.push({
      alias: question.episodeId,
      assignmentId: question.assignmentId,
      text,
      count: index.count,
      total: next.progress.total,
    })
    const stored = await send({ cookie }, `/review/${question.assignmentId}/answer`, {
      commitKey: randomUUID(),
      answer: { kind: 'answered', value: says(text) },
      startedAt: new Date(effects.now().getTime() - 1000 * seconds).toISOString(),
      evidence: [1],
    })
    expect(stored.status).toBe(200)
  }
}

const honest = (text: string) => (/as you wished\.$/.test(text) ? 'yes' : 'no')
const copiesFor = async (raterId: string) =>
  effects.db
    .select()
    .from(raterCopies)
    .where(and(eq(raterCopies.projectId, projectId), eq(raterCopies.raterId, raterId)))

test('a copy waits until somebody has looked at it, and a fault is planted once', async () => {
  const wanted = { rubric, criterion, operator: 'invent-fact', value: 'no', episodes: work.slice(0, PLANTED) }
  const made = FaultsPlanted.parse(await admin('/planted-faults', wanted))
  planted = made.planted.map(({ id }) => id)
  expect(planted).toHaveLength(PLANTED)
  expect(made.planted[0]?.words).toContain('The agent now says')
  const again = FaultsPlanted.parse(await admin('/planted-faults', wanted))
  expect([again.planted.length, again.skipped[0]?.reason]).toEqual([0, 'this fault was planted in it before'])
  const change = PlantedChange.parse(await admin(`/planted-faults/${planted[0]}`))
  expect([change.removed.length, change.added.length, change.fault.state]).toEqual([1, 1, 'waiting'])
  expect(String(change.added[0]?.content)).toContain(String(change.removed[0]?.content).slice(0, 20))

  const early = await joined('Early')
  await vetRaters(effects)
  expect(await copiesFor(early.raterId)).toEqual([])
  await takeAll(early.cookie, () => 'yes')
})

test('wrong input is refused with what to do', async () => {
  const wanted = { rubric, criterion, operator: 'invent-fact', value: 'no', episodes: work.slice(0, 1) }
  for (const [change, field] of [
    [{ criterion: 'nothing' }, 'body.criterion'],
    [{ value: 'perhaps' }, 'body.value'],
  ] as const) {
    const { status, body } = await send({ token }, '/planted-faults', { ...wanted, ...change })
    expect([status, body.field]).toEqual([422, field])
    expect(body.hint).toMatch(/one of/)
  }
  const nowhere = await send({ token }, '/planted-faults', { ...wanted, episodes: [randomUUID()] })
  expect(nowhere.body.skipped[0]?.reason).toContain('no such episode')
})

test('accepted ones come among the questions, under the name of their original, which never comes', async () => {
  for (const id of planted)
    await admin(`/planted-faults/${id}/review`, { accepted: id !== planted[0], reason: 'looked at it' })
  const { cookie, raterId } = await joined('Reads')
  const rules = await vettingRulesOf(effects.db, projectId)
  if (rules === null) throw new Error('there are rules')
  const random = seededRandom(1)
  const copiesDrawn = async (id: string) =>
    (await drawKnown(effects.db, rules, id, 20, 'hidden', random)).filter(({ copyOf }) => copyOf !== null)
  expect((await copiesDrawn(raterId)).length).toBeGreaterThan(0)
  // Early has met the originals.
  expect(await copiesDrawn(await raterIdOf('Early'))).toEqual([])
  await vetRaters(effects)
  const copies = await copiesFor(raterId)
  expect(copies.length).toBeGreaterThanOrEqual(3)
  expect(copies.some(({ copyId }) => copyId === planted[0])).toBe(false)
  const served = await takeAll(cookie, honest)
  const byAlias = new Map(served.map((one) => [server.episodeOf(one.alias), one]))
  expect(byAlias.size).toBe(served.length)
  const met = copies.filter(({ episodeId }) => byAlias.has(episodeId))
  expect(met.length).toBeGreaterThanOrEqual(3)
  // The original's name, the copy's words.
  for (const { episodeId } of met) expect(honest(byAlias.get(episodeId)?.text ?? '')).toBe('no')
  // Progress does not move at them.
  expect(new Set(served.map(({ total }) => total)).size).toBe(1)
  const own = await effects.db.select().from(ratings).where(eq(ratings.raterId, raterId))
  const originals = new Set(copies.map(({ episodeId }) => episodeId))
  expect(own.filter(({ episodeId }) => originals.has(episodeId))).toEqual([])
  expect(own.filter(({ episodeId }) => planted.includes(episodeId))).toHaveLength(met.length)
  // All other work was done.
  expect(own.filter(({ episodeId }) => work.includes(episodeId))).toHaveLength(WORK - copies.length)
  await vetRaters(effects)
})

test('who is shown a copy does not have the whole queue read again at every question', async () => {
  const raterId = await raterIdOf('Reads')
  let reads = 0
  const counting = new Proxy(effects.db, {
    get: (db, name) => {
      if (name === 'execute') reads += 1
      return Reflect.get(db, name)
    },
  })
  const [copy] = (await copiesFor(raterId))
    .map(({ id }) => id)
    .sort()
    .reverse()
  const reviewer = { projectId, raterId, trusted: false, expert: false, newestConflict: copy ?? null }
  const queue = createOpenQueue({ db: counting, now: effects.now })
  await queue.open(reviewer)
  const first = reads
  for (let again = 0; again < 5; again++) await queue.open(reviewer)
  expect(first).toBeGreaterThan(0)
  expect(reads).toBe(first)
})

test('who is shown a copy cannot answer about the original either', async () => {
  const cookie = await joinProject(server, 'rater', 'Reads')
  const [copy] = await copiesFor(await raterIdOf('Reads'))
  const [asked] = await effects.db
    .select()
    .from(assignments)
    .where(eq(assignments.episodeId, copy?.episodeId ?? ''))
  const refused = await send({ cookie }, `/review/${asked?.id}/answer`, {
    commitKey: randomUUID(),
    answer: { kind: 'answered', value: 'yes' },
    startedAt: effects.now().toISOString(),
  })
  expect(refused.status).toBe(404)
})

test('nothing that the rater can read tells a copy: list, header, sheet, steps by id', async () => {
  const raterId = await raterIdOf('Reads')
  const cookie = await joinProject(server, 'rater', 'Reads')
  const [copy] = await copiesFor(raterId)
  const listed = RaterEpisodePage.parse((await send({ cookie }, '/episodes?limit=200')).body)
  expect(listed.items).toHaveLength(KNOWN + WORK)
  const row = listed.items.find(({ id }) => server.episodeOf(id) === copy?.episodeId)
  const { index } = await shown(cookie, row?.id ?? '')
  expect([row?.stepCount, row?.errorCount]).toEqual([index.count, 0])
  expect(ReviewSheet.parse((await send({ cookie }, `/review/sheet/${row?.id}`)).body).episodeId).toBe(row?.id)
  for (const id of [copy?.copyId, copy?.episodeId])
    expect((await send({ cookie }, `/episodes/${id}/steps`)).status).toBe(404)
  expect((await send({ cookie }, '/planted-faults')).status).toBe(403)
  // Somebody else is shown the original.
  const other = await joined('Other')
  expect(honest((await shown(other.cookie, row?.id ?? '')).text)).toBe('yes')
})

test('answers about copies are skill, and nothing else', async () => {
  const raterId = await raterIdOf('Reads')
  const counted = await criterionRatings(effects.db, projectId, sha256, [])
  expect(counted.answers.some(({ episodeId }) => planted.includes(episodeId))).toBe(false)
  const listed = (await admin('/ratings?limit=200')) as unknown as { items: { episodeId: string }[] }
  expect(listed.items.some(({ episodeId }) => planted.includes(episodeId))).toBe(false)
  const report = PlantedReport.parse(await admin('/planted-faults'))
  const mine = report.raters.find((one) => one.raterId === raterId)
  expect(mine?.detection.caught).toBe(mine?.detection.answers)
  expect(mine?.detection.answers).toBeGreaterThanOrEqual(3)
  expect(report.operators.map(({ operator }) => operator)).toEqual(['invent-fact'])
  expect(report.againstNatural).not.toBeNull()
})

test('who passes them faster than careful people read is found', async () => {
  for (const name of ['Care1', 'Care2', 'Care3']) {
    const { cookie } = await joined(name)
    await vetRaters(effects)
    await takeAll(cookie, honest)
  }
  const fast = await joined('Fast')
  await vetRaters(effects)
  await takeAll(fast.cookie, () => 'yes', 1)
  const { raters: found } = PlantedReport.parse(await admin('/planted-faults'))
  const of = (name: string) => found.find((one) => one.name === name)
  expect(of('Fast')?.rubberStamp.fastMisses).toBe(of('Fast')?.detection.answers)
  expect(of('Care1')?.rubberStamp.fastMisses).toBe(0)
  expect(of('Fast')?.rubberStamp.verdict).toBe('rubber-stamping')
  const wordsOf = async (name: string) =>
    ((await admin(`/raters/${await raterIdOf(name)}`)) as unknown as { words: string[] }).words.join(' ')
  expect(await wordsOf('Fast')).toContain('faster than careful people read')
  expect(await wordsOf('Care1')).toMatch(/Caught (\d+) of \1 planted faults/)
  expect(await wordsOf('Care1')).not.toContain('careful people')
})

test('erasing an episode takes the words of its copies away', async () => {
  const { cookie, raterId } = await joined('Late')
  await vetRaters(effects)
  const [copy] = await copiesFor(raterId)
  await admin(`/episodes/${copy?.episodeId}/erase`, { reason: 'asked for by the customer' })
  const left = await effects.db
    .select()
    .from(episodeChunks)
    .where(and(eq(episodeChunks.projectId, projectId), eq(episodeChunks.episodeId, copy?.copyId ?? '')))
  expect(left).toEqual([])
  const served = await takeAll(cookie, honest)
  expect(served.some(({ alias }) => server.episodeOf(alias) === copy?.episodeId)).toBe(false)
  const { items } = PlantedReport.parse(await admin('/planted-faults'))
  expect(items.find(({ id }) => id === copy?.copyId)?.state).toBe('without-text')
  expect((await send({ token }, `/planted-faults/${copy?.copyId}`)).status).toBe(410)
  expect(await effects.db.select().from(plantedFaults)).toHaveLength(PLANTED)
})
