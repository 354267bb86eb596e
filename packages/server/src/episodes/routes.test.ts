import { gzipSync } from 'node:zlib'
import { EpisodePage, ImportEvent, RedactionPreview, StepBodies, StepIndex } from '@leeway/contract/episodes'
import { AgentList, DeclaredPolicy, PolicyList } from '@leeway/contract/policies'
import { Problem } from '@leeway/contract/problem'
import { episodeLine } from '@leeway/core/episodes/formats/leeway-jsonl'
import { afterAll, expect, test } from 'vitest'
import { createProject } from '../projects/create-project.ts'
import { testDatabase } from '../testing/database.ts'
import { testServer } from '../testing/test-server.ts'
import { sampleEpisode, sampleStep } from './sample-episode.ts'

const database = await testDatabase()
const server = await testServer(database.db)
afterAll(async () => {
  await server.close()
  await database.close()
})

const { project: other } = await createProject(
  server.effects,
  { slug: 'other', name: 'Other' },
  { actor: 'test' },
)
const admin = await server.key(['read', 'ingest', 'admin'])
const ingest = await server.key(['ingest'])
const rater = await server.key(['rate'])
const stranger = await server.key(['read', 'ingest', 'admin'], other)

const bytes = (text: string) => new Uint8Array(Buffer.from(text))
const lines = (...numbers: number[]) => numbers.map((number) => episodeLine(sampleEpisode(number))).join('\n')

type Uploaded = {
  readonly status: number
  readonly events: readonly ImportEvent[]
  readonly last: ImportEvent | Problem
}

async function upload(
  query: string,
  body: Uint8Array<ArrayBuffer>,
  token = ingest,
  project = 'default',
): Promise<Uploaded> {
  const answer = await server.request(`/api/projects/${project}/episodes/import?${query}`, {
    token,
    body,
    headers: { 'content-type': 'application/octet-stream' },
  })
  const text = await answer.text()
  if (answer.status !== 200)
    return { status: answer.status, events: [], last: Problem.parse(JSON.parse(text)) }
  const lines = text.trimEnd().split('\n')
  const events = lines.map((line) => ImportEvent.parse(JSON.parse(line)))
  return { status: answer.status, events, last: events.at(-1)! }
}

async function get<Value>(
  path: string,
  schema: { parse: (value: unknown) => Value },
  token = admin,
): Promise<Value> {
  const answer = await server.request(`/api/projects/default${path}`, { token })
  expect(answer.status).toBe(200)
  return schema.parse(await answer.json())
}

test('a file comes in once, whatever it is called and however it is packed', async () => {
  const text = lines(1, 2, 3, 4)
  const first = await upload('agent=desk&policy=one&file=a.jsonl', bytes(text))
  expect(first.events.map(({ kind }) => kind)).toEqual(['progress', 'summary'])
  expect(first.last).toMatchObject({
    added: 4,
    known: 0,
    refused: 0,
    outcomes: 4,
    successes: 3,
    format: 'leeway',
  })
  const packed = new Uint8Array(gzipSync(text))
  const second = await upload('agent=desk&policy=one&file=b.jsonl.gz', packed)
  expect(second.last).toMatchObject({ added: 0, known: 4, bytesRead: packed.length })
})

test('a bad record in the middle is reported with file and line, and loses nothing else', async () => {
  const text = [
    lines(11),
    '{"steps": 7}',
    'not JSON',
    lines(12),
    '{"steps":[],"outcome":{"success":"1"}}',
    lines(13),
  ].join('\n')
  const { last, events } = await upload('agent=desk&policy=bad&file=bad.jsonl', bytes(text))
  expect(last).toMatchObject({ kind: 'summary', added: 3, refused: 3 })
  const problems = events.filter((event) => event.kind === 'problem')
  expect(problems.map(({ file, line, index }) => [file, line, index])).toEqual([
    ['bad.jsonl', 2, 1],
    ['bad.jsonl', 3, 2],
    ['bad.jsonl', 5, 4],
  ])
  expect(problems[2]?.field).toBe('outcome.success')
})

test('a file cut off in the middle of its gzip keeps what came before', async () => {
  const packed = gzipSync(lines(...Array.from({ length: 400 }, (_, n) => n)))
  const cut = new Uint8Array(packed.subarray(0, packed.length - 40))
  const { last } = await upload('agent=desk&policy=cut', cut)
  expect(last).toMatchObject({ kind: 'summary' })
  const summary = last as Extract<ImportEvent, { kind: 'summary' }>
  expect(summary.added).toBeGreaterThan(100)
  expect(summary.problems.at(-1)?.reason).toMatch(/cut off/)
})

test('lists, headers, index and bodies of what was imported', async () => {
  const episode = sampleEpisode(50, {
    instructions: 'A long one.',
    steps: Array.from({ length: 700 }, (_, n) => sampleStep(n)),
  })
  await upload('agent=desk&policy=long', bytes(episodeLine(episode)))
  const page = await get('/episodes?policy=long', EpisodePage)
  expect(page.items).toHaveLength(1)
  const [header] = page.items
  expect(header).toMatchObject({ title: 'A long one.', policyName: 'long', stepCount: 700 })
  const index = await get(`/episodes/${header!.id}/steps`, StepIndex)
  expect(index.count).toBe(700)
  const bodies = await get(`/episodes/${header!.id}/steps/bodies?from=690&count=5`, StepBodies)
  expect(bodies.steps.map(({ ordinal }) => ordinal)).toEqual([690, 691, 692, 693, 694])
  expect(bodies.nextFrom).toBe(695)

  const first = await get('/episodes?limit=3', EpisodePage)
  const second = await get(`/episodes?limit=3&cursor=${first.nextCursor}`, EpisodePage)
  expect(new Set([...first.items, ...second.items].map(({ id }) => id)).size).toBe(6)

  const agents = await get('/agents', AgentList)
  expect(agents.items[0]).toMatchObject({ name: 'desk' })
  const policies = await get('/policies', PolicyList)
  const one = policies.items.find(({ name }) => name === 'one')
  expect(one).toMatchObject({
    declared: false,
    configSha256: '',
    episodes: 4,
    success: { rate: 0.75, episodes: 4 },
  })
})

test('a rater sees steps and title, and nothing of policy, agent, task, outcome or model', async () => {
  const secret = sampleEpisode(60, {
    instructions: 'Seen by raters.',
    taskKey: 'hidden-task',
    userKey: 'hidden-user',
    sourceId: 'hidden-source',
    outcome: { success: 1, severe: true, detail: 'hidden-detail' },
    steps: [
      sampleStep(0, { kind: 'system', content: 'hidden-prompt' }),
      sampleStep(1, { kind: 'generation', name: 'hidden-model', content: 'hidden-attributes' }),
      sampleStep(2, { kind: 'tool_call', name: 'find_order', content: { order: 1 } }),
      sampleStep(3, { content: 'The answer.' }),
    ],
  })
  await upload('agent=hidden-agent&policy=hidden-policy', bytes(episodeLine(secret)))
  const page = await get('/episodes?policy=hidden-policy', EpisodePage)
  const { id } = page.items[0]!
  const seen: string[] = []
  const alias = server.aliasOf(id)
  expect(
    (await server.request(`/api/projects/default/episodes/${id}`, { token: rater })).status,
    'the id itself tells when it was imported',
  ).toBe(404)
  for (const path of [
    '/episodes',
    `/episodes/${alias}`,
    `/episodes/${alias}/steps`,
    `/episodes/${alias}/steps/bodies`,
  ]) {
    const answer = await server.request(`/api/projects/default${path}`, { token: rater })
    expect(answer.status).toBe(200)
    seen.push(await answer.text())
    // Who may see more sees the same when asking as a rater: the review page does.
    if (path === '/episodes') continue
    const asRater = await server.request(`/api/projects/default${path}?as=rater`, { token: admin })
    expect(await asRater.text()).toBe(seen.at(-1))
  }
  expect(seen.join('\n')).not.toContain(id)
  expect(seen.join('\n')).not.toMatch(/hidden|"policy|"agent|"success|"severe|"unitKey|"taskKey|"contentHash/)
  expect(seen[1]).toContain('Seen by raters.')
  expect(seen[2]).toContain('find_order')
  expect(seen[3]).toContain('The answer.')
  // A filter must not tell what the answer hides.
  const filtered = await server.request('/api/projects/default/episodes?policy=hidden-policy&limit=200', {
    token: rater,
  })
  expect(((await filtered.json()) as { items: unknown[] }).items.length).toBeGreaterThan(1)
  for (const path of ['/policies', '/agents', '/episode-rules'])
    expect((await server.request(`/api/projects/default${path}`, { token: rater })).status).toBe(403)
})

test('nothing of a project is there for another, on any route', async () => {
  const page = await get('/episodes?limit=1', EpisodePage)
  const id = page.items[0]!.id
  for (const path of ['', '/steps', '/steps/bodies']) {
    const foreign = await server.request(`/api/projects/other/episodes/${id}${path}`, { token: stranger })
    expect(foreign.status).toBe(404)
    const trespass = await server.request(`/api/projects/default/episodes/${id}${path}`, { token: stranger })
    expect(trespass.status).toBe(404)
  }
  const erase = await server.request(`/api/projects/other/episodes/${id}/erase`, {
    token: stranger,
    json: { reason: 'not mine' },
  })
  expect(erase.status).toBe(404)
  for (const path of ['episodes', 'policies', 'agents']) {
    const answer = await server.request(`/api/projects/other/${path}`, { token: stranger })
    expect(((await answer.json()) as { items: unknown[] }).items).toHaveLength(0)
  }
  const policies = await get('/policies', PolicyList)
  const stolen = await upload(`policyId=${policies.items[0]!.id}`, bytes(lines(1)), stranger, 'other')
  expect(stolen.status).toBe(404)
})

test('erasing needs an admin and a reason, answers once, and the file does not bring it back', async () => {
  await upload('agent=desk&policy=erase', bytes(lines(1, 2)))
  const page = await get('/episodes?policy=erase', EpisodePage)
  const path = `/api/projects/default/episodes/${page.items[0]!.id}/erase`
  expect((await server.request(path, { token: ingest, json: { reason: 'asked for' } })).status).toBe(403)
  expect((await server.request(path, { token: admin, json: {} })).status).toBe(400)
  expect((await server.request(path, { token: admin, json: { reason: 'asked for' } })).status).toBe(200)
  expect((await server.request(path, { token: admin, json: { reason: 'asked for' } })).status).toBe(410)
  for (const rest of ['', '/steps', '/steps/bodies']) {
    const gone = await server.request(path.replace('/erase', rest), { token: admin })
    expect(gone.status).toBe(410)
  }
  expect((await upload('agent=desk&policy=erase', bytes(lines(1, 2)))).last).toMatchObject({
    known: 1,
    erased: 1,
  })
})

test('redaction: try rules on a file, set them, and the next import obeys', async () => {
  const text = episodeLine(
    sampleEpisode(70, {
      taskKey: 'previewed',
      steps: [sampleStep(0, { content: { mail: 'ann@example.com', text: 'or bob@example.com' } })],
    }),
  )
  const rules = [
    { kind: 'pattern', label: 'email', pattern: '[\\w.]+@[\\w.]+' },
    { kind: 'field', label: 'name', path: 'steps[*].content.name' },
  ]
  const preview = await server.request(
    `/api/projects/default/episodes/import/preview?rules=${encodeURIComponent(JSON.stringify(rules))}`,
    { token: ingest, body: bytes(text), headers: { 'content-type': 'application/octet-stream' } },
  )
  const shown = RedactionPreview.parse(await preview.json())
  expect(shown).toMatchObject({ episodes: 1, refused: 0, partial: false })
  expect(shown.rules[0]).toMatchObject({ label: 'email', removed: 2, episodes: 1 })
  expect(shown.rules[0]?.examples[0]).toEqual({
    episode: 0,
    path: 'steps[0].content.mail',
    masked: 'a… (15 characters)',
  })
  expect(shown.rules[1]).toMatchObject({ removed: 0, examples: [] })
  expect((await get('/episodes?task=previewed', EpisodePage)).items).toHaveLength(0)

  const set = (body: unknown, token = admin) =>
    server.request('/api/projects/default/episode-rules', { method: 'PUT', token, json: body })
  expect((await set({ redaction: rules, retentionDays: 90 }, ingest)).status).toBe(403)
  const bad = await set({
    redaction: [{ kind: 'pattern', label: 'x', pattern: '(a+)+' }],
    retentionDays: null,
  })
  expect(bad.status).toBe(400)
  expect(Problem.parse(await bad.json())).toMatchObject({ field: 'redaction[0].pattern' })
  expect((await set({ redaction: rules, retentionDays: 90 })).status).toBe(200)
  await upload('agent=desk&policy=redacted', bytes(text))
  const page = await get('/episodes?policy=redacted', EpisodePage)
  expect(page.items[0]?.redactionCount).toBe(2)
  const { steps } = await get(`/episodes/${page.items[0]!.id}/steps/bodies`, StepBodies)
  expect(steps[0]?.content).toEqual({ mail: '[redacted:email]', text: 'or [redacted:email]' })
  await set({ redaction: [], retentionDays: null })
})

test('a declared policy is known by its configuration', async () => {
  const declare = async (config: unknown) => {
    const answer = await server.request('/api/projects/default/policies', {
      token: ingest,
      json: { agent: 'desk', name: 'v1', config },
    })
    return DeclaredPolicy.parse(await answer.json())
  }
  const first = await declare({ model: 'm', temperature: 0 })
  expect(await declare({ temperature: 0, model: 'm' })).toEqual({ ...first, added: false })
  expect((await declare({ model: 'm', temperature: 1 })).id).not.toBe(first.id)
  await upload(`policyId=${first.id}`, bytes(lines(80)))
  const page = await get(`/episodes?policy=${first.id}`, EpisodePage)
  expect(page.items[0]).toMatchObject({ policyName: 'v1', policyDeclared: true, agentName: 'desk' })
})

const SPAN = {
  traceId: 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
  spanId: 'bbbbbbbbbbbbbbbb',
  name: 'invoke_agent desk',
  startTimeUnixNano: '1768000000000000000',
  endTimeUnixNano: '1768000001000000000',
  attributes: [
    { key: 'gen_ai.operation.name', value: { stringValue: 'invoke_agent' } },
    { key: 'gen_ai.agent.name', value: { stringValue: 'traced-desk' } },
    {
      key: 'gen_ai.input.messages',
      value: { stringValue: '[{"role":"user","parts":[{"type":"text","content":"Where is my order?"}]}]' },
    },
  ],
}

test('OTLP: traces in, partial success out, at the address exporters know', async () => {
  const body = JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [SPAN] }] }] })
  const headers = { 'content-type': 'application/json' }
  const sent = await server.request('/v1/traces', { token: ingest, body, headers })
  expect([sent.status, await sent.json()]).toEqual([200, {}])
  const page = await get('/episodes?agent=traced-desk', EpisodePage)
  expect(page.items[0]).toMatchObject({ sourceId: SPAN.traceId, format: 'otlp', durationMs: 1_000 })
  // Sent again, as exporters do after a lost answer.
  const again = await server.request('/api/projects/default/v1/traces', { token: ingest, body, headers })
  expect(await again.json()).toEqual({})
  expect((await get('/episodes?agent=traced-desk', EpisodePage)).items).toHaveLength(1)

  const changed = JSON.stringify({
    resourceSpans: [{ scopeSpans: [{ spans: [{ ...SPAN, endTimeUnixNano: '1768000002000000000' }] }] }],
  })
  const partial = await server.request('/v1/traces', { token: ingest, body: changed, headers })
  const answer = (await partial.json()) as { partialSuccess: { rejectedSpans: number; errorMessage: string } }
  expect(answer.partialSuccess.rejectedSpans).toBe(1)
  expect(answer.partialSuccess.errorMessage).toContain('other content')

  const elsewhere = await server.request('/v1/traces', { token: stranger, body, headers })
  expect(elsewhere.status).toBe(200)
  expect((await get('/episodes?agent=traced-desk', EpisodePage)).items).toHaveLength(1)
  expect((await server.request('/v1/traces', { token: rater, body, headers })).status).toBe(403)
})

test('an import without an agent refuses each record with what to do', async () => {
  const { last } = await upload('', bytes(lines(1)))
  expect(last).toMatchObject({ added: 0, refused: 1 })
  expect((last as Extract<ImportEvent, { kind: 'summary' }>).problems[0]?.fix).toContain('--agent')
  expect((await upload('agent=desk', bytes(lines(1)), rater)).status).toBe(403)
})
