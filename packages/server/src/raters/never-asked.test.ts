/**
 * What a rater may not judge does not come in any way: not as a second look, in a study, as the judge of a debate or to decide. For
 * three reasons that share their SQL: a conflict of interest, a copy in the place of the episode, a validity round that told what is right.
 */
import { randomUUID } from 'node:crypto'
import { DisagreementPage } from '@leeway/contract/adjudication'
import { NextQuestion } from '@leeway/contract/review'
import { episodeLine } from '@leeway/core/episodes/formats/leeway-jsonl'
import { and, eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openAssignments } from '../assignments/open-assignments.ts'
import { sampleEpisode } from '../episodes/sample-episode.ts'
import { raterCopies } from '../planted-faults/tables.ts'
import { insertRatings } from '../ratings/stored-ratings.ts'
import { studies, studyItems, studyPlaces } from '../studies/tables.ts'
import { testDatabase } from '../testing/database.ts'
import { joinProject } from '../testing/join-project.ts'
import { testServer } from '../testing/test-server.ts'
import { validityPlaces } from '../validity/tables.ts'
import { raters } from './tables.ts'

const database = await testDatabase()
const server = await testServer(database.db)
const { effects, operatorToken: token } = server
const projectId = server.project.id
afterAll(async () => {
  await server.close()
  await database.close()
})

const ITEMS = 6
type Who = { readonly token: string } | { readonly cookie: string }
const send = async (who: Who, rest: string, json?: object) => {
  const answer = await server.request(`/api/projects/default${rest}`, {
    ...who,
    ...(json === undefined ? {} : { json }),
  })
  return { status: answer.status, body: (await answer.json()) as never }
}

let rubric = ''
let sha256 = ''
/** The one that is kept from three of the four people; it is of another agent than the others. */
let kept = ''
let others: readonly string[] = []
const people = new Map<string, { readonly cookie: string; readonly raterId: string }>()
const KEPT_FROM = ['Conflict', 'Copy', 'Round'] as const

async function expert(name: string) {
  const cookie = await joinProject(server, 'rater', name)
  await send({ cookie }, '/inbox')
  const [row] = await effects.db.select().from(raters).where(eq(raters.name, name))
  const raterId = row?.id ?? ''
  const made = await send({ token }, `/raters/${raterId}/tier`, { tier: 'expert', reason: 'for the test' })
  expect(made.status).toBe(200)
  people.set(name, { cookie, raterId })
  return raterId
}
const person = (name: string) => {
  const found = people.get(name)
  if (found === undefined) throw new Error(`nobody is called ${name}`)
  return found
}

beforeAll(async () => {
  const bring = async (agent: string, many: number, from: number) => {
    await server
      .request(`/api/projects/default/episodes/import?agent=${agent}&policy=one`, {
        token,
        body: Array.from({ length: many }, (_, at) => episodeLine(sampleEpisode(from + at))).join('\n'),
        headers: { 'content-type': 'application/octet-stream' },
      })
      .then((sent) => sent.text())
    const { body } = await send({ token }, `/episodes?agent=${agent}&limit=200`)
    return (body as { items: { id: string }[] }).items.map(({ id }) => id)
  }
  ;[kept = ''] = await bring('desk', 1, 0)
  others = await bring('shop', ITEMS, 100)
  const saved = await send({ token }, '/rubrics', {
    agent: 'desk',
    source: 'name: desk\nquestion: Was it right?\nansweredBy: [human]\n',
  })
  rubric = (saved.body as { id: string }).id
  const shown = (await send({ token }, `/rubrics/${rubric}`)).body as {
    nodes: { criterion: { sha256: string } }[]
  }
  sha256 = shown.nodes[0]?.criterion.sha256 ?? ''
  for (const name of [...KEPT_FROM, 'Free']) await expert(name)
  const set = await send({ token }, `/raters/${person('Conflict').raterId}/conflicts`, {
    agent: 'desk',
    excluded: true,
    reason: 'built it',
  })
  expect(set.status).toBe(200)
  await effects.db.insert(raterCopies).values({
    projectId,
    raterId: person('Copy').raterId,
    episodeId: kept,
    copyId: effects.newId(),
    id: effects.newId(),
    stepCount: 1,
    errorCount: 0,
    at: effects.now(),
  })
  await effects.db.insert(validityPlaces).values({
    projectId,
    roundId: randomUUID(),
    raterId: person('Round').raterId,
    place: 1,
    operator: 'invent-fact',
    coin: 0.7,
    planted: false,
    episodeId: kept,
    originalId: kept,
    // Of another question: who knows the episode from a round is asked nothing about it.
    criterionSha256: '0'.repeat(64),
    value: 'no',
    at: effects.now(),
  })
})

describe.each([...KEPT_FROM.map((name) => [name, false] as const), ['Free', true] as const])(
  '%s',
  (name, may) => {
    test('second looks', async () => {
      await effects.db.transaction((tx) =>
        openAssignments(tx, effects, projectId, {
          rubricId: rubric,
          criterionSha256: sha256,
          episodeIds: [kept],
          answersWanted: 0,
          purpose: 'second-look',
        }),
      )
      const { body } = await send(person(name), '/review/next', { mode: 'focus' })
      const { question } = NextQuestion.parse(body)
      expect(question === null ? null : server.episodeOf(question.episodeId)).toBe(may ? kept : null)
    })

    test('studies', async () => {
      const studyId = effects.newId()
      await effects.db.insert(studies).values({
        projectId,
        id: studyId,
        name: 'A study',
        question: 'What helps?',
        rubricId: rubric,
        criterionSha256: sha256,
        arms: ['unaided', 'critique'],
        raters: 9,
        itemsPerRater: 50,
        consent: 'Your answers are stored and analysed.',
        expected: { control: 0.6, difference: 0.1 },
        sha256: '0',
        seed: '0',
        actor: 'test',
        at: effects.now(),
      })
      const parts: [] = []
      await effects.db.insert(studyItems).values(
        [kept, ...others].map((episodeId) => ({
          projectId,
          studyId,
          episodeId,
          known: 'yes',
          claims: [],
          parts,
        })),
      )
      // Whoever is at a question about it does not take it along into a study: that of Free is given back.
      const agreed = await send(person(name), `/review/studies/${studyId}/agree`, {})
      expect(agreed.status).toBe(200)
      const places = await effects.db
        .select()
        .from(studyPlaces)
        .where(and(eq(studyPlaces.studyId, studyId), eq(studyPlaces.raterId, person(name).raterId)))
      expect(places.some(({ episodeId }) => episodeId === kept)).toBe(may)
      expect(places).toHaveLength(may ? ITEMS + 1 : ITEMS)
    })
  },
)

describe.each([...KEPT_FROM.map((name) => [`${name} again`, false] as const), ['Somebody', true] as const])(
  '%s',
  (name, may) => {
    test('the judge of a debate, and who decides what others disagree on', async () => {
      const [known = ''] = name.split(' ')
      if (may) await expert(known)
      const set = await send({ token }, '/debates', {
        rubric,
        criterion: 'root',
        episode: kept,
        speakers: [null, null],
      })
      expect(set.status).toBe(200)
      const debate = (set.body as { id: string }).id
      // First: whoever judges a debate about it has met it.
      await disagree()
      const page = DisagreementPage.parse((await send(person(known), '/adjudication')).body)
      const waits = page.items.some(({ episodeId }) => server.episodeOf(episodeId) === kept)
      expect([waits, page.yours]).toEqual(may ? [true, 0] : [false, 1])
      const seat = await send(person(known), `/review/debates/${debate}/seat`, { seat: 'judge' })
      expect(seat.status).toBe(may ? 200 : 409)
    })
  },
)

let disagreed = false
/** Two vetted people answer differently, once. */
async function disagree() {
  if (disagreed) return
  disagreed = true
  for (const value of ['yes', 'no']) {
    const raterId = await expert(`Says ${value}`.replace(' ', ''))
    await insertRatings(effects.db, [
      {
        projectId,
        id: effects.newId(),
        episodeId: kept,
        criterionSha256: sha256,
        raterId,
        kind: 'answered',
        value,
        comment: '',
        evidence: [],
        flagged: false,
        assistance: 'none',
        commitKey: randomUUID(),
        committedAt: effects.now(),
      },
    ])
  }
}
