/**
 * What is known, planted or copied makes the server do the same as work does at every route of review: the same statements, the
 * same headers, the same words where something is refused, the same count of what is to come and the same place
 * among what was answered last; so that none of it, and not how long it takes, can tell. How long it takes is measured in
 * bench/response-times.ts.
 */
import { createHash, randomUUID } from 'node:crypto'
import { FaultsPlanted } from '@leeway/contract/planted-faults'
import { Committed, InboxView, NextQuestion, ReviewSheet } from '@leeway/contract/review'
import { episodeLine } from '@leeway/core/episodes/formats/leeway-jsonl'
import { eq, gt } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { debateSeats, debates } from '../debates/tables.ts'
import { sampleEpisode, sampleStep } from '../episodes/sample-episode.ts'
import { plantedFaults } from '../planted-faults/tables.ts'
import { raters, raterTiers } from '../raters/tables.ts'
import { testDatabase } from '../testing/database.ts'
import { joinProject } from '../testing/join-project.ts'
import { logStatements } from '../testing/statement-log.ts'
import { testServer } from '../testing/test-server.ts'
import { vettingDraws } from '../vetting/tables.ts'
import { vetRaters } from '../vetting/vet-raters.ts'
import { assignments } from './tables.ts'

const database = await testDatabase()
const server = await testServer(database.db, {
  rateLimits: { address: { burst: 10_000, perMinute: 10_000 }, key: { burst: 10_000, perMinute: 10_000 } },
})
const { effects, operatorToken: token, project } = server
const log = logStatements()
afterAll(async () => {
  log.stop()
  await server.close()
  await database.close()
})

const KNOWN = 16
const WORK = 40
const PLANTED = 16
const TURNS = 34
const path = (rest: string) => `/api/projects/default${rest}`
const admin = async (rest: string, json?: object) => {
  const answer = await server.request(path(rest), { token, ...(json === undefined ? {} : { json }) })
  if (!answer.ok) throw new Error(`${rest}: ${answer.status} ${await answer.text()}`)
  return (await answer.json()) as {
    readonly id: string
    readonly items: readonly { readonly id: string }[]
    readonly nodes: readonly { readonly criterion: { readonly sha256: string; readonly id: string } }[]
  }
}
const idsOf = async (policy: string) =>
  (await admin(`/episodes?policy=${policy}&limit=200`)).items.map(({ id }) => id)

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
  const source = `name: desk
question: Is everything the agent says true?
answeredBy: [human]
combine: all
children:
  - id: polite
    question: Was it polite?
    answeredBy: [human]
`
  const { id: rubric } = await admin('/rubrics', { agent: 'desk', source })
  const root = (await admin(`/rubrics/${rubric}`)).nodes[0]?.criterion
  const [work, known] = [await idsOf('work'), await idsOf('known')]
  await admin('/review/questions', { rubric, episodes: work, answersWanted: 20 })
  for (const [at, episode] of known.entries())
    await admin('/gold', { episode, criterionSha256: root?.sha256, value: at % 8 === 0 ? 'no' : 'yes' })
  const { planted } = FaultsPlanted.parse(
    await admin('/planted-faults', {
      rubric,
      criterion: root?.id,
      operator: 'invent-fact',
      value: 'no',
      episodes: work.slice(0, PLANTED),
    }),
  )
  for (const { id } of planted)
    await admin(`/planted-faults/${id}/review`, { accepted: true, reason: 'seen' })
  await admin('/vetting', { hiddenShare: 0.5, roundQuestions: 0, exposuresMax: 50, bar: 0.5, floor: 0.2 })
})

type Kind = 'work' | 'known' | 'planted'
/** What one request made the server send, as one text. */
type Met = { readonly kind: Kind; readonly route: string; readonly made: string }

/** Names, values and order; what a body weighs is told by the body. */
const headersOf = ({ headers }: Response) =>
  [...headers]
    .filter(([name]) => !['date', 'x-request-id', 'content-length'].includes(name))
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n')
const IDS = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g

/** Enough to tell statements apart, and to be read where two differ. */
const short = (statement: string) =>
  `${createHash('sha256').update(statement).digest('hex').slice(0, 8)} ${statement.slice(0, 80)}`

async function joined(name: string, tier: 'trainee' | 'expert') {
  const cookie = await joinProject(server, 'rater', name)
  await server.request(path('/inbox'), { cookie }).then((answer) => answer.text())
  const [rater] = await effects.db.select().from(raters).where(eq(raters.name, name))
  const raterId = rater?.id ?? ''
  if (tier === 'expert')
    await effects.db.insert(raterTiers).values({
      projectId: project.id,
      raterId,
      id: effects.newId(),
      tier,
      reason: 'for the test',
      actor: 'person:ada',
      at: effects.now(),
    })
  await vetRaters(effects)
  return { cookie, raterId }
}

/** Some of the work, those that come first: what was met so is refused, and must not be proposed each time. */
async function meetElsewhere(raterId: string): Promise<void> {
  const first = await effects.db
    .select()
    .from(assignments)
    .where(gt(assignments.answersWanted, 0))
    .orderBy(assignments.position)
    .limit(6)
  for (const { rubricId, episodeId, criterionSha256 } of first) {
    const id = effects.newId()
    const place = { projectId: project.id, at: effects.now() }
    await effects.db.insert(debates).values({
      ...place,
      id,
      rubricId,
      episodeId,
      criterionSha256,
      answerA: 'yes',
      answerB: 'no',
      swapped: false,
      speakers: ['a', 'b'],
      rounds: 1,
      words: 100,
      roundCost: 0,
      judgeSees: 'quotes',
      actor: 'person:ada',
    })
    await effects.db.insert(debateSeats).values({ ...place, debateId: id, seat: 'judge', raterId })
  }
}

/** Walks through questions as the page does, tries what is refused, and keeps what each request made the server do. */
async function walk(
  { cookie, raterId }: { readonly cookie: string; readonly raterId: string },
  mode: 'focus' | 'sheet',
): Promise<readonly Met[]> {
  const turns: { assignmentId: string; episodeId: string; route: string; made: string }[] = []
  for (let turn = 0; turn < TURNS; turn++) {
    const mine: { route: string; made: string }[] = []
    const send = async (route: string, rest: string, json?: object) => {
      log.take()
      const answer = await server.request(path(rest), { cookie, ...(json === undefined ? {} : { json }) })
      const text = await answer.text()
      const made = log.take()
      mine.push({ route, made: made.map(short).join('\n') })
      mine.push({ route: `headers, ${route}`, made: headersOf(answer) })
      return { status: answer.status, text }
    }
    const request = async (route: string, rest: string, json?: object) => {
      const { status, text } = await send(route, rest, json)
      if (status !== 200) throw new Error(`${rest}: ${status} ${text}`)
      return JSON.parse(text) as unknown
    }
    /** What the server says to what it does not take. */
    const refuse = async (route: string, rest: string, json: object) => {
      const { status, text } = await send(route, rest, json)
      if (status < 400) throw new Error(`${rest}: taken`)
      mine.push({ route: `words, ${route}`, made: `${status} ${text.replaceAll(IDS, '')}` })
    }
    const { question, progress } = NextQuestion.parse(await request('next', '/review/next', { mode }))
    if (question === null) break
    /** By how much the number of questions to come seemed to be off, before and after. */
    const seen = (route: string, after: { readonly total: number }) =>
      mine.push({ route: `total, ${route}`, made: String(after.total - progress.total) })
    const { assignmentId, episodeId } = question
    await request('next again', '/review/next', { mode })
    await request('open', `/review/${assignmentId}`)
    await request('episode', `/episodes/${episodeId}`)
    await request('steps', `/episodes/${episodeId}/steps`)
    await request('bodies', `/episodes/${episodeId}/steps/bodies?from=0&count=50`)
    const sheet = ReviewSheet.parse(await request('sheet', `/review/sheet/${episodeId}`))
    const others = sheet.questions.filter((one) => one.mine === null && one.assignmentId !== assignmentId)
    const says = (value: string) => ({
      commitKey: randomUUID(),
      answer: { kind: 'answered', value },
      startedAt: effects.now().toISOString(),
      showsCritique: true,
      showsParts: true,
    })
    const answer = async (route: string, id: string, value: string) =>
      seen(route, Committed.parse(await request(route, `/review/${id}/answer`, says(value))).progress)
    const to = `/review/${assignmentId}/answer`
    await refuse('off the scale', to, says('perhaps'))
    await refuse('a step that is not there', to, { ...says('yes'), evidence: [99] })
    await refuse('a correction of nothing', to, { ...says('yes'), supersedes: randomUUID() })
    await answer('answer', assignmentId, 'yes')
    await refuse('a second answer', to, says('no'))
    await refuse('a claim of nobody', `/review/${assignmentId}/critique`, { claim: 0, mark: 'valid' })
    await refuse('a part of nothing', `/review/${assignmentId}/part`, { part: 0, value: 'yes' })
    await request('undo', '/review/undo', { commitKey: randomUUID() })
    await answer('answer again', assignmentId, 'no')
    mine.push({ route: 'questions that wait on the sheet', made: String(others.length) })
    for (const other of others) await answer('answer another', other.assignmentId, 'yes')
    const inbox = InboxView.parse(await request('inbox', '/inbox'))
    seen('inbox', inbox.progress)
    const last = inbox.recent.findIndex((one) => one.assignmentId === assignmentId)
    const { answer: said, flagged, episodeId: shown } = inbox.recent[last] ?? {}
    mine.push({
      route: 'what was answered last',
      made: JSON.stringify([last, shown === episodeId, said, flagged]),
    })
    turns.push(...mine.map((one) => ({ ...one, assignmentId, episodeId: server.episodeOf(episodeId) })))
    effects.advance(20_000)
    await vetRaters(effects)
  }
  const drawn = await effects.db.select().from(vettingDraws).where(eq(vettingDraws.raterId, raterId))
  const planted = new Set((await effects.db.select().from(plantedFaults)).map(({ id }) => id))
  const kinds = new Map(
    drawn.map(({ id, episodeId }) => [
      id,
      planted.has(episodeId) ? ('planted' as const) : ('known' as const),
    ]),
  )
  return turns.map(({ assignmentId, route, made }) => ({
    kind: kinds.get(assignmentId) ?? 'work',
    route,
    made,
  }))
}

/** What was made most often: a connection that was lost is a request that is sent twice. */
const of = (met: readonly Met[], route: string, kind: Kind) => {
  const counts = new Map<string, number>()
  const own = met.filter((one) => one.route === route && one.kind === kind)
  for (const { made } of own) counts.set(made, (counts.get(made) ?? 0) + 1)
  const [most] = [...counts].sort(([, a], [, b]) => b - a)
  expect(most?.[1] ?? 0, `${route}, ${kind}`).toBeGreaterThanOrEqual(0.6 * own.length)
  return most?.[0]
}

describe.each([
  ['focus', 'trainee'],
  ['focus', 'expert'],
  ['sheet', 'trainee'],
] as const)('in %s mode, a rater who is %s', (mode, tier) => {
  let met: readonly Met[] = []
  beforeAll(async () => {
    const rater = await joined(`${mode}${tier}`, tier)
    // On sheets it would leave fewer questions here and there.
    if (mode === 'focus') await meetElsewhere(rater.raterId)
    met = await walk(rater, mode)
  }, 120_000)

  test('known, planted and ordinary questions are all among those met', () => {
    for (const kind of ['work', 'known', 'planted'] as const)
      expect(met.filter((one) => one.kind === kind && one.route === 'next').length, kind).toBeGreaterThan(1)
  })

  test('each route makes the same statements for all of them', () => {
    for (const route of new Set(met.map((one) => one.route)))
      for (const kind of ['known', 'planted'] as const)
        expect(of(met, route, kind), `${route}, ${kind}`).toEqual(of(met, route, 'work'))
  })
})
