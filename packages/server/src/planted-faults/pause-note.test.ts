/** Who passes planted faults unread is advised to take a pause: while away, long after the answers it rests on, and once. */
import { randomUUID } from 'node:crypto'
import { OwnPauseNote } from '@leeway/contract/planted-faults'
import { AWAY_MS, LAG_MAX, LAG_MIN } from '@leeway/core/planted-faults/pause-advice'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { raters } from '../raters/tables.ts'
import { insertRatings, type NewRating } from '../ratings/stored-ratings.ts'
import { testDatabase } from '../testing/database.ts'
import { joinProject } from '../testing/join-project.ts'
import { testServer } from '../testing/test-server.ts'
import { advisePauses } from './advise-pauses.ts'
import { plantedFaults } from './tables.ts'

const database = await testDatabase()
const server = await testServer(database.db)
const { effects, operatorToken: token } = server
const projectId = server.project.id
const QUESTION = '0'.repeat(64)
const MINUTE = 60_000
const PLANTED = 40
afterAll(async () => {
  await server.close()
  await database.close()
})

const call = async (
  who: { readonly token: string } | { readonly cookie: string },
  rest: string,
  json?: object,
) => server.request(`/api/projects/default${rest}`, { ...who, ...(json === undefined ? {} : { json }) })
const noteOf = async (cookie: string) =>
  OwnPauseNote.parse(await (await call({ cookie }, '/review/pause')).json()).note

let copies: readonly string[] = []

async function joined(name: string) {
  const cookie = await joinProject(server, 'rater', name)
  await call({ cookie }, '/inbox')
  const [row] = await effects.db.select().from(raters).where(eq(raters.name, name))
  return { cookie, raterId: row?.id ?? '' }
}

/** One answer a minute from now on, each after so many seconds of reading. */
async function answers(
  raterId: string,
  given: readonly { readonly episodeId: string; readonly value: string; readonly seconds: number | null }[],
) {
  for (const { episodeId, value, seconds } of given) {
    effects.advance(MINUTE)
    const row: NewRating = {
      projectId,
      id: effects.newId(),
      episodeId,
      criterionSha256: QUESTION,
      raterId,
      kind: 'answered',
      value,
      comment: '',
      evidence: [],
      flagged: false,
      assistance: 'none',
      commitKey: randomUUID(),
      startedAt: seconds === null ? null : new Date(effects.now().getTime() - seconds * 1_000),
      committedAt: effects.now(),
    }
    await insertRatings(effects.db, [row])
  }
}
const onCopies = (value: string, seconds: number | null, from = 0, to = PLANTED) =>
  copies.slice(from, to).map((episodeId) => ({ episodeId, value, seconds }))
const onOthers = (many: number) =>
  Array.from({ length: many }, () => ({ episodeId: effects.newId(), value: 'yes', seconds: 50 }))

beforeAll(async () => {
  await call({ token }, '/vetting', { roundQuestions: 0, hiddenShare: 0.1 })
  copies = Array.from({ length: PLANTED }, () => effects.newId())
  await effects.db.insert(plantedFaults).values(
    copies.map((id) => ({
      projectId,
      id,
      episodeId: effects.newId(),
      criterionSha256: QUESTION,
      operator: 'invent-fact',
      value: 'no',
      step: 1,
      stepCount: 2,
      errorCount: 0,
      actor: 'person:ada',
      at: effects.now(),
    })),
  )
  const careful = await joined('Careful')
  await answers(careful.raterId, onCopies('no', 60))
})

test('who misses slowly, who is quick and right, and whose time is not known are advised nothing', async () => {
  for (const [name, value, seconds] of [
    ['Slow', 'yes', 70],
    ['Quick', 'no', 30],
    ['Imported', 'yes', null],
  ] as const) {
    const { cookie, raterId } = await joined(name)
    await answers(raterId, [...onCopies(value, seconds), ...onOthers(LAG_MAX + 1)])
    effects.advance(AWAY_MS)
    await advisePauses(effects)
    expect(await noteOf(cookie)).toBeNull()
  }
})

test('advice waits for a lag of other answers and for the rater to be away, and tells no number and no question', async () => {
  const { cookie, raterId } = await joined('Fast')
  await answers(raterId, onCopies('yes', 2))
  effects.advance(AWAY_MS)
  await advisePauses(effects)
  // Missed are forty, but until enough others followed the last of them may have tipped it.
  expect(await noteOf(cookie)).toBeNull()
  await answers(raterId, onOthers(LAG_MIN - 1))
  effects.advance(AWAY_MS)
  await advisePauses(effects)
  const early = await noteOf(cookie)
  await answers(raterId, onOthers(LAG_MAX))
  await advisePauses(effects)
  // At work: nothing comes between two questions.
  expect(await noteOf(cookie)).toEqual(early)
  effects.advance(AWAY_MS)
  await advisePauses(effects)
  const note = await noteOf(cookie)
  expect(note).toEqual({ id: expect.any(String), carefulSeconds: 60 })
  const text = JSON.stringify(await (await call({ cookie }, '/review/pause')).json())
  expect(text).not.toMatch(/planted|upto|answers|miss|caught/)
})

test('it is shown until it was read, comes to nobody else, and never twice for the same answers', async () => {
  const { cookie, raterId } = await joined('Fast')
  const note = await noteOf(cookie)
  await advisePauses(effects)
  expect(await noteOf(cookie)).toEqual(note)
  const other = await joined('Slow')
  expect((await call({ cookie: other.cookie }, `/review/pause/${note?.id}/read`, {})).status).toBe(404)
  expect(await noteOf(cookie)).toEqual(note)
  for (const _ of ['once', 'twice'])
    expect((await call({ cookie }, `/review/pause/${note?.id}/read`, {})).status).toBe(200)
  expect(await noteOf(cookie)).toBeNull()
  await answers(raterId, onOthers(LAG_MAX))
  effects.advance(AWAY_MS)
  await advisePauses(effects)
  expect(await noteOf(cookie)).toBeNull()
  const card = (await (await call({ token }, `/raters/${raterId}`)).json()) as { words: string[] }
  expect(card.words.join(' ')).toMatch(/Advised to take a pause on \d{4}-\d\d-\d\d, read on \d{4}/)
})
