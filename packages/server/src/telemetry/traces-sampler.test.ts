/** Which turns are sent as traces under each sampler, by receivers over HTTP; what is measured is the same under all. */
import pino from 'pino'
import { v7 } from 'uuid'
import { afterAll, expect, test } from 'vitest'
import { TRACES_SAMPLERS } from '../settings/setting-table.ts'
import { testDatabase } from '../testing/database.ts'
import { otlpReceiver } from '../testing/otlp-receiver.ts'
import { SAMPLE_TURN } from '../testing/sample-turn.ts'
import { testGateway } from '../testing/test-gateway.ts'
import { startTelemetry } from './start-telemetry.ts'
import { tracesSampler } from './traces-sampler.ts'

const SHARE = 0.25
const log = pino({ level: 'silent' })
const all = await Promise.all(
  TRACES_SAMPLERS.map(async (name) => {
    const receiver = await otlpReceiver()
    const sampler = tracesSampler(name, SHARE)
    const options = { endpoint: receiver.url, headers: {}, instanceId: name, sampler }
    return { name, receiver, telemetry: startTelemetry(log, options) }
  }),
)
const database = await testDatabase({ connectionsMax: 12 })
const world = await testGateway(database.db, {
  onShipped: (turns) => {
    for (const { telemetry } of all) telemetry.turns(turns)
  },
})
afterAll(async () => {
  for (const { telemetry } of all) await telemetry.stop()
  await world.close()
  await database.close()
  for (const { receiver } of all) await receiver.close()
})
const flush = () => Promise.all(all.map(({ telemetry }) => telemetry.flush()))
const of = (name: (typeof TRACES_SAMPLERS)[number]) => {
  const found = all.find((one) => one.name === name)
  if (found === undefined) throw new Error(name)
  return found
}

const ABOVE = '00f067aa0ba902b7'
/** Of the trace ids that a share of a quarter takes, and of those that it leaves. */
const [TAKEN, LEFT] = [`${'0'.repeat(31)}1`, `${'0'.repeat(24)}f${'0'.repeat(7)}`]

test('a client’s flag is obeyed where the sampler asks the parent, and nowhere else', async () => {
  const turns = [
    { name: 'wanted', traceparent: `00-${LEFT}-${ABOVE}-01` },
    { name: 'unwanted', traceparent: `00-${TAKEN}-${ABOVE}-00` },
  ]
  const sent: Record<string, string[]> = {}
  for (const { name, traceparent } of turns) {
    const before = new Map(all.map((one) => [one.name, one.receiver.spans.length]))
    world.upstream.script({ calls: [{ tool: 'refund', arguments: { amount: 4 } }] })
    await (await world.chat({}, { traceparent })).text()
    await world.gateway.flush()
    await flush()
    sent[name] = all.flatMap((one) => {
      const spans = one.receiver.spans.slice(before.get(one.name))
      // A turn goes with its decisions or not at all.
      expect([0, 2]).toContain(spans.length)
      return spans.length === 0 ? [] : [one.name]
    })
  }
  expect(sent).toEqual({
    wanted: ['always_on', 'parentbased_always_on', 'parentbased_always_off', 'parentbased_traceidratio'],
    unwanted: ['always_on', 'traceidratio'],
  })
})

test('without a parent a share is a share of turns, the same ones in each process; metrics count all', async () => {
  const start = Date.parse('2026-01-15T09:00:00.000Z')
  const before = new Map(all.map((one) => [one.name, one.receiver.spans.length]))
  const turns = Array.from({ length: 400 }, (_, at) => ({
    // As turns get theirs; of one moment all but the random part is the same.
    id: v7({
      msecs: start,
      random: Uint8Array.from({ length: 16 }, (_, byte) => (at * 37 + byte * 101 + at * byte) % 256),
    }),
    ...SAMPLE_TURN,
  }))
  for (const { telemetry } of all) telemetry.turns(turns)
  await flush()
  const sent = (name: (typeof TRACES_SAMPLERS)[number]) =>
    of(name)
      .receiver.spans.slice(before.get(name))
      .map(({ attributes }) => attributes['leeway.turn.id'])
  expect(sent('always_on')).toHaveLength(400)
  expect(sent('parentbased_always_on')).toHaveLength(400)
  expect(sent('always_off')).toEqual([])
  expect(sent('parentbased_always_off')).toEqual([])
  const share = sent('traceidratio').length / 400
  expect(share).toBeGreaterThan(SHARE - 0.1)
  expect(share).toBeLessThan(SHARE + 0.1)
  expect(sent('parentbased_traceidratio')).toEqual(sent('traceidratio'))
  for (const { receiver } of all) {
    const points = receiver.points.filter(({ metric }) => metric === 'gen_ai.client.operation.duration')
    expect(points.reduce((most, { count }) => Math.max(most, count), 0)).toBeGreaterThanOrEqual(400)
  }
})
