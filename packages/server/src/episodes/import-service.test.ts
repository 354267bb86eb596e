import type { ImportEvent } from '@leeway/contract/episodes'
import type { Episode } from '@leeway/core/episodes/episode'
import { and, eq, sql } from 'drizzle-orm'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { policies } from '../policies/tables.ts'
import { projects } from '../projects/tables.ts'
import { type TestEffects, testDatabase, testEffects } from '../testing/database.ts'
import { inflate } from './chunks.ts'
import { showEpisode, showStepBodies } from './episode-views.ts'
import { eraseEpisode } from './erase-episode.ts'
import { type ImportInput, importEpisodes, startImport } from './import-service.ts'
import { sampleEpisode, sampleStep } from './sample-episode.ts'
import { CHUNK_KIND, episodeChunks, episodeImports, episodes } from './tables.ts'

const database = await testDatabase()
afterAll(database.close)

let effects: TestEffects
let projectId: string
let made = 0

async function makeProject(redaction: unknown = []): Promise<string> {
  made += 1
  const id = effects.newId()
  await effects.db.insert(projects).values({
    id,
    slug: `p-${made}`,
    name: `P ${made}`,
    retentionDays: null,
    redaction,
    createdAt: effects.now(),
  })
  return id
}

beforeEach(async () => {
  effects = testEffects(database.db, { seed: `import ${made}` })
  projectId = await makeProject()
})

function load(list: Iterable<Episode>, more: Partial<ImportInput> = {}) {
  return importEpisodes(effects, {
    projectId,
    actor: 'system:test',
    agent: 'desk',
    policy: 'one',
    fileName: 'test.jsonl',
    source: { episodes: list },
    ...more,
  })
}

const range = (count: number) => Array.from({ length: count }, (_, number) => number)
const storedCount = () =>
  effects.db.select({ id: episodes.id }).from(episodes).where(eq(episodes.projectId, projectId))

test('the same file again adds nothing and says so', async () => {
  const file = range(1_200).map((number) => sampleEpisode(number))
  const first = await load(file)
  expect(first).toMatchObject({ added: 1_200, known: 0, refused: 0, outcomes: 1_200, successes: 900 })
  const second = await load(file, { fileName: 'renamed.jsonl' })
  expect(second).toMatchObject({ added: 0, known: 1_200, refused: 0, outcomes: 1_200, successes: 900 })
  expect(await storedCount()).toHaveLength(1_200)
})

test('two equal records of one file are two episodes, also when the file comes again', async () => {
  const twin = sampleEpisode(7)
  expect(await load([twin, sampleEpisode(8), twin])).toMatchObject({ added: 3, known: 0 })
  expect(await load([twin, twin, sampleEpisode(8)])).toMatchObject({ added: 0, known: 3 })
  expect(await load([twin, twin, twin])).toMatchObject({ added: 1, known: 2 })
})

test('equal content of two tasks, or of two source ids, is two episodes in whatever file each comes', async () => {
  const content = sampleEpisode(1)
  expect(await load([{ ...content, taskKey: 'a' }])).toMatchObject({ added: 1 })
  expect(await load([{ ...content, taskKey: 'b' }])).toMatchObject({ added: 1, known: 0 })
  expect(await load([{ ...content, sourceId: 'x' }])).toMatchObject({ added: 1, known: 0 })
  expect(await load([{ ...content, sourceId: 'y' }])).toMatchObject({ added: 1, known: 0 })
})

test('the same source id with other content is refused with both hashes, and loses no neighbour', async () => {
  await load([sampleEpisode(1, { sourceId: 'conversation-1' })])
  const changed = sampleEpisode(1, { sourceId: 'conversation-1', instructions: 'Something else.' })
  const summary = await load([sampleEpisode(2), changed, sampleEpisode(3)])
  expect(summary).toMatchObject({ added: 2, known: 0, refused: 1 })
  const hashes = summary.problems[0]?.reason.match(/[0-9a-f]{64}/g) ?? []
  expect(new Set(hashes).size).toBe(2)
  expect(summary.problems[0]).toMatchObject({ file: 'test.jsonl', index: 1, field: 'sourceId' })
  const stored = await effects.db.select().from(episodes).where(eq(episodes.sourceId, 'conversation-1'))
  expect(stored[0]?.contentHash).toBe(hashes[0])
})

test('of two records with one source id in one file the first wins', async () => {
  const first = sampleEpisode(1, { sourceId: 's', instructions: 'zzz first' })
  const second = sampleEpisode(1, { sourceId: 's', instructions: 'aaa second' })
  expect(await load([first, second, first])).toMatchObject({ added: 1, known: 1, refused: 1 })
  const [stored] = await effects.db
    .select()
    .from(episodes)
    .where(and(eq(episodes.projectId, projectId), eq(episodes.sourceId, 's')))
  expect(stored?.title).toBe('zzz first')
})

test('two policies may show equal episodes', async () => {
  const file = range(5).map((number) => sampleEpisode(number, { sourceId: `s${number}` }))
  expect(await load(file, { policy: 'one' })).toMatchObject({ added: 5 })
  expect(await load(file, { policy: 'two' })).toMatchObject({ added: 5, known: 0 })
})

test('two imports of one file at once add every episode once', async () => {
  const file = range(1_500).map((number) =>
    sampleEpisode(number, number % 3 === 0 ? { sourceId: `s${number}` } : {}),
  )
  const summaries = await Promise.all([load(file), load([...file].reverse()), load(file)])
  expect(summaries.reduce((sum, { added }) => sum + added, 0)).toBe(1_500)
  expect(summaries.reduce((sum, { known }) => sum + known, 0)).toBe(3_000)
  expect(await storedCount()).toHaveLength(1_500)
})

test('a record the database cannot hold is refused alone', async () => {
  // Longer than an index entry may be, and it does not compress.
  const long = Array.from({ length: 4_000 }, (_, at) =>
    String.fromCodePoint(0x4e00 + ((at * 7919) % 20_000)),
  ).join('')
  const summary = await load([
    ...range(20).map((n) => sampleEpisode(n)),
    sampleEpisode(99, { sourceId: long }),
  ])
  expect(summary).toMatchObject({ added: 20, refused: 1 })
  expect(summary.problems[0]?.index).toBe(20)
  expect(summary.problems[0]?.reason).toContain('cannot hold')
})

test('an erased episode is not taken in again, and is counted', async () => {
  await load([sampleEpisode(1), sampleEpisode(2)])
  const [one] = await storedCount()
  const erased = await eraseEpisode(effects, {
    projectId,
    episodeId: one!.id,
    actor: 'person:ada',
    reason: 'asked for by the customer',
  })
  expect(erased.ledgerSeq).toBeGreaterThan(0)
  expect(await load([sampleEpisode(1), sampleEpisode(2)])).toMatchObject({ added: 0, known: 1, erased: 1 })
  expect(await storedCount()).toHaveLength(1)
  const chunks = await effects.db.select().from(episodeChunks).where(eq(episodeChunks.episodeId, one!.id))
  expect(chunks).toHaveLength(0)
})

test('problems: the first hundred in full, all of them counted', async () => {
  const nameless = range(130).map((number) => sampleEpisode(number))
  const events: ImportEvent[] = []
  const input = {
    projectId,
    actor: 'system:test',
    fileName: 'f',
    source: { episodes: [...nameless, sampleEpisode(1, { agentName: 'desk' })] },
  }
  for await (const event of await startImport(effects, input)) events.push(event)
  expect(events.filter(({ kind }) => kind === 'problem')).toHaveLength(100)
  const summary = events.at(-1)!
  expect(summary).toMatchObject({ kind: 'summary', added: 1, refused: 130, problemsLeftOut: 30 })
  const [record] = await effects.db
    .select()
    .from(episodeImports)
    .where(eq(episodeImports.projectId, projectId))
  expect(record).toMatchObject({ added: 1, refused: 130, actor: 'system:test' })
})

test('what a progress line counts is committed, also when the source breaks off later', async () => {
  async function* broken(): AsyncGenerator<Episode> {
    for (let number = 0; number < 1_000; number++) yield sampleEpisode(number)
    throw new Error('connection lost')
  }
  let acknowledged = 0
  const input = {
    projectId,
    actor: 'system:test',
    agent: 'desk',
    fileName: 'f',
    source: { episodes: broken() },
  }
  const events: ImportEvent[] = []
  for await (const event of await startImport(effects, input)) {
    events.push(event)
    if (event.kind !== 'progress') continue
    acknowledged = event.added
    // Asked over another connection: committed is committed.
    expect((await storedCount()).length).toBeGreaterThanOrEqual(acknowledged)
  }
  expect(acknowledged).toBeGreaterThan(0)
  expect(events.at(-1)).toMatchObject({ kind: 'failed' })
})

test('without configuration the policy is undeclared; a configuration in the record declares it', async () => {
  await load([sampleEpisode(1)], { policy: undefined })
  await load([sampleEpisode(2, { policyName: 'v2', policyConfig: { model: 'm', temperature: 0 } })], {
    policy: undefined,
  })
  const found = await effects.db
    .select()
    .from(policies)
    .where(eq(policies.projectId, projectId))
    .orderBy(policies.name)
  expect(found.map(({ name, declared, configSha256 }) => [name, declared, configSha256.length])).toEqual([
    ['unnamed', false, 0],
    ['v2', true, 64],
  ])
})

test('an unknown policy is refused before anything is read', async () => {
  await expect(load([sampleEpisode(1)], { policyId: effects.newId() })).rejects.toMatchObject({
    code: 'not_found',
  })
  await expect(load([sampleEpisode(1)], { agent: 'two\nlines' })).rejects.toMatchObject({
    code: 'bad_request',
  })
})

test('redaction comes before the hash and before the first write', async () => {
  projectId = await makeProject([
    { kind: 'pattern', label: 'email', pattern: '[a-z0-9.]+@[a-z0-9.]+' },
    { kind: 'field', label: 'card', path: 'steps[*].content.card' },
  ])
  const withSecrets = (mail: string, card: string) =>
    sampleEpisode(1, {
      instructions: `Write to ${mail}.`,
      userKey: mail,
      steps: [
        sampleStep(0, {
          kind: 'tool_call',
          name: 'pay',
          content: { card, note: { [mail]: mail } },
          error: `no ${mail}`,
        }),
      ],
      outcome: { success: 1, severe: false, detail: { contact: mail } },
    })
  const summary = await load([withSecrets('ann.secret@example.com', '4111-1111')])
  expect(summary).toMatchObject({ added: 1, redactions: 7 })

  const rows = await effects.db.select().from(episodeChunks).where(eq(episodeChunks.projectId, projectId))
  const all = [
    ...rows.map(({ content }) => inflate(content)),
    JSON.stringify(await effects.db.select().from(episodes).where(eq(episodes.projectId, projectId))),
  ].join('\n')
  expect(all).not.toMatch(/secret|4111/)
  expect(all).toContain('[redacted:card]')
  // Nothing of it in the table's bytes either, under whatever encoding PostgreSQL keeps them.
  const raw = await effects.db.execute(
    sql`select 1 from episodes where project_id = ${projectId} and episodes::text like '%secret%'`,
  )
  expect(raw.rows).toHaveLength(0)

  // The hash is of the redacted text: another card number is the same episode, and there it is known.
  expect(await load([withSecrets('ann.secret@example.com', '5500-0000')])).toMatchObject({
    added: 0,
    known: 1,
  })
  // Another user stays another user.
  await load([{ ...withSecrets('bob.secret@example.com', ''), taskKey: 'other' }])
  const units = await effects.db
    .select({ unitKey: episodes.unitKey })
    .from(episodes)
    .where(eq(episodes.projectId, projectId))
  expect(new Set(units.map(({ unitKey }) => unitKey)).size).toBe(2)
  for (const { unitKey } of units) expect(unitKey).toMatch(/^user:\[redacted:email:[0-9a-f]{16}\]$/)
})

test('broken rules stop an import', async () => {
  projectId = await makeProject([{ kind: 'pattern', label: 'bad', pattern: '(a+)+b' }])
  await expect(load([sampleEpisode(1)])).rejects.toMatchObject({ code: 'bad_request' })
  expect(await storedCount()).toHaveLength(0)
})

test('what was stored reads back whole', async () => {
  const steps = range(600).map((ordinal) =>
    sampleStep(ordinal, {
      logprobs: ordinal === 300 ? [-0.5, -1] : null,
      content: { text: `ö${ordinal}`, deep: [null, 1.5] },
    }),
  )
  await load([sampleEpisode(1, { steps })])
  const [one] = await storedCount()
  const found = []
  for (let from: number | null = 0; from !== null; ) {
    const answer = await showStepBodies(effects.db, projectId, one!.id, from, 256)
    found.push(...answer.steps)
    from = answer.nextFrom
  }
  expect(found).toEqual(steps.map(({ logprobs: _, ...step }) => step))
  const logprobs = await effects.db
    .select()
    .from(episodeChunks)
    .where(and(eq(episodeChunks.episodeId, one!.id), eq(episodeChunks.kind, CHUNK_KIND.logprobs)))
  expect(logprobs.map(({ ordinal, content }) => [ordinal, JSON.parse(inflate(content))[300 - 256]])).toEqual([
    [256, [-0.5, -1]],
  ])
  expect(await showEpisode(effects.db, projectId, one!.id)).toMatchObject({
    instructions: 'Help customer 1 with an order.',
    stepCount: 600,
    hasBody: true,
    agentName: 'desk',
    policyName: 'one',
    policyDeclared: false,
  })
  const other = await makeProject()
  expect(await showEpisode(effects.db, other, one!.id)).toBeNull()
  expect((await showStepBodies(effects.db, other, one!.id, 0, 10)).steps).toHaveLength(0)
})
