import { and, eq, like } from 'drizzle-orm'
import { afterAll, expect, test } from 'vitest'
import { storedEpisodes } from '../episodes/stored-episode.ts'
import { episodes } from '../episodes/tables.ts'
import { testDatabase } from '../testing/database.ts'
import { testGateway } from '../testing/test-gateway.ts'
import { assembleEpisodes, type FailedConversations, QUIET_MS } from './assemble-episodes.ts'
import { gatewayTexts } from './tables.ts'

const database = await testDatabase({ connectionsMax: 12 })
const world = await testGateway(database.db)
const { effects, project } = world.server
afterAll(async () => {
  await world.close()
  await database.close()
})

const say = async (messages: readonly unknown[], conversation: string) =>
  (await (await world.chat({ messages }, { 'x-leeway-conversation-id': conversation })).json()) as {
    choices: { message: Record<string, unknown> }[]
  }
const episodeOf = async (conversation: string) => {
  const rows = await database.db
    .select({ id: episodes.id, unitKey: episodes.unitKey, policyId: episodes.policyId })
    .from(episodes)
    .where(and(eq(episodes.projectId, project.id), like(episodes.sourceId, `gateway:%:${conversation}`)))
  const [row] = rows
  if (row === undefined) return null
  const [stored] = await storedEpisodes(database.db, project.id, [row.id])
  return { ...row, steps: stored?.episode.steps.map(({ kind, name, content }) => [kind, name, content]) }
}
const textsLeft = () => database.db.select().from(gatewayTexts)

test('a quiet conversation becomes one episode, with what was refused in it as it was proposed', async () => {
  const { upstream } = world
  const user = { role: 'user', content: 'Refund my order.' }
  upstream.script(
    { text: 'I will try. ', calls: [{ tool: 'refund', arguments: { amount: 500 } }] },
    { calls: [{ tool: 'refund', arguments: { amount: 50 } }] },
    { text: 'Done.' },
  )
  const first = await say([user], 'quiet')
  const message = first.choices[0]?.message
  await say([user, message, { role: 'tool', tool_call_id: 'call_0', content: 'ok' }], 'quiet')
  await world.gateway.flush()
  expect(await assembleEpisodes(effects)).toBe(0)
  effects.advance(11 * 60_000)
  expect(await assembleEpisodes(effects)).toBe(1)
  expect(await episodeOf('quiet')).toMatchObject({
    unitKey: 'session:quiet',
    steps: [
      ['user', null, 'Refund my order.'],
      ['assistant', null, 'I will try. '],
      ['tool_call', 'refund', { amount: 500 }],
      ['tool_result', 'refund', expect.stringContaining('Not allowed.')],
      ['tool_call', 'refund', { amount: 50 }],
      ['tool_result', 'refund', 'ok'],
      ['assistant', null, 'Done.'],
    ],
  })
  expect(await textsLeft()).toHaveLength(0)
  expect(await assembleEpisodes(effects)).toBe(0)
})

test('text that a database’s JSON cannot hold is kept all the same', async () => {
  world.upstream.script(
    { text: 'nul \u0000 and half \ud800', calls: [{ tool: 'odd\u0000', arguments: '\u0000' }] },
    { text: 'bye' },
  )
  await say([{ role: 'user', content: 'x' }], 'odd')
  await world.gateway.flush()
  effects.advance(11 * 60_000)
  await assembleEpisodes(effects)
  expect((await episodeOf('odd'))?.steps).toHaveLength(5)
  expect(await textsLeft()).toHaveLength(0)
})

test('a conversation that goes on after it was taken for ended is another part', async () => {
  for (let at = 0; at < 2; at++) {
    await say([{ role: 'user', content: `part ${at}` }], 'goes on')
    await world.gateway.flush()
    effects.advance(11 * 60_000)
    await assembleEpisodes(effects)
  }
  expect((await episodeOf('goes\\%20on'))?.steps).toHaveLength(2)
  expect((await episodeOf('goes\\%20on#2'))?.steps).toHaveLength(2)
})

test('conversations that become no episode hold up nobody, and are left alone for longer each time', async () => {
  const { rows } = await database.db.$client.query<{ id: string }>(
    `select agent_id as id from gateway_turns where project_id = $1 limit 1`,
    [project.id],
  )
  // Older than all others, and as many as are taken at once.
  await database.db.$client.query(
    `with broken as (
       insert into gateway_turns (project_id, id, agent_id, policy_id, role, conversation, unit_key, contract_version, outcome,
         decisions, started_at, ended_at, shipped_at)
       select $1, ('00000000-0000-7000-8000-' || lpad(at::text, 12, '0'))::uuid, $2, gen_random_uuid(), 'baseline', 'broken ' || at, 'session:broken', 1, 'release',
         '[]', 'epoch', 'epoch', 'epoch' from generate_series(1, 200) at
       returning id)
     insert into gateway_texts (project_id, turn_id, body) select $1, id, 'no JSON' from broken`,
    [project.id, rows[0]?.id],
  )
  world.upstream.script({ text: 'Here I am.' })
  await say([{ role: 'user', content: 'x' }], 'behind them')
  await world.gateway.flush()
  effects.advance(11 * 60_000)
  const failed: FailedConversations = new Map()
  const times = () => [...new Set([...failed.values()].map((one) => one.times))]
  expect(await assembleEpisodes(effects, QUIET_MS, failed)).toBe(0)
  expect(await assembleEpisodes(effects, QUIET_MS, failed)).toBe(1)
  expect(await episodeOf('behind\\%20them')).not.toBeNull()
  expect([failed.size, times()]).toEqual([200, [1]])
  effects.advance(60_001)
  await assembleEpisodes(effects, QUIET_MS, failed)
  expect(times()).toEqual([2])
  effects.advance(60_001)
  await assembleEpisodes(effects, QUIET_MS, failed)
  expect(times()).toEqual([2])
})
