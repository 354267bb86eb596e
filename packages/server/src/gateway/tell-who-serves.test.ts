/** Headers that tell who serves: nothing unless the contract says so, and the truth where it does. */
import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import type { AutonomyContract, Tells } from '@leeway/core/autonomy/contract'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { releases } from '../releases/tables.ts'
import { testDatabase } from '../testing/database.ts'
import { moveRelease } from '../testing/move-release.ts'
import { DESK_TOOLS, testGateway } from '../testing/test-gateway.ts'

const database = await testDatabase({ connectionsMax: 12 })
const world = await testGateway(database.db)
const { upstream, candidateUpstream } = world
const { effects, project } = world.server
afterAll(async () => {
  await world.close()
  await database.close()
})

const terms = {
  tools: [...DESK_TOOLS, { name: 'wire', stakes: 'costly' as const }],
  grant: { stakes: 'costly' as const },
}
let release: typeof releases.$inferSelect

beforeAll(async () => {
  await world.contract(terms)
  await world.api('/policies', { agent: 'desk', name: 'v3 – ü 100%', config: { prompt: 'v3' } })
  await world.api('/gateway/servings', { agent: 'desk', policy: 'v3 – ü 100%', upstream: 'two', model: 'm' })
  const { id } = (await world.api('/releases', {
    agent: 'desk',
    baseline: 'v1',
    candidate: 'v3 – ü 100%',
    unitSource: 'stream',
  })) as { id: string }
  release = (await database.db.select().from(releases).where(eq(releases.id, id)))[0] as typeof release
  await move('promote', 'sample-2')
})
beforeEach(() => {
  upstream.otherwise(() => ({ text: 'From the baseline.' }))
  candidateUpstream.otherwise(() => ({ text: 'From the candidate.' }))
})
async function move(kind: 'promote' | 'rollback', toStage: string) {
  await moveRelease(effects, release, kind, { to: toStage })
  await world.gateway.refresh()
}
const tells = (...what: readonly Tells[]) => world.contract({ ...terms, tells: [...what] })

/** As it came over the wire, before any client folds or sorts it. */
async function wire(conversation: string, path: string, body: object) {
  const asked = request(`${world.url}${path}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${world.key}`,
      'content-type': 'application/json',
      'x-leeway-conversation-id': conversation,
    },
  })
  asked.end(JSON.stringify({ model: 'desk', ...body }))
  const [response] = (await once(asked, 'response')) as [IncomingMessage]
  const { rawHeaders } = response
  let text = ''
  for await (const piece of response) text += String(piece)
  const names = rawHeaders.filter((_, at) => at % 2 === 0)
  const { 'x-leeway-policy': policy, 'x-leeway-stage': stage } = response.headers
  return { text, names, said: rawHeaders.join('\n'), policy, stage }
}
const messages = [{ role: 'user', content: 'Hi' }]
const WAYS = [
  ['/v1/chat/completions', { messages }],
  ['/v1/chat/completions', { messages, stream: true }],
  ['/v1/responses', { input: 'Hi' }],
  ['/v1/responses', { input: 'Hi', stream: true }],
] as const
/** One conversation of each; each block of two has one of the candidate's. */
async function ofBoth(name: string) {
  const found = new Map<string, string>()
  for (let at = 0; at < 4; at++) {
    const { text } = await wire(`${name}-${at}`, '/v1/chat/completions', { messages })
    found.set(text.includes('From the candidate.') ? 'candidate' : 'baseline', `${name}-${at}`)
  }
  const [baseline, candidate] = [found.get('baseline'), found.get('candidate')]
  if (baseline === undefined || candidate === undefined) throw new Error('one of them served nobody')
  return { baseline, candidate }
}

test('unless the contract says so, the headers of both policies are the same and name neither', async () => {
  const { baseline, candidate } = await ofBoth('untold')
  for (const [path, body] of WAYS) {
    const [one, other] = [await wire(baseline, path, body), await wire(candidate, path, body)]
    expect(one.text).toContain('baseline')
    expect(other.text).toContain('candidate')
    expect(other.names).toEqual(one.names)
    for (const { said } of [one, other]) expect(said).not.toMatch(/policy|stage|v1|v3|sample-2/i)
  }
  const signed = await world.server.request(`/api/projects/${project.slug}/contracts/one?agent=desk`, {
    token: world.adminKey,
  })
  // As contracts were before it could be said: their hashes stay what they are.
  expect(((await signed.json()) as { contract: object }).contract).not.toHaveProperty('tells')
})

test('switched on, every answer names the policy that served and the stage, whole or streamed', async () => {
  const { baseline, candidate } = await ofBoth('told')
  await tells('policy', 'stage')
  for (const [path, body] of WAYS) {
    expect(await wire(baseline, path, body)).toMatchObject({ policy: 'v1', stage: 'sample-2' })
    expect(await wire(candidate, path, body)).toMatchObject({
      // What a header cannot hold is percent-encoded.
      policy: 'v3 %E2%80%93 %C3%BC 100%25',
      stage: 'sample-2',
    })
  }
})

test('each of the two is said alone, and follows the next contract at once, also one that a release issues', async () => {
  const { candidate } = await ofBoth('alone')
  await tells('stage')
  const [path, body] = WAYS[0]
  expect(await wire(candidate, path, body)).toMatchObject({ policy: undefined, stage: 'sample-2' })
  await tells('policy')
  expect(await wire(candidate, path, body)).toMatchObject({ policy: /^v3/, stage: undefined })
  await move('promote', 'sample-2')
  expect(await wire(candidate, path, body)).toMatchObject({ policy: /^v3/, stage: undefined })
  await tells()
  expect((await wire(candidate, path, body)).said).not.toMatch(/policy|stage/)
})

test('where the baseline answers in the candidate’s place, a whole answer names it, and a stream who began', async () => {
  const { candidate } = await ofBoth('replaced')
  const { candidate: another } = await ofBoth('replaced-in-a-stream')
  await tells('policy', 'stage')
  candidateUpstream.otherwise(() => ({ text: 'Let me see. ', calls: [{ tool: 'wire', arguments: {} }] }))
  const whole = await wire(candidate, ...WAYS[0])
  expect(whole.text).not.toContain('Let me see.')
  expect(whole).toMatchObject({ text: /From the baseline/, policy: 'v1', stage: 'sample-2' })
  const streamed = await wire(another, ...WAYS[1])
  expect(streamed.text).toMatch(/see\. .*baseline/s)
  expect(streamed).toMatchObject({ policy: /^v3/, stage: 'sample-2' })
  // From the next turn on it is the baseline that begins.
  expect(await wire(another, ...WAYS[1])).toMatchObject({ policy: 'v1' })
})

test('once the release is over there is no stage to tell', async () => {
  await tells('policy', 'stage')
  await move('rollback', 'shadow')
  const signed = await world.server.request(`/api/projects/${project.slug}/contracts/one?agent=desk`, {
    token: world.adminKey,
  })
  const { contract } = (await signed.json()) as { contract: AutonomyContract }
  expect(contract).toMatchObject({ candidate: null, tells: ['policy', 'stage'] })
  expect(await wire('over', ...WAYS[0])).toMatchObject({ policy: 'v1', stage: undefined })
})
