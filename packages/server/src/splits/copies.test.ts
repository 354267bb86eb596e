/** Where the parts of a question are shown, planted copies are followed by parts as work is: nothing tells one from the other. */
import { randomUUID } from 'node:crypto'
import { FaultsPlanted } from '@leeway/contract/planted-faults'
import { Committed, NextQuestion } from '@leeway/contract/review'
import { SplitReport } from '@leeway/contract/splits'
import { episodeLine } from '@leeway/core/episodes/formats/leeway-jsonl'
import { and, eq, inArray } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { assignments } from '../assignments/tables.ts'
import { chunksOf } from '../episodes/chunks.ts'
import { sampleEpisode, sampleStep } from '../episodes/sample-episode.ts'
import { storedEpisodes } from '../episodes/stored-episode.ts'
import { episodeChunks } from '../episodes/tables.ts'
import { raterCopies } from '../planted-faults/tables.ts'
import { ensureRater } from '../raters/ensure-rater.ts'
import { raters } from '../raters/tables.ts'
import { insertRatings } from '../ratings/stored-ratings.ts'
import { ratings } from '../ratings/tables.ts'
import { testDatabase } from '../testing/database.ts'
import { joinProject } from '../testing/join-project.ts'
import { logStatements } from '../testing/statement-log.ts'
import { testServer } from '../testing/test-server.ts'
import { skillEvidence } from '../vetting/skill-evidence.ts'
import { vetRaters } from '../vetting/vet-raters.ts'
import { openParts } from './open-parts.ts'
import { sameWords } from './same-words.ts'

const database = await testDatabase()
const server = await testServer(database.db, {
  rateLimits: { address: { burst: 1_000, perMinute: 1_000 }, key: { burst: 10_000, perMinute: 10_000 } },
})
const { effects, operatorToken: token } = server
const { db } = effects
const projectId = server.project.id
const log = logStatements()
afterAll(async () => {
  log.stop()
  await server.close()
  await database.close()
})

const KNOWN = 8
const WORK = 16
/** Of these copies are made, and they are asked about in no other way. */
const SPARE = 16
const PARTS = [
  { question: 'Is it the order that the customer named?' },
  { question: 'Is the amount what was paid?' },
]
const path = (rest: string) => `/api/projects/default${rest}`
const send = async (
  who: { readonly token: string } | { readonly cookie: string },
  rest: string,
  json?: object,
  method?: string,
) => {
  const answer = await server.request(path(rest), {
    ...who,
    ...(json === undefined ? {} : { json }),
    ...(method === undefined ? {} : { method }),
  })
  if (!answer.ok) throw new Error(`${rest}: ${answer.status} ${await answer.text()}`)
  return answer.json()
}
const admin = async (rest: string, json?: object, method?: string) =>
  (await send({ token }, rest, json, method)) as {
    readonly id: string
    readonly items: readonly { readonly id: string }[]
    readonly nodes: readonly { readonly criterion: { readonly sha256: string; readonly id: string } }[]
  }
const idsOf = async (policy: string) =>
  (await admin(`/episodes?policy=${policy}&limit=200`)).items.map(({ id }) => id)

let sha256 = ''
let parts: readonly string[] = []
let spare: readonly string[] = []

beforeAll(async () => {
  for (const [policy, many] of [
    ['known', KNOWN],
    ['work', WORK],
    ['spare', SPARE],
  ] as const) {
    const sent = await server.request(path(`/episodes/import?agent=desk&policy=${policy}`), {
      token,
      body: Array.from({ length: many }, (_, index) =>
        episodeLine(
          sampleEpisode(index, {
            instructions: `${policy} ${index}`,
            steps: [
              sampleStep(0, { content: 'Which order is it about?' }),
              sampleStep(1, {
                content: `Order ${index} has left us, and everything in it is as you wished.`,
              }),
            ],
          }),
        ),
      ).join('\n'),
      headers: { 'content-type': 'application/octet-stream' },
    })
    await sent.text()
  }
  const source = 'name: desk\nquestion: Did it do what the customer asked for?\nansweredBy: [human]\n'
  const rubric = (await admin('/rubrics', { agent: 'desk', source })).id
  const [root] = (await admin(`/rubrics/${rubric}`)).nodes
  sha256 = root?.criterion.sha256 ?? ''
  spare = await idsOf('spare')
  await admin('/review/questions', { rubric, episodes: await idsOf('work'), answersWanted: 20 })
  for (const episode of await idsOf('known'))
    await admin('/gold', { episode, criterionSha256: sha256, value: 'yes', explanation: '' })
  const made = FaultsPlanted.parse(
    await admin('/planted-faults', {
      rubric,
      criterion: root?.criterion.id,
      operator: 'invent-fact',
      value: 'no',
      episodes: spare,
    }),
  )
  for (const { id } of made.planted)
    await admin(`/planted-faults/${id}/review`, { accepted: true, reason: 'seen' })
  await admin('/vetting', { hiddenShare: 0.5, roundQuestions: 0, exposuresMax: 50, bar: 0.5, floor: 0.2 })
  await admin('/splits/rules', { share: 1 }, 'PUT')
  await admin('/splits', { rubric, criterionSha256: sha256, parts: PARTS })
  const { trees } = SplitReport.parse(await admin('/splits'))
  parts = trees[0]?.nodes.slice(1).map((node) => node.sha256) ?? []
}, 120_000)

/** A new rater, for whom known questions are drawn. */
async function join(name: string) {
  const cookie = await joinProject(server, 'rater', name)
  await send({ cookie }, '/inbox')
  await vetRaters(effects)
  const [rater] = await db.select().from(raters).where(eq(raters.name, name))
  const raterId = rater?.id ?? ''
  return {
    cookie,
    raterId,
    copies: await db.select().from(raterCopies).where(eq(raterCopies.raterId, raterId)),
  }
}

/** Others answer every part that is asked, and point at the second step. */
async function answerParts() {
  const asked = await db
    .select()
    .from(assignments)
    .where(inArray(assignments.criterionSha256, [...parts]))
  const rater = await ensureRater(db, effects, projectId, {
    kind: 'human',
    name: 'Another',
    family: 'people',
    definition: { name: 'Another' },
  })
  await insertRatings(
    db,
    asked.map(({ episodeId, criterionSha256, id }) => ({
      projectId,
      id: effects.newId(),
      episodeId,
      criterionSha256,
      raterId: rater.id,
      assignmentId: null,
      kind: 'answered',
      value: 'yes',
      comment: 'By the receipt.',
      evidence: [1],
      flagged: false,
      assistance: 'none',
      supersedes: null,
      commitKey: id,
      committedAt: effects.now(),
    })),
  )
}

test('the parts of the original of a copy are asked, and shown after the copy as after work', async () => {
  const rater = await join('Ann')
  expect(rater.copies.length).toBeGreaterThan(2)
  for (let round = 0; round < 4; round++) await openParts(effects)
  const openedFor = new Set(
    (
      await db
        .select()
        .from(assignments)
        .where(inArray(assignments.criterionSha256, [...parts]))
    ).map(({ episodeId }) => episodeId),
  )
  const originals = rater.copies.map(({ episodeId }) => episodeId)
  for (const id of originals) expect(openedFor.has(id)).toBe(true)
  // Nothing is asked of others about the copy itself.
  for (const { copyId } of rater.copies) expect(openedFor.has(copyId)).toBe(false)
  await answerParts()

  const { cookie } = rater
  const shown: { readonly isCopy: boolean; readonly words: string; readonly made: string }[] = []
  for (let turn = 0; turn < 60; turn++) {
    const { question } = NextQuestion.parse(await send({ cookie }, '/review/next', { mode: 'focus' }))
    if (question === null) break
    log.take()
    const text = JSON.stringify(
      await send({ cookie }, `/review/${question.assignmentId}/answer`, {
        commitKey: randomUUID(),
        answer: { kind: 'answered', value: 'no' },
        startedAt: effects.now().toISOString(),
        showsParts: true,
      }),
    )
    const made = log.take().join('\n')
    const committed = Committed.parse(JSON.parse(text))
    const isWhole = question.question.startsWith('Did it do')
    if (!isWhole) continue
    for (const { copyId } of rater.copies) expect(text).not.toContain(copyId)
    const isCopy = originals.includes(server.episodeOf(question.episodeId))
    const { rule, together, parts: views } = committed.parts ?? {}
    shown.push({ isCopy, words: JSON.stringify({ rule, together, views }), made })
  }
  const of = (isCopy: boolean, what: 'words' | 'made') =>
    new Set(shown.filter((one) => one.isCopy === isCopy).map((one) => one[what]))
  expect(shown.filter(({ isCopy }) => isCopy).length).toBeGreaterThan(2)
  expect(of(true, 'words').size).toBe(1)
  expect([...of(true, 'words')][0]).toContain('By the receipt.')
  expect(of(true, 'words')).toEqual(of(false, 'words'))
  // Nor does it take the server more.
  expect(of(true, 'made')).toEqual(of(false, 'made'))
}, 120_000)

test('of a copy the answer before the help shows the skill: the help tells of the original', async () => {
  const rater = await join('Ben')
  for (let round = 0; round < 4; round++) await openParts(effects)
  await answerParts()
  const { cookie } = rater
  const originals = rater.copies.map(({ episodeId }) => episodeId)
  const rightBefore = async () =>
    (await skillEvidence(db, projectId, rater.raterId)).map(({ right, answers }) => [right, answers])
  for (let turn = 0; turn < 60; turn++) {
    const { question } = NextQuestion.parse(await send({ cookie }, '/review/next', { mode: 'focus' }))
    if (question === null) break
    const { assignmentId } = question
    const says = (value: string, more: object = {}) => ({
      commitKey: randomUUID(),
      answer: { kind: 'answered', value },
      startedAt: effects.now().toISOString(),
      showsParts: true,
      ...more,
    })
    const first = Committed.parse(await send({ cookie }, `/review/${assignmentId}/answer`, says('no')))
    if (!originals.includes(server.episodeOf(question.episodeId)) || first.parts === null) continue
    const before = await rightBefore()
    // What others said of the original persuades the rater.
    await send({ cookie }, `/review/${assignmentId}/answer`, says('yes', { supersedes: first.ratingId }))
    const rows = await db
      .select()
      .from(ratings)
      .where(and(eq(ratings.assignmentId, assignmentId), eq(ratings.raterId, rater.raterId)))
    expect(rows.map(({ assistance }) => assistance).sort()).toEqual(['decomposition', 'none'])
    expect(await rightBefore()).toEqual(before)
    return
  }
  throw new Error('no copy came')
}, 120_000)

test('what is pointed at is where the same words stand in the copy; words that are gone are nowhere', async () => {
  const [original = ''] = spare
  const [stored] = await storedEpisodes(db, projectId, [original])
  if (stored === undefined) throw new Error('the original is there')
  const steps = stored.episode.steps.slice(1).map((step) => ({ ...step, ordinal: 0 }))
  const shorter = effects.newId()
  await db
    .insert(episodeChunks)
    .values(
      chunksOf({ ...stored.episode, steps }).map((chunk) => ({ projectId, episodeId: shorter, ...chunk })),
    )
  const stepHere = await sameWords(db, projectId, original, shorter)
  expect([0, 1, 7].map((step) => stepHere(step))).toEqual([[], [0], []])
})
