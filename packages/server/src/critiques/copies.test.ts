/** Where critiques are shown, planted copies have them as their originals have: nothing tells one from the other. */
import { randomUUID } from 'node:crypto'
import { CritiqueReport } from '@leeway/contract/critiques'
import { FaultsPlanted } from '@leeway/contract/planted-faults'
import { Committed, NextQuestion } from '@leeway/contract/review'
import type { Claim } from '@leeway/core/critiques/claim'
import { episodeLine } from '@leeway/core/episodes/formats/leeway-jsonl'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { chunksOf } from '../episodes/chunks.ts'
import { sampleEpisode, sampleStep } from '../episodes/sample-episode.ts'
import { storedEpisodes } from '../episodes/stored-episode.ts'
import { episodeChunks } from '../episodes/tables.ts'
import { plantedFaults, raterCopies } from '../planted-faults/tables.ts'
import { ensureRater } from '../raters/ensure-rater.ts'
import { raters } from '../raters/tables.ts'
import { insertRatings } from '../ratings/stored-ratings.ts'
import { testDatabase } from '../testing/database.ts'
import { joinProject } from '../testing/join-project.ts'
import { testServer } from '../testing/test-server.ts'
import { vetRaters } from '../vetting/vet-raters.ts'
import { claimsAbout } from './claims-about.ts'
import { writtenClaims } from './tables.ts'

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

const KNOWN = 12
const WORK = 24
const path = (rest: string) => `/api/projects/default${rest}`
const send = async (
  who: { readonly token: string } | { readonly cookie: string },
  rest: string,
  json?: object,
) => {
  const answer = await server.request(path(rest), { ...who, ...(json === undefined ? {} : { json }) })
  if (!answer.ok) throw new Error(`${rest}: ${answer.status} ${await answer.text()}`)
  return answer.json()
}
const admin = async (rest: string, json?: object) =>
  (await send({ token }, rest, json)) as {
    readonly id: string
    readonly questions: number
    readonly items: readonly { readonly id: string }[]
    readonly nodes: readonly { readonly criterion: { readonly sha256: string; readonly id: string } }[]
  }

/** What models say of the last step, and of the first one. */
const STANDS: Claim = {
  text: 'It promises too much.',
  severity: 'major',
  step: 1,
  quote: 'and everything in it is as you wished',
}
const GOES: Claim = {
  text: 'It was told too little.',
  severity: 'minor',
  step: 0,
  quote: 'Which order is it',
}

let sha256 = ''
let criterion = ''
let rubric = ''
let work: readonly string[] = []
let planted: readonly string[] = []
let model = ''

/** By the place of the episode: two in three were said something of. */
const hasClaims = (at: number) => at % 3 > 0
const judged = (episodeId: string, raterId: string, claims: readonly Claim[]) => ({
  projectId,
  id: effects.newId(),
  episodeId,
  criterionSha256: sha256,
  raterId,
  assignmentId: null,
  kind: 'answered',
  value: 'no',
  comment: '',
  evidence: [],
  claims: [...claims],
  flagged: false,
  assistance: 'none',
  supersedes: null,
  commitKey: randomUUID(),
  committedAt: effects.now(),
})

beforeAll(async () => {
  for (const [policy, many] of [
    ['known', KNOWN],
    ['work', WORK],
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
  const source = `name: desk
question: Is everything the agent says true?
answeredBy: [human, model]
combine: all
children:
  - id: polite
    question: Was it polite?
    answeredBy: [human, model]
`
  rubric = (await admin('/rubrics', { agent: 'desk', source })).id
  const [root] = (await admin(`/rubrics/${rubric}`)).nodes
  sha256 = root?.criterion.sha256 ?? ''
  criterion = root?.criterion.id ?? ''
  const idsOf = async (policy: string) =>
    (await admin(`/episodes?policy=${policy}&limit=200`)).items.map(({ id }) => id)
  work = await idsOf('work')
  const known = await idsOf('known')
  await admin('/review/questions', { rubric, criteria: [criterion], episodes: work, answersWanted: 20 })
  for (const episode of known)
    await admin('/gold', { episode, criterionSha256: sha256, value: 'yes', explanation: '' })
  await admin('/vetting', { hiddenShare: 0.5, roundQuestions: 0, exposuresMax: 50, bar: 0.5, floor: 0.2 })
  model = (
    await ensureRater(effects.db, effects, projectId, {
      kind: 'model',
      name: 'critic',
      family: 'test',
      definition: { model: 'test' },
    })
  ).id
  await insertRatings(
    effects.db,
    [...work, ...known].map((episode, at) => judged(episode, model, hasClaims(at % WORK) ? [STANDS] : [])),
  )
  const made = FaultsPlanted.parse(
    await admin('/planted-faults', {
      rubric,
      criterion,
      operator: 'invent-fact',
      value: 'no',
      episodes: work,
    }),
  )
  planted = made.planted.map(({ id }) => id)
  for (const id of planted) await admin(`/planted-faults/${id}/review`, { accepted: true, reason: 'seen' })
  await admin('/critiques', { share: 1 })
})

type Met = { readonly isCopy: boolean; readonly claims: number; readonly original: string }

/** A new rater, for whom known questions are drawn. */
async function join(name: string) {
  const cookie = await joinProject(server, 'rater', name)
  await send({ cookie }, '/inbox')
  await vetRaters(effects)
  const [rater] = await effects.db.select().from(raters).where(eq(raters.name, name))
  const copies = await effects.db
    .select()
    .from(raterCopies)
    .where(eq(raterCopies.raterId, rater?.id ?? ''))
  return { cookie, copies }
}

/** Answers everything, and tells what came after each. */
async function meetAll({ cookie, copies }: Awaited<ReturnType<typeof join>>): Promise<readonly Met[]> {
  const shown = new Set(copies.map(({ episodeId }) => episodeId))
  const met: Met[] = []
  for (;;) {
    const { question } = NextQuestion.parse(await send({ cookie }, '/review/next', { mode: 'focus' }))
    if (question === null) return met
    const { critique } = Committed.parse(
      await send({ cookie }, `/review/${question.assignmentId}/answer`, {
        commitKey: randomUUID(),
        answer: { kind: 'answered', value: 'yes' },
        startedAt: effects.now().toISOString(),
        showsCritique: true,
      }),
    )
    const original = server.episodeOf(question.episodeId)
    met.push({ isCopy: shown.has(original), claims: critique?.claims.length ?? 0, original })
  }
}

test('a copy is followed by a critique where its original is, and by as many claims', async () => {
  const met: Met[] = []
  for (const name of ['Ann', 'Ben', 'Col', 'Dot']) met.push(...(await meetAll(await join(name))))
  const copies = met.filter(({ isCopy }) => isCopy)
  expect(copies.length).toBeGreaterThan(12)
  for (const { original, claims } of met.filter((one) => work.includes(one.original)))
    expect(claims).toBe(hasClaims(work.indexOf(original)) ? 1 : 0)
  // The same share within what chance does: two in three.
  const share = (list: readonly Met[]) => list.filter(({ claims }) => claims > 0).length / list.length
  expect(Math.abs(share(copies) - share(met.filter(({ isCopy }) => !isCopy)))).toBeLessThan(0.25)
  // What is answered about copies is no work, and neither are the claims that came with it.
  const report = CritiqueReport.parse(await admin('/critiques'))
  const shown = met.filter(({ isCopy, claims }) => !isCopy && claims > 0).length
  expect(report.claims[0]?.shown).toBe(shown)
  expect(report.arms[0]?.answers).toBe(shown)
}, 120_000)

test('words that the copy has no more are quoted of it no more, and who judged the copy is heard of it alone', async () => {
  const at = work.findIndex((_, place) => hasClaims(place))
  const original = work[at] ?? ''
  const about = (episodeId: string) =>
    claimsAbout(effects.db, { projectId, episodeId, criterionSha256: sha256 })
  const another = await ensureRater(effects.db, effects, projectId, {
    kind: 'model',
    name: 'another critic',
    family: 'test',
    definition: { model: 'another' },
  })
  await insertRatings(effects.db, [judged(original, another.id, [GOES])])
  const textsOf = async (episodeId: string) => (await about(episodeId)).map(({ text }) => text)
  expect(await textsOf(original)).toEqual([STANDS.text, GOES.text])
  expect(await textsOf(planted[at] ?? '')).toEqual([STANDS.text, GOES.text])
  // A copy without the first step: the other claim is bound to where its words stand now.
  const [stored] = await storedEpisodes(effects.db, projectId, [original])
  if (stored === undefined) throw new Error('the original is there')
  const steps = stored.episode.steps.slice(1).map((step) => ({ ...step, ordinal: 0 }))
  const shorter = effects.newId()
  await effects.db.insert(plantedFaults).values({
    projectId,
    id: shorter,
    episodeId: original,
    criterionSha256: sha256,
    operator: 'skip-lookup',
    value: 'no',
    step: 0,
    stepCount: 1,
    errorCount: 0,
    actor: 'person:ada',
    at: effects.now(),
  })
  await effects.db
    .insert(episodeChunks)
    .values(
      chunksOf({ ...stored.episode, steps }).map((chunk) => ({ projectId, episodeId: shorter, ...chunk })),
    )
  expect((await about(shorter)).map(({ text, step }) => [text, step])).toEqual([[STANDS.text, 0]])
  await insertRatings(effects.db, [judged(shorter, model, [{ ...STANDS, text: 'Of the copy.' }])])
  expect(await textsOf(shorter)).toEqual(['Of the copy.'])
  expect(await textsOf(original)).toEqual([STANDS.text, GOES.text])
})

test('a judge is asked about accepted copies too, each about its own question', async () => {
  const judge = await admin('/judges', {
    name: 'asks',
    provider: 'openai-compatible',
    model: 'm',
    baseUrl: 'http://127.0.0.1:9/v1',
    usdPerMillion: { input: 0, output: 0 },
  })
  const run = await admin('/judges/runs', { judge: judge.id, rubric, episodesMax: 200 })
  expect(run.questions).toBe(2 * (KNOWN + WORK) + planted.length)
  const few = await admin('/judges/runs', { judge: judge.id, rubric, criteria: ['polite'], episodesMax: 200 })
  expect(few.questions).toBe(KNOWN + WORK)
})

test('who writes about a drawn copy as a critic reads the copy, and is asked about neither', async () => {
  const rater = await join('Eve')
  expect(rater.copies.length).toBeGreaterThan(2)
  for (const { episodeId } of rater.copies)
    await send({ cookie: rater.cookie }, '/critiques/written', {
      episode: server.aliasOf(episodeId),
      criterionSha256: sha256,
      ...STANDS,
    })
  const rows = await effects.db.select().from(writtenClaims)
  expect(new Set(rows.map(({ episodeId }) => episodeId))).toEqual(
    new Set(rater.copies.map(({ copyId }) => copyId)),
  )
  const { progress } = NextQuestion.parse(
    await send({ cookie: rater.cookie }, '/review/next', { mode: 'focus' }),
  )
  const met = await meetAll(rater)
  expect(met.filter(({ isCopy }) => isCopy)).toEqual([])
  // What was to come was told right.
  expect(met).toHaveLength(progress.total)
})
